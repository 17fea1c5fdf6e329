"""Lines that add up others. They are found, set aside and used: a printed total is compared with the sum of its lines.

A total is a line with a word for it in a key (`Totaal`) or alone in another text, a line whose identifying keys are all
blank, a line with a blank identifying key that equals the sum of the lines it shares its other keys with (once that is
seen of several lines), a line that equals the sum of all others whatever its key, and one that equals the sum of its group
(`group_totals`).
"""

import re
from functools import cached_property

import numpy as np
import pandas as pd

from schemas.dataset import Dataset
from schemas.fields import ADDITIVE, MASKS
from schemas.reading.cells import FREE_TEXT, HIDDEN_WITHOUT_BOUND, folded, parse_texts
from schemas.reading.group_totals import group_totals
from schemas.reading.header import Layout
from schemas.reading.text_table import SetAside, TextColumn, TextTable, paired

TOTAL = re.compile(r"(sub|eind|eind-)?tota(a)?l(en)?\b.*|(generaal|algemeen|landelijk|grand) tota(a)?l|som|sum")
"""In a text of a key (folded)."""
ALONE = re.compile(
    r"((generaal|algemeen|landelijk|grand) )?(sub|eind|eind-)?tota(a)?l(en)?( generaal| nederland)?[ :.]*"
)
"""As all the text of another column."""
NATION = re.compile(r"nederland|landelijk|alle .+|heel nederland")
"""In a key that identifies a school, a board or a samenwerkingsverband."""
IDENTIFYING = ("brin", "vestiging", "swv", "code")
FEWEST_LINES = 3
"""A line is taken for the sum of all others only where it has so many others."""
HIGHEST_MASK = max(high for _, high in MASKS.values() if high)


