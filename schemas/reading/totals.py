"""Lines that add up others. They are found, set aside and used: a printed total is compared with the sum of its lines.

A total is a line with a word for it in a key (`Totaal`) or alone in another text, a line whose identifying keys are all
blank, a line with a blank identifying key that equals the sum of the lines it shares its other keys with (once that is
seen of several lines), and a line that equals the sum of all others whatever its key.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schemas.dataset import Dataset
from schemas.reading.cells import HIDDEN_WITHOUT_BOUND, MASKS, folded, parse_column
from schemas.reading.header import Layout
from schemas.reading.text_table import SetAside, TextTable

TOTAL = re.compile(r"(sub|eind|eind-)?tota(a)?l(en)?\b.*|(generaal|algemeen|landelijk|grand) tota(a)?l|som|sum")
"""In a text of a key (folded)."""
ALONE = re.compile(
    r"((generaal|algemeen|landelijk|grand) )?(sub|eind|eind-)?tota(a)?l(en)?( generaal| nederland)?[ :.]*"
)
"""As all the text of another column."""
NATION = re.compile(r"nederland|landelijk|alle .+|heel nederland")
"""In a key that identifies a school, a board or a samenwerkingsverband."""
IDENTIFYING = ("brin", "vestiging", "swv", "code")
ADDITIVE = re.compile(r"(?!mean_).+_(n|fte|eur)")
"""Canonical names of columns of which the lines add up."""
FEWEST_LINES = 3
"""A line is taken for the sum of all others only where it has so many others."""
HIGHEST_MASK = max(high for _, high in MASKS.values() if high)


@dataclass(frozen=True)
class Numbers:
    """The additive columns of a table, one row per line: `value` (hidden: NaN) and the `most` a cell can be."""

    value: pd.DataFrame
    most: pd.DataFrame


def set_aside_totals(dataset: type[Dataset], table: TextTable, layout: Layout) -> TextTable:
    """The table without its totals, each set aside with what it prints that its lines do not add up to."""
    if not len(table.cells):
        return table
    keys, identifying, is_word = key_cells(dataset, table, layout)
    numbers = numbers_of(dataset, table, layout)
    filled = numbers.value.notna().any(axis=1) if len(numbers.value.columns) else pd.Series(True, index=keys.index)
    blank = keys[identifying] == "" if identifying else pd.DataFrame(index=keys.index)
    no_name = blank.all(axis=1) & filled if identifying else pd.Series(False, index=keys.index)
    certain = is_word | no_name
    candidate = certain | blank.any(axis=1)
    is_total = certain | is_subtotal(keys, numbers, candidate) | is_grand_total(numbers, ~candidate)
    if not is_total.any():
        return table
    sums = Numbers(sums_of_lines(keys, numbers.value, is_total), sums_of_lines(keys, numbers.most, is_total))
    reasons, notes = [], []
    for place in is_total.to_numpy().nonzero()[0]:
        differs = differences(numbers, sums, int(place), table)
        line = table.lines[place]
        reasons += differs or [SetAside(line, "a total, not added to its lines")]
        notes += [f"line {line}, {one.column}: {one.check}; printed {one.raw_value}" for one in differs]
    places = [int(place) for place in is_total.to_numpy().nonzero()[0]]
    return table.without(places, reasons, [f"{len(places)} lines are totals", *notes])


def key_cells(dataset: type[Dataset], table: TextTable, layout: Layout) -> tuple[pd.DataFrame, list[str], pd.Series]:
    """The folded key cells that are read from the file (a word for a total is blank there), the names of those that
    identify, and which rows have such a word."""
    keys, identifying = pd.DataFrame(index=table.cells.index), []
    is_word = pd.Series(False, index=table.cells.index)
    for column, place in layout.columns.items():
        kind = dataset.fields()[column]["kind"].split(":")[0]
        # (A site belongs to the school that stands beside it.)
        is_key = column in dataset.key or (kind == "brin" and "vestiging_id" in dataset.key)
        is_text = kind in {"text", "words", "capitals", *IDENTIFYING}
        if not is_key and not is_text:
            continue
        codes, texts = pd.factorize(table.cells[place])
        spellings = [folded(text) for text in texts]
        pattern = TOTAL if is_key else ALONE
        word = [bool(is_text and pattern.fullmatch(text)) for text in spellings]
        if is_key and kind in IDENTIFYING:
            word = [hit or bool(NATION.fullmatch(text)) for hit, text in zip(word, spellings, strict=True)]
            identifying.append(column)
        is_word |= np.array(word, dtype=bool)[codes]
        if is_key:
            cells = ["" if hit else text for hit, text in zip(word, spellings, strict=True)]
            keys[column] = np.array(cells, dtype=object)[codes]
    return keys, identifying, is_word


def numbers_of(dataset: type[Dataset], table: TextTable, layout: Layout) -> Numbers:
    """The additive columns, those of every wide block included, named by their header's position."""
    blocks = [layout.columns, *layout.blocks.values()]
    value, most = {}, {}
    for column, place in ((column, place) for block in blocks for column, place in block.items()):
        if not ADDITIVE.fullmatch(column) or column in dataset.key:
            continue
        kind, dialect = dataset.fields()[column]["kind"], dataset.dialect
        typed, hidden, _ = parse_column(table.cells[place], kind, dataset.masks, dialect.thousands_dot)
        value[place] = typed.astype("float64")
        most[place] = value[place].fillna(0).where(hidden == 0, HIGHEST_MASK)
        most[place] = most[place].where(hidden != HIDDEN_WITHOUT_BOUND, np.inf)
    return Numbers(pd.DataFrame(value, index=table.cells.index), pd.DataFrame(most, index=table.cells.index))


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
    none = pd.Series(False, index=lines.index)
    if lines.sum() <= FEWEST_LINES or not len(numbers.value.columns):
        return none
    value, most = numbers.value[lines], numbers.most[lines]
    others, at_most = value.sum() - value.fillna(0), most.sum() - most
    equal = value.notna() & (value >= others) & (value <= at_most)
    above = value > value.apply(lambda column: column.nlargest(2).iloc[-1])
    exact = (equal & (others == at_most) & above).sum(axis=1)
    return none | (equal | value.isna()).all(axis=1).where(exact >= 2, False).reindex(lines.index, fill_value=False)


def differences(numbers: Numbers, sums: Numbers, place: int, table: TextTable) -> list[SetAside]:
    """What a total prints that cannot be the sum of its lines: a reason per column."""
    found = []
    for column in numbers.value.columns:
        printed = numbers.value[column].iloc[place]
        low, high = sums.value[column].iloc[place], sums.most[column].iloc[place]
        if np.isnan(printed) or np.isnan(high) or (low if low == low else 0) <= printed <= high:
            continue
        title = " ".join(table.header[int(column)].split())
        added = f"{low:.12g}" if low == high else f"{low:.12g} to {high:.12g}"
        raw = str(table.cells[column].iloc[place]).strip()
        found.append(
            SetAside(table.lines[place], f"a total that differs from the sum of its lines, {added}", title, raw)
        )
    return found
