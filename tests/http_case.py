"""The file that the tests of the HTTP client fetch, and what a refusal must look like."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from flows.http.client import HttpClient
from flows.http.download import download
from flows.http.errors import SourceError

PATH = "/duo.nl/open_onderwijsdata/images/01-proef,-(synthetisch)-2019.csv"
URL = "https:/" + PATH
BODY = b"BRIN NUMMER;AANTAL\r\n" + b"".join(b"90AA;%d\r\n" % number for number in range(20_000))
SHA = hashlib.sha256(BODY).hexdigest()
LATER = "try again later; the last good data stays in use."


def refused(
    client: HttpClient, folder: Path, error: type[SourceError], message: str | None = None, **how
) -> SourceError:
    """Download must fail with this error and message, and leave the folder as it was."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(error) as caught:
        download(client, URL, folder / "new" / "file.csv", **how)
    assert sorted(path for path in folder.rglob("*") if path.name != "new") == before
    if message is not None:
        assert str(caught.value) == f"{URL}: {message}", str(caught.value)
    return caught.value
