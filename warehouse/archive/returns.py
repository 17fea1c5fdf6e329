"""Which contents came back: a publisher who puts an earlier file back in its place says something new with old bytes.

A place is one file at one address, real or made up. It is looked at on some days, and what is
found is recorded when it differs from what stood there when it was last looked at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from warehouse.archive.model import Origin

Finding = tuple[str, Origin]
"""A content, by its SHA-256, and where and when it was found."""

Arrival = tuple[str, date]
Moment = tuple[date, datetime]
Place = tuple[str, str, bool]


def place_of(origin: Origin) -> Place:
    """The address, the file's name (several files may be known by the page that lists them), and whether it is made up."""
    return origin.url, origin.file_name, origin.synthetic


def by_place(findings: Iterable[Finding]) -> dict[Place, list[Finding]]:
    """Findings of the same place together."""
    places = defaultdict(list)
    for finding in findings:
        places[place_of(finding[1])].append(finding)
    return places


def came_back_on(sha256: str, origin: Origin, at_place: Collection[Finding]) -> date | None:
    """From which day a content counts as standing again in its place; None where it is no return.

    It is one if the place had something else when it was looked at last, and either had this content before that, or the
    publisher gives it an older date than what it replaces. Its date is what the publisher says, unless that is from before
    the other content: who puts a file back may put its old date back.
    """
    before = [(sha, one) for sha, one in at_place if one.moment < origin.moment]
    last = max((one.moment for _, one in before), default=None)
    others = [one for sha, one in before if one.moment == last and sha != sha256]
    if not others:
        return None
    since = max(one.known_from for one in others)
    if all(sha != sha256 for sha, _ in before) and origin.known_from >= since:
        return None
    stated = origin.published_on
    return stated if stated and since < stated <= origin.retrieved_on else origin.retrieved_on


def arrivals_of(at_place: Collection[Finding]) -> tuple[set[Arrival], set[Arrival]]:
    """What came to one place on which day: the contents that stood at the end of it, and those that were replaced by then."""
    stood: set[Arrival] = set()
    replaced: set[Arrival] = set()
    by_day: dict[date, list[tuple[Moment, str]]] = defaultdict(list)
    for sha256, origin in at_place:
        first = min(one.moment for sha, one in at_place if sha == sha256)
        back = came_back_on(sha256, origin, at_place)
        if back or origin.moment == first:
            by_day[back or origin.known_from].append((origin.moment, sha256))
    for day, found in by_day.items():
        last, _ = max(found)
        for moment, sha256 in found:
            (stood if moment == last else replaced).add((sha256, day))
    return stood, replaced
