"""Which column of a file is which: the header against the declaration, and the differences in words."""

import re
from dataclasses import dataclass

from schemas.dataset import Dataset
from schemas.errors import LayoutDiffers


@dataclass(frozen=True)
class Layout:
    """Which column of a file is which.

    `columns` maps a canonical name to a position. Wide files also have `blocks`: per variant (a school year) the
    canonical measure names and their positions. `unknown` are headers nobody declared: reported, never lost.
    """

    columns: dict[str, int]
    blocks: dict[str, dict[str, int]]
    unknown: tuple[str, ...]


def normal(header: str) -> str:
    """Header names are compared in capitals, without white space, underscores and a byte-order mark.

    `BRIN NUMMER`, `BRIN_NUMMER`, `BRINNUMMER` and a name broken over two lines are one name.
    """
    return re.sub(r"[\s_\ufeff]+", "", header).upper()


def match_header(dataset: type[Dataset], name: str, header: list[str]) -> Layout:
    """Match a file's header to the declaration. Raises LayoutDiffers, naming what is missing and unknown."""
    positions = {normal(title): place for place, title in reversed(list(enumerate(header)))}
    blocks, used = wide_blocks(dataset, header)
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
    if missing:
        hint = f"add the new header name to {dataset.declared_in()}"
        raise LayoutDiffers(name, "line 1", missing, list(unknown), hint)
    return Layout(columns, blocks, unknown)


def wide_title(dataset: type[Dataset], column: str) -> str:
    """A publisher's name for a measure of a wide file."""
    return next(title for title, name in dataset.wide_measures.items() if name == column)


def wide_blocks(dataset: type[Dataset], header: list[str]) -> tuple[dict[str, dict[str, int]], set[int]]:
    """The wide blocks of a header, and the positions they use."""
    blocks: dict[str, dict[str, int]] = {}
    used: set[int] = set()
    if dataset.wide_pattern is None:
        return blocks, used
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
            blocks.setdefault(match["variant"], {})[column] = place
    return blocks, used
