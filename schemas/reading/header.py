"""Which column of a file is which: the header against the declaration, and the differences in words."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from schemas.dataset import Dataset
from schemas.errors import FileRefused, LayoutDiffers
from schemas.reading.text_table import AGAIN, TextTable

Recognise = Callable[[str], bool]
"""Does a dataset know a header name?"""


@dataclass(frozen=True)
class Layout:
    """Which column of a file is which.

    `columns` maps a canonical name to a position. Wide files also have `blocks`: per variant (a school year) the
    canonical measure names and their positions. `unknown` are headers nobody declared: reported, never lost. `repeated`
    are positions that claim to be the same column.
    """

    columns: dict[str, int]
    blocks: dict[str, dict[str, int]]
    unknown: tuple[str, ...]
    repeated: list[list[int]] = field(default_factory=list)


def normal(header: str) -> str:
    """Header names are compared in capitals, without white space, underscores, quotes and characters nobody sees.

    `BRIN NUMMER`, `BRIN_NUMMER`, `BRINNUMMER` and a name broken over two lines are one name.
    """
    title = unicodedata.normalize("NFKC", header)
    if not title.isascii():
        title = "".join(mark for mark in title if unicodedata.category(mark) != "Cf")
    return re.sub(r'[\s_"]+', "", title).upper()


def recognise_for(dataset: type[Dataset]) -> Recognise:
    """Which header names `dataset` knows: declared, known and not needed, or of its wide pattern."""
    titles = {normal(title) for spec in dataset.fields().values() for title in spec["headers"]}
    titles |= {normal(title) for title in dataset.known_headers}
    wide = re.compile(dataset.wide_pattern or r"(?!)")
    return lambda title: normal(title) in titles or wide.fullmatch(normal(title)) is not None


def is_header(cells: list[str], recognise: Recognise) -> bool:
    """Are at least two names, and a third of the filled cells, known names?"""
    filled = [cell for cell in cells if cell.strip()]
    known = sum(map(recognise, filled))
    return known >= 2 and known * 3 >= len(filled)


def match_table(dataset: type[Dataset], name: str, table: TextTable) -> Layout:
    """Match a table's header to the declaration.

    Raises LayoutDiffers, and FileRefused where no header is found or one column stands twice with different cells.
    """
    if not any(map(recognise_for(dataset), table.header)):
        expected = "a header with names such as " + ", ".join(known_titles(dataset)[:3])
        found = f"a line without any known name, {' | '.join(table.header)[:60]!r}"
        hint = f"the header is missing or the file is of another kind: {AGAIN}"
        raise FileRefused(name, "line 1", expected, found, hint)
    layout = match_header(dataset, name, table.header)
    refuse_unequal(name, table, layout)
    return layout


def known_titles(dataset: type[Dataset]) -> list[str]:
    """The first name of every declared column that is read from the file."""
    return [spec["headers"][0] for spec in dataset.fields().values() if spec["headers"]]


def refuse_unequal(name: str, table: TextTable, layout: Layout) -> None:
    """Raise FileRefused where columns that claim to be the same differ in any cell."""
    for places in layout.repeated:
        for first, second in pairwise(places):
            one, other = table.columns[first].cells().str.strip(), table.columns[second].cells().str.strip()
            if (one == other).all():
                continue
            row = int((one != other).to_numpy().argmax())
            raise FileRefused(
                name,
                f"line {table.lines[row]}",
                f"the same value in both columns {table.header[second]}",
                f"{one[row]!r} in column {first + 1} and {other[row]!r} in column {second + 1}",
                "ask the publisher which column is right; a copy with one of them can be read",
            )


def repeated_titles(header: list[str]) -> list[list[int]]:
    """The positions of each name that stands more than once."""
    places: dict[str, list[int]] = {}
    for place, title in enumerate(header):
        if title:
            places.setdefault(normal(title), []).append(place)
    return [where for where in places.values() if len(where) > 1]


def match_header(dataset: type[Dataset], name: str, header: list[str]) -> Layout:
    """Match a file's header to the declaration. Raises LayoutDiffers, naming what is missing and unknown."""
    positions = {normal(title): place for place, title in reversed(list(enumerate(header)))}
    blocks, used, repeated = wide_blocks(dataset, header)
    in_blocks = {column for block in blocks.values() for column in block}
    columns: dict[str, int] = {}
    missing: list[str] = []
    for column, spec in dataset.fields().items():
        place = next((positions[normal(title)] for title in spec["headers"] if normal(title) in positions), None)
        if place is not None:
            columns[column] = place
            used.add(place)
        elif spec["required"] and spec["headers"]:
            missing.append(spec["headers"][0])
        elif spec["required"]:
            lacking = [variant for variant, block in blocks.items() if column not in block]
            missing += [f"{wide_title(dataset, column)} of {variant}" for variant in lacking]
    if dataset.wide_pattern and not in_blocks:
        missing.append(f"{next(iter(dataset.wide_measures))} per {dataset.wide_column.replace('_', ' ')}")
    known = {normal(title) for title in dataset.known_headers}
    rest = [title for place, title in enumerate(header) if place not in used and title]
    unknown = tuple(" ".join(title.split()) for title in rest if normal(title) not in known)
    missing += [f"{title} with a year as in {dataset.declared_in()}" for title in lost_years(dataset, list(unknown))]
    if missing:
        hint = f"add the new header name to {dataset.declared_in()}"
        raise LayoutDiffers(name, "line 1", missing, list(unknown), hint)
    return Layout(columns, blocks, unknown, repeated_titles(header) + repeated)


def lost_years(dataset: type[Dataset], unknown: list[str]) -> list[str]:
    """The needed measures of a wide file that an unknown name starts with: a year in other words, whose numbers would be lost."""
    if dataset.wide_pattern is None:
        return []
    fields = dataset.fields()
    needed = {title.split()[0] for title, name in dataset.wide_measures.items() if name and fields[name]["required"]}
    lost = [title for title in map(normal, unknown) if not re.fullmatch(dataset.wide_pattern, title)]
    return [one for one in sorted(needed) if any(title.startswith(one) and re.search(r"\d\d", title) for title in lost)]


def wide_title(dataset: type[Dataset], column: str) -> str:
    """A publisher's name for a measure of a wide file."""
    return next(title for title, name in dataset.wide_measures.items() if name == column)


def wide_blocks(
    dataset: type[Dataset], header: list[str]
) -> tuple[dict[str, dict[str, int]], set[int], list[list[int]]]:
    """The wide blocks of a header, the positions they use, and those that hold one measure twice under two names."""
    blocks: dict[str, dict[str, int]] = {}
    used: set[int] = set()
    repeated: list[list[int]] = []
    if dataset.wide_pattern is None:
        return blocks, used, repeated
    measures = {normal(title): column for title, column in dataset.wide_measures.items()}
    for place, title in enumerate(header):
        match = re.fullmatch(dataset.wide_pattern, normal(title))
        if match is None:
            continue
        groups = match.groupdict()
        column = measures.get(groups["measure"] + (groups.get("part") or groups.get("part_after") or ""))
        if column is None:
            continue
        used.add(place)
        if column:
            first = blocks.setdefault(match["variant"], {}).setdefault(column, place)
            if first != place and normal(header[first]) != normal(title):
                repeated.append([first, place])
    return blocks, used, repeated
