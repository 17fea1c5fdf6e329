"""From the bytes of a file to a `TextTable`, by the reader that the name and the first bytes call for."""

from schemas.dataset import Dialect
from schemas.errors import FileRefused
from schemas.reading.content import Content, line_blocks
from schemas.reading.csv_reader import read_csv
from schemas.reading.encoding import decode, lost_letters
from schemas.reading.header import Recognise
from schemas.reading.sniff import HEAD, Kind, sniff_bytes
from schemas.reading.text_table import AGAIN, TextTable
from schemas.reading.workbook import read_sheet

NOT_TEXT = {
    Kind.ZIP: "a zip or office file",
    Kind.ODS: "a zip or office file",
    Kind.XLS: "an old office file",
    Kind.GZIP: "a gzip file",
    Kind.PDF: "a PDF",
}
WORKBOOKS = (".xlsx", ".xls", ".ods", ".xlsb")


def read_table(
    name: str,
    content: Content,
    dialect: Dialect,
    recognise: Recognise | None = None,
    *,
    letters_lost: bool = False,
) -> TextTable:
    """Read `content` as the name and the dialect say. Raises FileRefused where it is something else, or cut off.

    With `recognise` a header is found below other text too, and a sheet by its header. `letters_lost=True` accepts a
    file in which the publisher itself lost letters.
    """
    if not any(block.strip() for block in line_blocks(content)):
        raise FileRefused(name, "whole file", "data", "an empty file", AGAIN)
    kind = sniff_bytes(content[:HEAD])
    refuse_answer(name, kind, content)
    if name.lower().endswith(WORKBOOKS):
        return read_sheet(name, content[:], dialect.sheets, recognise)
    if kind in NOT_TEXT:
        raise FileRefused(name, "first bytes", "a text file", NOT_TEXT[kind], AGAIN)
    text, encoding = decode(name, content, dialect.encodings, letters_lost=letters_lost)
    table = read_csv(name, text, encoding, dialect, recognise)
    table.notes += lost_letters(text)
    return table


def refuse_answer(name: str, kind: Kind, content: Content) -> None:
    """A publisher's error page or an interface's answer comes with status 200 and a file name ending in csv."""
    if kind in (Kind.HTML, Kind.XML):
        head = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").decode("latin-1").lower()
        found = f"a web page starting with {head.split('>')[0][:40]!r}"
        raise FileRefused(name, "first bytes", "a data file", found, AGAIN)
    if kind is Kind.JSON:
        raise FileRefused(name, "first bytes", "a data file", "a JSON answer", AGAIN)
