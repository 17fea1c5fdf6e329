"""The mutations of `make fuzz`: each takes a table of cells and gives the bytes of a file with one thing wrong with it.

`HARMLESS` are those that change nothing about what a file says: they must be accepted, with the same rows.
"""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from schemas.reading.encoding import encoding_of

NUMBER = "0123456789"


@dataclass(frozen=True)
class Table:
    """A delimited file as cells; `quoted` where the publisher quotes every field."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    encoding: str
    quoted: bool = False
    line_end: str = "\r\n"

    @classmethod
    def read(cls, content: bytes, delimiters: str) -> "Table":
        """The cells of a published file."""
        encoding = encoding_of(content)
        text = content.decode(encoding, errors="replace")
        delimiter = max(delimiters, key=text.split("\n", 1)[0].count)
        rows = [
            tuple(row)
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            if any(map(str.strip, row))
        ]
        return cls(rows[0], tuple(rows[1:]), delimiter, encoding, text.lstrip("\ufeff").startswith('"'))

    def shortened(self, lines: int) -> "Table":
        """The first, middle and last lines."""
        third, middle = lines // 3, len(self.rows) // 2
        if len(self.rows) <= lines:
            return self
        return replace(self, rows=self.rows[:third] + self.rows[middle : middle + third] + self.rows[-third:])

    def text(self) -> str:
        """The file as text."""
        out = io.StringIO()
        writer = csv.writer(
            out,
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
        )
        writer.writerow(self.header)
        writer.writerows(self.rows)
        return out.getvalue()

    def bytes(self) -> bytes:
        """The file as published."""
        return self.text().encode(self.encoding, errors="replace")

    def number_columns(self) -> list[int]:
        """Columns in which nearly all cells hold a number."""

        def share(place: int) -> float:
            cells = [row[place] for row in self.rows if place < len(row)]
            return sum(is_number(cell) for cell in cells) / max(len(cells), 1)

        return [place for place in range(len(self.header)) if share(place) > 0.9 and not is_key(self.header[place])]

    def text_columns(self) -> list[int]:
        """Columns of words."""
        numbers = set(self.number_columns())
        return [place for place in range(len(self.header)) if place not in numbers and not is_key(self.header[place])]

    def with_rows(self, rows: list[tuple[str, ...]]) -> "Table":
        """The same file with other rows."""
        return replace(self, rows=tuple(rows))


def is_number(cell: str) -> bool:
    """Digits, with the marks that stand in numbers."""
    stripped = cell.strip().strip("%<").replace(".", "").replace(",", "").lstrip("-")
    return stripped.isdigit()


def is_key(title: str) -> bool:
    """Does a column of this title name something (a school, a municipality, a code)?"""
    words = ("BRIN", "CODE", "NUMMER", "VESTIGING", "JAAR", "POSTCODE", "TELEFOON", "GEZAG", "DT_", "NR_")
    return any(word in title.upper() for word in words)


def edit(
    table: Table, chance: random.Random, change: Callable[[list[str], random.Random], None], lines: int = 3
) -> bytes:
    """Change some rows in place."""
    rows = [list(row) for row in table.rows]
    for row in chance.sample(rows, min(lines, len(rows))):
        change(row, chance)
    return table.with_rows([tuple(row) for row in rows]).bytes()


def set_number(text: str) -> Callable[[Table, random.Random], bytes]:
    """Put `text` into a number cell of some rows."""

    def mutate(table: Table, chance: random.Random) -> bytes:
        columns = table.number_columns()
        return (
            edit(table, chance, lambda row, one: row.__setitem__(one.choice(columns), text))
            if columns
            else table.bytes()
        )

    return mutate


def blank_small(table: Table, chance: random.Random) -> bytes:
    """Every count of 1 to 4, or its mask, left blank: another way of suppressing."""
    columns = set(table.number_columns())
    small = {"1", "2", "3", "4", "<5"}
    rows = [
        tuple("" if place in columns and cell in small else cell for place, cell in enumerate(row))
        for row in table.rows
    ]
    return table.with_rows(rows).bytes()


def total_line(table: Table, chance: random.Random) -> bytes:
    """A line at the end with the sums of all columns, named Totaal or without any key."""
    numbers = set(table.number_columns())
    cells = []
    for place in range(len(table.header)):
        values = [row[place].replace(".", "") for row in table.rows]
        cells.append(str(sum(int(value) for value in values if value.isdigit())) if place in numbers else "")
    if chance.random() < 0.6:
        cells[0] = chance.choice(("Totaal", "TOTAAL", "Eindtotaal", "Totaal Nederland"))
    return table.with_rows([*table.rows, tuple(cells)]).bytes()


def swallowed_by_quotes(table: Table, chance: random.Random) -> bytes:
    """An opening quote in one name and a closing one some lines later: the joined record has the right width."""
    columns = table.text_columns()
    if not columns or len(table.rows) < 30:
        return table.bytes()
    place = chance.choice(columns)
    first = chance.randrange(len(table.rows) - 20)
    last = first + chance.randrange(2, 18)
    lines = replace(table, quoted=False).text().split(table.line_end)
    one, other = lines[first + 1].split(table.delimiter), lines[last + 1].split(table.delimiter)
    if len(one) != len(table.header) or len(other) != len(table.header):
        return table.bytes()
    one[place], other[place] = '"' + one[place], other[place] + '"'
    lines[first + 1], lines[last + 1] = table.delimiter.join(one), table.delimiter.join(other)
    return table.line_end.join(lines).encode(table.encoding, errors="replace")


def cut_at_line_end(table: Table, chance: random.Random) -> bytes:
    """The last tenth to fifth of the lines is missing, cut cleanly."""
    keep = int(len(table.rows) * chance.uniform(0.8, 0.9))
    return table.with_rows(list(table.rows[:keep])).bytes()


def doubled_column(table: Table, chance: random.Random) -> bytes:
    """A number column stands twice, the second time with other figures."""
    columns = table.number_columns()
    if not columns:
        return table.bytes()
    place = chance.choice(columns)
    rows = [(*row, str(int(row[place]) + 7) if row[place].isdigit() else row[place]) for row in table.rows]
    return replace(table, header=(*table.header, table.header[place]), rows=tuple(rows)).bytes()


def shifted_cells(row: list[str], chance: random.Random) -> None:
    """The cells of a row from some column on move one to the left; the last is blank."""
    start = chance.randrange(2, len(row) - 2)
    row[start:] = [*row[start + 1 :], ""]


def shifted_data(table: Table, chance: random.Random) -> bytes:
    """All data moves one column against the header, from a number column on."""
    columns = table.number_columns()
    if not columns:
        return table.bytes()
    start = chance.choice(columns)
    rows = [(*row[:start], *row[start + 1 :], row[start]) for row in table.rows]
    return table.with_rows(rows).bytes()


def copied_column(table: Table, chance: random.Random) -> bytes:
    """A number column holds the figures of its neighbour."""
    columns = table.number_columns()
    pairs = [(one, other) for one, other in pairwise(columns) if other == one + 1]
    if not pairs:
        return table.bytes()
    one, other = chance.choice(pairs)
    return table.with_rows([(*row[:other], row[one], *row[other + 1 :]) for row in table.rows]).bytes()


def another_school(table: Table, chance: random.Random) -> bytes:
    """The school number of some rows is another school's; the site stays."""
    place = next(
        (at for at, title in enumerate(table.header) if "BRIN" in title.upper() or "INSTELLINGSCODE" in title.upper()),
        None,
    )
    if place is None:
        return table.bytes()
    schools = sorted({row[place] for row in table.rows})
    return edit(
        table,
        chance,
        lambda row, one: row.__setitem__(
            place, one.choice([school for school in schools if school != row[place]] or schools)
        ),
    )


