"""Tables and references as one SVG, in layers: what is referred to stands to the left of what refers to it.

A reference that follows from two others is left out of the picture (a value of an indicator of a goal is a value of
that goal), and the tables of publishers' files are one box.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from docs.generated.relations import Relation, Table
from schemas.publishers import publishers

WIDTH, GAP, LINE, HEAD, BETWEEN, EDGE = 186, 52, 15, 22, 12, 4
"""Of a box and the space beside it, of a line and a heading in it, below it, and around it all; in pixels."""
FILES = "core: a table per dataset"


@dataclass
class Box:
    """A table in the picture. `lines` are the columns that refer to others."""

    name: str
    lines: list[str] = field(default_factory=list)
    layer: int = 0
    top: float = 0.0

    @property
    def left(self) -> float:
        """Its left side."""
        return EDGE + self.layer * (WIDTH + GAP)

    @property
    def height(self) -> int:
        """Of the heading and the lines."""
        return HEAD + LINE * len(self.lines) + (6 if self.lines else 0)


def draw(tables: Sequence[Table], found: Iterable[Relation]) -> str:
    """The picture as HTML."""
    files = {table.full_name for table in tables if table.name.startswith(tuple(f"{name}_" for name in publishers()))}
    links = sorted({as_drawn(relation, files) for relation in found}, key=plainness)
    shown = without_implied([link for link in links if link.source != link.target])
    boxes = arranged(shown)
    paths = [curve(boxes[link.source], boxes[link.target], link.column) for link in shown]
    parts = [*paths, *(rectangle(box, len(files)) for box in boxes.values())]
    width = max(box.left + WIDTH for box in boxes.values()) + EDGE
    height = max(box.top + box.height for box in boxes.values()) + EDGE
    named = f"{len(boxes)} tables and {len(shown)} references between them"
    return (
        f'<div class="model"><svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-label="{named}">{"".join(parts)}</svg></div>'
    )


def as_drawn(relation: Relation, files: set[str]) -> Relation:
    """The relation with the tables of files as one."""
    return Relation(FILES if relation.source in files else relation.source, relation.column, relation.target)


def plainness(link: Relation) -> tuple[bool, Relation]:
    """What names a thing by its own name comes first: of two links that close a circle the later one is not drawn."""
    name = link.target.partition(".")[2]
    return link.column not in (name, f"{name}_id"), link


def without_implied(links: list[Relation]) -> list[Relation]:
    """The links that close no circle and beside which no longer way leads."""
    ahead: dict[str, set[str]] = {}
    kept = []
    for link in links:
        if link.source not in reach(ahead, link.target):
            ahead.setdefault(link.source, set()).add(link.target)
            kept.append(link)
    return [
        link
        for link in kept
        if not any(link.target in reach(ahead, other) for other in ahead[link.source] - {link.target})
    ]


def reach(ahead: dict[str, set[str]], start: str) -> set[str]:
    """Everything that can be reached from a table, itself included."""
    seen, todo = {start}, [start]
    while todo:
        for one in ahead.get(todo.pop(), set()) - seen:
            seen.add(one)
            todo.append(one)
    return seen


def arranged(links: list[Relation]) -> dict[str, Box]:
    """The boxes in their places: layer by depth, and in a layer beside what they refer to."""
    ahead: dict[str, set[str]] = {}
    for link in links:
        ahead.setdefault(link.source, set()).add(link.target)

    def depth(name: str) -> int:
        return max((1 + depth(one) for one in ahead.get(name, ())), default=0)

    names = sorted({name for link in links for name in (link.source, link.target)})
    boxes = {name: Box(name, [link.column for link in links if link.source == name], depth(name)) for name in names}
    for layer in range(max(box.layer for box in boxes.values()) + 1):
        row = [box for box in boxes.values() if box.layer == layer]
        row.sort(key=lambda box: (middle([boxes[one] for one in ahead.get(box.name, ())]), box.name))
        top: float = EDGE
        for box in row:
            box.top = top
            top += box.height + BETWEEN
    tallest = max(box.top + box.height for box in boxes.values())
    for layer in {box.layer for box in boxes.values()}:
        row = [box for box in boxes.values() if box.layer == layer]
        space = (tallest - max(box.top + box.height for box in row)) / 2
        for box in row:
            box.top += space
    return boxes


def middle(boxes: list[Box]) -> float:
    """The height around which some boxes stand."""
    return sum(box.top + box.height / 2 for box in boxes) / len(boxes) if boxes else 0.0


def curve(source: Box, target: Box, column: str) -> str:
    """From the line of the column to the heading of the table it names."""
    x, y = source.left, source.top + HEAD + LINE * (source.lines.index(column) + 0.5)
    end_x, end_y = target.left + WIDTH, target.top + HEAD / 2
    bend = GAP / 2
    return (
        f'<path d="M{x:.0f},{y:.1f} C{x - bend:.0f},{y:.1f} {end_x + bend:.0f},{end_y:.1f} {end_x:.0f},{end_y:.1f}"/>'
        f'<circle cx="{end_x:.0f}" cy="{end_y:.1f}" r="3"/>'
    )


def rectangle(box: Box, files: int) -> str:
    """A table with its columns; its name leads to its description."""
    schema, _, name = box.name.partition(".")
    shown = f"{files} tables of files" if box.name == FILES else box.name
    place = "core.html" if box.name == FILES else f"{schema}.html#{schema}-{name.replace('_', '-')}"
    kind = "core" if box.name == FILES else schema
    lines = [
        f'<text x="{box.left + 10:.0f}" y="{box.top + HEAD + LINE * at + 13:.1f}">{escape(line)}</text>'
        for at, line in enumerate(box.lines)
    ]
    return (
        f'<a href="{place}"><g class="{kind}"><rect x="{box.left:.0f}" y="{box.top:.1f}" width="{WIDTH}" height="{box.height}" rx="3"/>'
        f'<text class="name" x="{box.left + 10:.0f}" y="{box.top + 16:.1f}">{escape(shown)}</text>{"".join(lines)}</g></a>'
    )
