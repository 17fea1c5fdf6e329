"""URLs of the store that releases are published to, as the setting SECTORAKKOORD_WAREHOUSE names it."""

import re

FILE_SCHEME = "duckdb:///"
LAKE_SCHEME = "ducklake:"


PASSWORD = re.compile(
    r"""(\bpassword\s*=\s*)(''.*?''(?!')|'(?:''|\\.|[^'\\])*'|"[^"]*"|[^\s"]+)|(://[^:/@\s]*:)\S*(?=@)""", re.IGNORECASE
)
"""A password as a keyword of libpq (bare, quoted, or quoted within a quoted text), or in a URL: up to the last @, for it may hold one."""


def without_password(text: str) -> str:
    """A text without the passwords of addresses in it, fit for a log. Rather too much is left out than too little."""
    return PASSWORD.sub(lambda found: f"{found[1] or found[3]}...", text)