def full_width(row: list[str], chance: random.Random) -> None:
    """Digits of a cell as full-width characters."""
    filled = [place for place, cell in enumerate(row) if any(digit in NUMBER for digit in cell)]
    if filled:
        place = chance.choice(filled)
        row[place] = "".join(chr(0xFF10 + int(digit)) if digit in NUMBER else digit for digit in row[place])


def as_utf8(mutate: Callable[[Table, random.Random], bytes]) -> Callable[[Table, random.Random], bytes]:
    """The same in UTF-8, which has every character."""
    return lambda table, chance: mutate(replace(table, encoding="utf-8"), chance)


def repeated_line(change: Callable[[str], str]) -> Callable[[Table, random.Random], bytes]:
    """One line stands twice, the second time changed."""
    return lambda table, chance: table.with_rows(
        [*table.rows, tuple(change(cell) for cell in chance.choice(table.rows))]
    ).bytes()


def before_header(*lines: str) -> Callable[[Table, random.Random], bytes]:
    """Lines above the header."""
    return lambda table, chance: (table.line_end.join(lines) + table.line_end + table.text()).encode(
        table.encoding, errors="replace"
    )


def no_header(table: Table, chance: random.Random) -> bytes:
    """The data without its header."""
    return table.text().split(table.line_end, 1)[1].encode(table.encoding, errors="replace")


