"""Addresses of the place that releases are published to, as the setting SECTORAKKOORD_WAREHOUSE names it."""

import re

FILE_SCHEME = "duckdb:///"
LAKE_SCHEME = "ducklake:"


def without_password(text: str) -> str:
    """A text in which an address may stand, fit for a log."""
    return re.sub(r"(password=|://[^:/@ ]*:)('[^']*'|[^ @)]*)", r"\1...", text)
