"""From the text of a table to typed rows: every distinct text of a column is parsed once."""

import numpy as np
import pandas as pd

from schemas.dataset import Dataset
from schemas.reading.cells import HIDDEN_WITHOUT_BOUND, ParsedTexts, parse_texts, site_key
from schemas.reading.header import Layout
from schemas.reading.rows import Column, TypedRows
from schemas.reading.text_table import TextColumn, TextTable, narrow

NOT_BLANK = "is filled: in this column zero is printed as 0, and a blank has no known meaning"
FAILURE = {"line": "int64", "column": "str", "check": "str", "raw_value": "str"}


def failures_of(lines: np.ndarray, column: str, checks: list[str] | str, raw_values: list[str]) -> pd.DataFrame:
    """A failure per line."""
    found = {"line": lines, "column": column, "check": checks, "raw_value": raw_values}
    return pd.DataFrame(found, index=range(len(lines))).astype(FAILURE)


def no_failures() -> pd.DataFrame:
    """An empty table of failures."""
    return failures_of(np.zeros(0), "", [], [])


def type_rows(dataset: type[Dataset], table: TextTable, layout: Layout) -> tuple[TypedRows, pd.DataFrame]:
    """The declared columns, typed, under their canonical names, with a row per line and wide block; and the cells that could
    not be parsed. A column that the file does not have is missing throughout.
    """
    variants = list(layout.blocks)
    lines = stacked(table.lines, len(variants))
    columns: dict[str, Column] = {}
    failures, masks = [no_failures()], Masks(len(lines))
    for name, spec in dataset.fields().items():
        text, absent = text_of(name, table, layout)
        parsed = parse_texts(text.texts, spec["kind"], dataset.masks, dataset.dialect.thousands_dot)
        columns[name] = Column(text.codes, parsed.values)
        if not spec["witness"]:
            masks.add(name, text, parsed.hidden)
        failures += faulty_cells(name, text, parsed, lines)
        if spec["blank"] == "fault":
            failures += blank_cells(name, text, parsed, lines, absent)
    if "vestiging_id" in columns and "brin" in columns:
        columns["vestiging_id"] = site_keys(columns["brin"], columns["vestiging_id"])
    columns["masked"] = masks.column()
    if variants:
        numbers = np.repeat(narrow(np.arange(len(variants)), len(variants)), len(table.lines))
        columns[dataset.wide_column] = Column(numbers, pd.Series(variants, dtype="str"))
    return TypedRows(lines, columns), pd.concat(failures, ignore_index=True)


def stacked(rows: np.ndarray, times: int) -> np.ndarray:
    """The rows once for each of so many wide blocks, and once where there is none."""
    return np.tile(rows, times) if times > 1 else rows


def text_of(name: str, table: TextTable, layout: Layout) -> tuple[TextColumn, np.ndarray]:
    """The text of a declared column, a row per line and wide block, and in which rows the file has no such column."""
    blocks, rows = list(layout.blocks.values()), len(table.lines)
    absent = np.zeros(rows * max(len(blocks), 1), dtype=bool)
    if name in layout.columns:
        text = table.columns[layout.columns[name]]
        return TextColumn(stacked(text.codes, len(blocks)), text.texts).used(), absent
    nothing = TextColumn(np.zeros(rows, dtype=np.uint8), [""])
    if not any(name in block for block in blocks):
        return TextColumn(np.zeros(len(absent), dtype=np.uint8), [""]).used(), ~absent
    parts = [table.columns[block[name]] if name in block else nothing for block in blocks]
    return TextColumn.stacked(parts).used(), np.repeat([name not in block for block in blocks], rows)


def faulty_cells(name: str, text: TextColumn, parsed: ParsedTexts, lines: np.ndarray) -> list[pd.DataFrame]:
    """The cells of a column that could not be parsed."""
    if not parsed.faults:
        return []
    rows = np.flatnonzero(text.where([place in parsed.faults for place in range(len(text.texts))]))
    codes = text.codes[rows].tolist()
    return [
        failures_of(lines[rows], name, [parsed.faults[code] for code in codes], [text.texts[code] for code in codes])
    ]


def blank_cells(
    name: str, text: TextColumn, parsed: ParsedTexts, lines: np.ndarray, absent: np.ndarray
) -> list[pd.DataFrame]:
    """The cells of a column of counts that hold no number, no mask and no fault: a blank or a dash is never zero."""
    blank = parsed.values.isna().to_numpy() & (parsed.hidden == 0)
    blank[list(parsed.faults)] = False
    if not blank.any():
        return []
    rows = np.flatnonzero(text.where(blank) & ~absent)
    return [failures_of(lines[rows], name, NOT_BLANK, [text.texts[code] for code in text.codes[rows].tolist()])]


class Masks:
    """The text of `masked`, grown column by column."""

    def __init__(self, rows: int) -> None:
        self.codes, self.words = np.zeros(rows, dtype=np.int64), [""]

    def add(self, name: str, text: TextColumn, hidden: np.ndarray) -> None:
        """Note in which rows the texts of a column hide something, by the mark per text."""
        if not hidden.any():
            return
        marks = HIDDEN_WITHOUT_BOUND + 1
        joint = self.codes * marks + hidden[text.codes]
        stands = np.bincount(joint, minlength=len(self.words) * marks) > 0
        self.codes = (np.cumsum(stands) - 1)[joint]
        endings = ["", f"{name},", f"{name}*,"]
        self.words = [self.words[one // marks] + endings[one % marks] for one in np.flatnonzero(stands).tolist()]

    def column(self) -> Column:
        """The names of the hidden columns of each row."""
        words = pd.Series([word.rstrip(",") for word in self.words], dtype="str")
        return Column(narrow(self.codes, len(words)), words)


def site_keys(brin: Column, site: Column) -> Column:
    """The key of each row's site, from its school and what the file says of the site."""
    codes, pairs = pd.factorize(brin.codes.astype(np.int64) * max(len(site.values), 1) + site.codes)
    of_brin, of_site = np.divmod(pairs, max(len(site.values), 1))
    keys = site_key(brin.values.take(of_brin).reset_index(drop=True), site.values.take(of_site).reset_index(drop=True))
    return Column(narrow(codes, len(keys)), keys)