class Numbers:
    """The additive columns of a table (those of every wide block included), parsed when they are asked for.

    `value` (hidden: NaN) and `most` (what a cell can be at most) have a row per line and a column per header position.
    """

    def __init__(self, dataset: type[Dataset], table: TextTable, layout: Layout) -> None:
        self.dataset, self.table = dataset, table
        columns = [item for block in (layout.columns, *layout.blocks.values()) for item in block.items()]
        self.names = {place: name for name, place in columns if ADDITIVE.fullmatch(name) and name not in dataset.key}
        self.parsed: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

    def by_text(self, place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Codes of the column at this position, and value and most per code."""
        if place not in self.parsed:
            self.parsed[place] = self.parse(place)
        return self.parsed[place]

    def parse(self, place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same, worked out."""
        dataset, kind = self.dataset, self.dataset.fields()[self.names[place]]["kind"]
        column = self.table.columns[place].used()
        parsed = parse_texts(column.texts, kind, dataset.masks, dataset.dialect.thousands_dot)
        value, hidden = parsed.values.astype("float64"), parsed.hidden
        most = value.fillna(0).where(hidden == 0, HIGHEST_MASK).where(hidden != HIDDEN_WITHOUT_BOUND, np.inf)
        return column.codes, value.to_numpy(), most.to_numpy()

    def column(self, place: int) -> tuple[pd.Series, pd.Series]:
        """Value and most of the column at this position, per line."""
        codes, value, most = self.by_text(place)
        return pd.Series(value[codes]), pd.Series(most[codes])

    @cached_property
    def value(self) -> pd.DataFrame:
        return pd.DataFrame({place: self.column(place)[0] for place in self.names}, index=range(len(self.table.lines)))

    @cached_property
    def most(self) -> pd.DataFrame:
        return pd.DataFrame({place: self.column(place)[1] for place in self.names}, index=range(len(self.table.lines)))


def set_aside_totals(dataset: type[Dataset], table: TextTable, layout: Layout) -> TextTable:
    """The table without its totals, each set aside with what it prints that its lines do not add up to."""
    if dataset.totals_are_rows or not len(table.lines):
        return table
    columns, identifying, is_word = key_cells(dataset, table, layout)
    numbers = Numbers(dataset, table, layout)
    blank = [columns[name].where([not text for text in columns[name].texts]) for name in identifying]
    certain = pd.Series(is_word | (np.logical_and.reduce(blank) if blank else False))
    candidate = certain | (np.logical_or.reduce(blank) if blank else False)
    is_total = certain | is_grand_total(numbers, ~candidate)
    lines = ~candidate.to_numpy() & ~is_total.to_numpy()
    is_total |= pd.Series(group_totals(grouping_keys(dataset, table, layout), numbers, lines))
    if not candidate.any() and not is_total.any():
        return table
    keys = pd.DataFrame({name: column.cells() for name, column in columns.items()}, index=candidate.index)
    is_total |= is_subtotal(keys, numbers, candidate)
    if not is_total.any():
        return table
    sums = sums_of_lines(keys, numbers.value, is_total), sums_of_lines(keys, numbers.most, is_total)
    reasons, notes = [], []
    for place in is_total.to_numpy().nonzero()[0]:
        differs = differences(numbers, sums, int(place), table)
        line = table.lines[place]
        reasons += differs or [SetAside(line, "a total, not added to its lines")]
        notes += [f"line {line}, {one.column}: {one.check}; printed {one.raw_value}" for one in differs]
    places = [int(place) for place in is_total.to_numpy().nonzero()[0]]
    return table.without(places, reasons, [f"{len(places)} lines are totals", *notes])


def key_cells(
    dataset: type[Dataset], table: TextTable, layout: Layout
) -> tuple[dict[str, TextColumn], list[str], np.ndarray]:
    """The folded key cells that are read from the file (a word for a total is blank there), the names of those that
    identify, and which rows have such a word."""
    keys: dict[str, TextColumn] = {}
    identifying, is_word = [], np.zeros(len(table.lines), dtype=bool)
    for column, place in layout.columns.items():
        kind = dataset.fields()[column]["kind"].split(":")[0]
        # (A site belongs to the school that stands beside it.)
        is_key = column in dataset.key or (kind == "brin" and "vestiging_id" in dataset.key)
        is_text = kind in {*FREE_TEXT, "province", "capitals", *IDENTIFYING}
        if not is_key and not is_text:
            continue
        cells = table.columns[place]
        spellings = [folded(text) for text in cells.texts]
        pattern = TOTAL if is_key else ALONE
        word = [bool(is_text and pattern.fullmatch(text)) for text in spellings]
        if is_key and kind in IDENTIFYING:
            word = [hit or bool(NATION.fullmatch(text)) for hit, text in zip(word, spellings, strict=True)]
            identifying.append(column)
        if any(word):
            is_word |= cells.where(word)
        if is_key:
            keys[column] = TextColumn(
                cells.codes, ["" if hit else text for hit, text in zip(word, spellings, strict=True)]
            )
    return keys, identifying, is_word


def grouping_keys(dataset: type[Dataset], table: TextTable, layout: Layout) -> dict[str, TextColumn]:
    """The keys in their order, with a school and its site as one, and the province: what lines may be added up by."""
    keys = {name: table.columns[layout.columns[name]] for name in (*dataset.key, "province") if name in layout.columns}
    if {"brin", "vestiging_id"} <= set(layout.columns) and "vestiging_id" in keys:
        school, site = table.columns[layout.columns["brin"]], keys["vestiging_id"]
        codes = paired(school.codes, site)
        keys["vestiging_id"] = TextColumn(codes, list(map(str, range(codes.max() + 1))))
    return keys


def sums_of_lines(keys: pd.DataFrame, cells: pd.DataFrame, candidate: pd.Series) -> pd.DataFrame:
    """Per candidate the sum of the lines that are none and share the keys that it has filled."""
    sums = pd.DataFrame(np.nan, index=keys.index, columns=cells.columns)
    lines = cells[~candidate]
    for filled, group in (keys[candidate] != "").groupby(list(keys.columns)) if len(keys.columns) else ():
        shared = [column for column, is_filled in zip(keys.columns, filled, strict=True) if is_filled]
        if shared:
            by_key = lines.groupby([keys.loc[~candidate, column] for column in shared]).sum(min_count=1)
            wanted = keys.loc[group.index, shared]
            found = by_key.reindex(pd.MultiIndex.from_frame(wanted) if len(shared) > 1 else wanted[shared[0]])
            sums.loc[group.index] = found.to_numpy()
        else:
            sums.loc[group.index] = lines.sum().to_numpy()
    return sums


def is_subtotal(keys: pd.DataFrame, numbers: Numbers, candidate: pd.Series) -> pd.Series:
    """Which candidates equal the sum of their lines in every column they have filled, at least two of them above zero.

    None where that is seen of single lines only: two equal lines are no total.
    """
    if not candidate.any():
        return candidate
    value, most = (sums_of_lines(keys, cells, candidate) for cells in (numbers.value, numbers.most))
    lines = sums_of_lines(keys, pd.DataFrame({"lines": 1}, index=keys.index), candidate)["lines"]
    known = numbers.value.notna() & most.notna()
    equal = (numbers.value >= value.fillna(0)) & (numbers.value <= most)
    above = (known & (numbers.value > 0) & (value > 0)).sum(axis=1)
    fits = candidate & (equal | ~known).all(axis=1) & (above >= 2)
    return fits if (fits & (lines > 1)).any() else fits & False


def is_grand_total(numbers: Numbers, lines: pd.Series) -> pd.Series:
    """Which of the `lines` equals the sum of all others in every column.

    In at least two of them exactly, and above each of the others: of two equal lines among zeros none is a total.
    """
    others = lines.to_numpy()
    found = others & (others.sum() > FEWEST_LINES)
    once, twice = np.zeros(len(found), dtype=bool), np.zeros(len(found), dtype=bool)
    for place in numbers.names:
        if not found.any():
            break
        codes, value, most = numbers.by_text(place)
        held = np.bincount(codes if others.all() else codes[others], minlength=len(value))
        stands, filled = held > 0, (held > 0) & ~np.isnan(value)
        least_rest = (held[filled] * value[filled]).sum() - np.nan_to_num(value)
        with np.errstate(invalid="ignore"):  # (no bound less no bound)
            most_rest = (held[stands] * most[stands]).sum() - most
        equal = (value >= least_rest) & (value <= most_rest)
        second = second_largest(np.append(value[filled], 0), np.append(held[filled], np.count_nonzero(~others)))
        exact = equal & (least_rest == most_rest) & (value > second)
        found &= (equal | np.isnan(value))[codes]
        twice |= once & exact[codes]
        once |= exact[codes]
    return pd.Series(found & twice)


def second_largest(numbers: np.ndarray, held: np.ndarray) -> float:
    """Of numbers that each stand so often; NaN where there are fewer than two."""
    order = np.argsort(-numbers)
    reached = np.cumsum(held[order]) >= 2
    return float(numbers[order[reached.argmax()]]) if reached.any() else np.nan


def differences(
    numbers: Numbers, sums: tuple[pd.DataFrame, pd.DataFrame], place: int, table: TextTable
) -> list[SetAside]:
    """What a total prints that cannot be the sum of its lines: a reason per column."""
    found = []
    for column in numbers.value.columns:
        printed = numbers.value[column].iloc[place]
        low, high = (frame[column].iloc[place] for frame in sums)
        if np.isnan(printed) or np.isnan(high) or (low if low == low else 0) <= printed <= high:
            continue
        title = " ".join(table.header[int(column)].split())
        added = f"{low:.12g}" if low == high else f"{low:.12g} to {high:.12g}"
        raw = table.row(place)[int(column)].strip()
        found.append(
            SetAside(table.lines[place], f"a total that differs from the sum of its lines, {added}", title, raw)
        )
    return found
