"""From the bytes of a file to a `TextTable`, by the reader that the name and the first bytes call for."""

from schemas.dataset import Dialect
from schemas.errors import FileRefused
from schemas.reading.csv_reader import read_csv
from schemas.reading.encoding import decode, lost_letters
from schemas.reading.header import Recognise
from schemas.reading.text_table import AGAIN, TextTable
from schemas.reading.workbook import read_sheet

HTML_STARTS = ("<!doctype html", "<html", "<head", "<?xml", "<error")
NOT_TEXT = {
    b"PK\x03\x04": "a zip or office file",
    b"\xd0\xcf\x11\xe0": "an old office file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
}
WORKBOOKS = (".xlsx", ".xls", ".ods", ".xlsb")


def read_table(
    name: str,
    content: bytes,
    dialect: Dialect,
    recognise: Recognise | None = None,
    *,
    letters_lost: bool = False,
) -> TextTable:
    """Read `content` as the name and the dialect say. Raises FileRefused where it is something else, or cut off.

    With `recognise` a header is found below other text too, and a sheet by its header. `letters_lost=True` accepts a
    file in which the publisher itself lost letters.
    """
    if not content.strip():
        raise FileRefused(name, "whole file", "data", "an empty file", AGAIN)
    refuse_html(name, content)
    if name.lower().endswith(WORKBOOKS):
        return read_sheet(name, content, dialect.sheets, recognise)
    for start, kind in NOT_TEXT.items():
        if content.startswith(start):
            raise FileRefused(name, "first bytes", "a text file", kind, AGAIN)
    text, encoding = decode(name, content, dialect.encodings, letters_lost=letters_lost)
    table = read_csv(name, text, encoding, dialect, recognise)
    table.notes += lost_letters(text)
    return table


def refuse_html(name: str, content: bytes) -> None:
    """A publisher's error page or portal shell comes with status 200 and a file name ending in csv."""
    head = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").decode("latin-1").lower()
    if head.startswith(HTML_STARTS):
        found = f"a web page starting with {head.split('>')[0][:40]!r}"
        raise FileRefused(name, "first bytes", "a data file", found, AGAIN)
    if head.startswith(('{"', "[{")):
        raise FileRefused(name, "first bytes", "a data file", "a JSON answer", AGAIN)
