"""Which contents came back: a publisher who puts an earlier file back in its place says something new with old bytes.

A place is one file at one address, in the real world or in the made-up one. It is looked at on some days, and what is
found is recorded when it differs from what stood there when it was last looked at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from warehouse.archive.model import Origin

Finding = tuple[str, Origin]
"""A content, by its SHA-256, and where and when it was found."""

ReleaseStore = tuple[str, str, bool]


def place_of(origin: Origin) -> ReleaseStore:
    """The address, the file's name (several files may be known by the page that lists them), and whether it is made up."""
    return origin.url, origin.file_name, origin.synthetic


def by_place(findings: Iterable[Finding]) -> dict[ReleaseStore, list[Finding]]:
    """Findings of the same place together."""
    places = defaultdict(list)
    for finding in findings:
        places[place_of(finding[1])].append(finding)
    return places


def came_back_on(sha256: str, origin: Origin, at_place: Collection[Finding]) -> date | None:
    """From which day a content counts as standing again in its place; None where it is no return.

    It is one if the place had this content before, and something else on the day it was looked at last. Its date is what
    the publisher says, unless that is from before the other content: who puts a file back may put its old date back.
    """
    before = [(sha, one) for sha, one in at_place if one.retrieved_on < origin.retrieved_on]
    last = max((one.retrieved_on for _, one in before), default=None)
    others = [one for sha, one in before if one.retrieved_on == last and sha != sha256]
    if not others or all(sha != sha256 for sha, _ in before):
        return None
    since = max(one.known_from for one in others)
    told = origin.published_on
    return told if told and since < told <= origin.retrieved_on else origin.retrieved_on