def footnote(table: Table, chance: random.Random) -> bytes:
    """A note under the data, without a line end."""
    return (table.text() + "Bron: verzonnen voetnoot").encode(table.encoding, errors="replace")


def cut_anywhere(table: Table, chance: random.Random) -> bytes:
    """The file breaks off."""
    content = table.bytes()
    return content[: chance.randrange(len(content) // 2, len(content))]


def flipped_bytes(table: Table, chance: random.Random) -> bytes:
    """Some bytes are NUL or undefined."""
    content = bytearray(table.bytes())
    for _ in range(3):
        content[chance.randrange(len(content))] = chance.choice((0, 0x81, 0xFF))
    return bytes(content)


def no_first_quote(table: Table, chance: random.Random) -> bytes:
    """A fully quoted file without its first quote."""
    return replace(table, quoted=True).bytes()[1:]


def other_columns(table: Table, chance: random.Random) -> bytes:
    """The columns in another order."""
    order = list(range(len(table.header)))
    chance.shuffle(order)
    return replace(
        table,
        header=tuple(table.header[at] for at in order),
        rows=tuple(tuple(row[at] for at in order) for row in table.rows),
    ).bytes()


MUTATIONS: dict[str, Callable[[Table, random.Random], bytes]] = {
    "a count is blank": set_number(""),
    "a count is a dash": set_number("-"),
    "a count is an unknown mark": set_number("n.b."),
    "small counts are blank": blank_small,
    "a total among the rows": total_line,
    "lines swallowed by quotes": swallowed_by_quotes,
    "cut at a line end": cut_at_line_end,
    "a sentinel": set_number("-999999999"),
    "a large sentinel": set_number("999999999"),
    "twenty digits": set_number("99999999999999999999"),
    "a spreadsheet error": set_number("#N/A"),
    "a negative number": set_number("-3"),
    "a thousands dot": set_number("21.125"),
    "a column twice": doubled_column,
    "cells shifted in some lines": lambda table, chance: edit(table, chance, shifted_cells, 9),
    "data shifted against the header": shifted_data,
    "a column holds its neighbour": copied_column,
    "another school's number": another_school,
    "full-width digits": as_utf8(lambda table, chance: edit(table, chance, full_width)),
    "a line twice in lower case": repeated_line(str.lower),
    "a line twice": repeated_line(str),
    "no header": no_header,
    "a footnote": footnote,
    "cut anywhere": cut_anywhere,
    "flipped bytes": flipped_bytes,
    "no first quote": no_first_quote,
    "a web page": lambda table, chance: b"<!doctype html><html><body>Onderhoud</body></html>",
    "same bytes": lambda table, chance: table.bytes(),
    "LF line ends": lambda table, chance: replace(table, line_end="\n").bytes(),
    "every field quoted": lambda table, chance: replace(table, quoted=True).bytes(),
    "byte order mark": lambda table, chance: replace(table, encoding="utf-8").bytes().join((b"\xef\xbb\xbf", b"")),
    "columns in another order": other_columns,
    "blank lines at the end": lambda table, chance: table.bytes() + b"\r\n\r\n",
    "lines above the header": before_header("Open onderwijsdata", ""),
    "sep= above the header": lambda table, chance: before_header(f"sep={table.delimiter}")(table, chance),
}
HARMLESS = {"same bytes", "LF line ends", "every field quoted", "columns in another order", "blank lines at the end"}
