"""URLs of the store that releases are published to, as the setting SECTORAKKOORD_WAREHOUSE names it."""

import re

FILE_SCHEME = "duckdb:///"
LAKE_SCHEME = "ducklake:"


def without_password(text: str) -> str:
    """A text without the password of a URL in it, fit for a log."""
    return re.sub(r"(password=|://[^:/@ ]*:)('[^']*'|[^ @)]*)", r"\1...", text)
