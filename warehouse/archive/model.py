"""Origin and Vintage: where and when a content was found, and one distinct content with all its findings."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Origin:
    """One finding of a file. `published_on` is None where the publisher does not say.

    `retrieved_on` is the day somebody took the copy from the publisher, which for a mirrored file is the day
    the mirror's manifest warrants for exactly these bytes, and else today.
    """

    dataset_id: str
    file_name: str
    url: str
    publisher: str
    licence: str
    retrieved_on: date
    published_on: date | None = None
    edition: str = "live"
    synthetic: bool = False
    note: str = ""

    @property
    def known_from(self) -> date:
        """The earlier of the days at which these bytes are known to have been public."""
        return min(self.retrieved_on, self.published_on or self.retrieved_on)


@dataclass(frozen=True)
class Vintage:
    """One distinct content of one publisher file, with its findings merged."""

    sha256: str
    size: int
    path: Path
    origins: tuple[Origin, ...]
    returned_on: tuple[date, ...] = ()
    """The days from which it counts as back in its place, after another content stood there."""

    @property
    def origin(self) -> Origin:
        """The first finding: the one that says what the file is."""
        return self.origins[0]

    @property
    def known_from(self) -> date:
        """From which day the content counts as known."""
        return min(origin.known_from for origin in self.origins)

    @property
    def arrived_on(self) -> tuple[date, ...]:
        """Every day from which it counts: when it became known, and when it came back."""
        return self.known_from, *self.returned_on

    def last_known(self, by: date) -> date | None:
        """The last day until `by` on which it became known or came back; None where that is later."""
        return max((day for day in self.arrived_on if day <= by), default=None)

    @property
    def source_file_id(self) -> str:
        """Short name of the content, the same in every rebuild: 12 hexadecimal digits."""
        return self.sha256[:12]


def order_of(origin: Origin) -> tuple[date | str, ...]:
    """Earliest first, and no ties: which finding is the first must not depend on the order in which they were added."""
    return (origin.known_from, origin.url, origin.file_name, *map(str, asdict(origin).values()))


def read_origin(path: Path) -> Origin:
    """An origin record from its file; that of a refused file says more, which is left out."""
    return origin_of(json.loads(path.read_text()))


def origin_of(record: dict[str, Any]) -> Origin:
    """An origin from its record."""
    known = {field.name for field in fields(Origin)}
    record = {name: value for name, value in record.items() if name in known}
    published = record.pop("published_on")
    retrieved = date.fromisoformat(record.pop("retrieved_on"))
    return Origin(**record, retrieved_on=retrieved, published_on=date.fromisoformat(published) if published else None)
