"""Origin and Vintage: where and when a content was found, and one distinct content with all its findings."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path

START_OF_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Origin:
    """One finding of a file. `published_on` is None where the publisher does not say.

    `retrieved_on` is the day somebody took the copy from the publisher, which for a mirrored file is the day
    the mirror's manifest warrants for exactly these bytes, and else today. `retrieved_at` is the moment: what was found
    later at one address on one day is the later version. None in records of before 0.2: earlier than any moment of the day.
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
    retrieved_at: datetime | None = None

    @property
    def moment(self) -> tuple[date, datetime]:
        """When it was found, to be compared with other findings at the same address."""
        return self.retrieved_on, self.retrieved_at or START_OF_TIME

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
    replaced_on: tuple[date, ...] = ()
    """The days on which it came and on which another content then came in its place: it held on none of them."""

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
        return tuple(sorted({self.known_from, *self.returned_on} - set(self.replaced_on)))

    def last_known(self, by: date) -> date | None:
        """The last day until `by` on which it became known or came back; None where there is none."""
        return max((day for day in self.arrived_on if day <= by), default=None)

    @property
    def source_file_id(self) -> str:
        """Short name of the content, the same in every rebuild: 12 hexadecimal digits."""
        return self.sha256[:12]


def order_of(origin: Origin) -> tuple[date | datetime | str, ...]:
    """Earliest first, and no ties: which finding is the first must not depend on the order in which they were added."""
    said = {name: value for name, value in asdict(origin).items() if name != "retrieved_at"}
    return (origin.known_from, origin.url, origin.file_name, *map(str, said.values()), origin.moment[1])


def read_origin(path: Path) -> Origin:
    """An origin record from its file; that of a refused file says more, which is left out."""
    known = {field.name for field in fields(Origin)}
    record = {name: value for name, value in json.loads(path.read_text()).items() if name in known}
    published, moment = record.pop("published_on"), record.pop("retrieved_at", None)
    return Origin(
        **record
        | {
            "retrieved_on": date.fromisoformat(record["retrieved_on"]),
            "published_on": date.fromisoformat(published) if published else None,
            "retrieved_at": datetime.fromisoformat(moment) if moment else None,
        }
    )
