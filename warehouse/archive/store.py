"""The archive: each distinct content once, by SHA-256, with a record of every address and day it was found.

    archive/objects/ab/abcd...           the bytes, never changed, never deleted
    archive/origins/ab/abcd....<id>.json  where and when these bytes were found (one file per finding)
    archive/refused/abcd...{,.json}       files that were refused, with the reason
    archive/withdrawn/....json            files that should not have counted, with who and why (see `warehouse.archive.withdrawals`)
    archive/accepted/....json             files that a person let in, with who and why (see `warehouse.archive.acceptances`)
    archive/held_back/....json            files that a build could not use (see `warehouse.archive.held_back`)
    archive/fetched/....json              what each address gave last time (see `warehouse.archive.fetch_state`)

Adding is idempotent and order does not matter: the archive is a set of contents and a set of findings. A content
that stood under one URL after another content did not replace it; both are vintages. One that comes back in its place
after another is found anew (see `warehouse.archive.returns`); only that is seen no other way than in the order of time.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.archive.damage import BACKUP, ArchiveDamaged, mark_of, read_marked
from warehouse.archive.held_back import held_back
from warehouse.archive.model import Origin, Vintage, order_of, origin_of
from warehouse.archive.returns import Finding, arrivals_of, by_place, came_back_on, place_of
from warehouse.archive.withdrawals import in_force, withdrawn
from warehouse.files import sha256_of, write_bytes, write_json

log = logging.getLogger(__name__)


class Archive:
    """The archive in a folder. All methods may be called by several processes at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def object_path(self, sha256: str) -> Path:
        """Where the content of this hash lies, or would lie."""
        return self.folder / "objects" / sha256[:2] / sha256

    def held(self, sha256: str) -> Path | None:
        """The path of a content, archived or refused, if it is there and has the hash it should have."""
        for path in (self.object_path(sha256), self.folder / "refused" / sha256):
            if sha256 and path.exists() and sha256_of(path) == sha256:
                return path
        return None

    def add(self, content: bytes, origin: Origin) -> tuple[str, bool]:
        """Keep a content and its origin; a damaged copy of it is put right. Returns its SHA-256 and whether it is new."""
        sha256, new = self.put_back(content)
        self._add_origin(sha256, origin)
        self._no_longer_refused(sha256)
        return sha256, new

    def put_back(self, content: bytes) -> tuple[str, bool]:
        """Write the bytes of a content unless they are there and whole. Returns its SHA-256 and whether there were none."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.object_path(sha256)
        new = not target.exists()
        if new or sha256_of(target) != sha256:
            write_bytes(target, content)
        return sha256, new

    def _no_longer_refused(self, sha256: str) -> None:
        """A content that is accepted after all is no longer refused."""
        for path in (self.folder / "refused" / f"{sha256}.json", self.folder / "refused" / sha256):
            path.unlink(missing_ok=True)

    def _add_origin(self, sha256: str, origin: Origin) -> None:
        """Keep a finding, once: a file found again on a later day at the same place adds nothing, unless it came back."""
        same_place = [old for old in self.origins(sha256) if old.url == origin.url and old.edition == origin.edition]
        before = any(order_of(old) <= order_of(origin) for old in same_place)
        if origin in same_place or (before and not self.came_back_on(sha256, origin)):
            return
        record = json.loads(json.dumps(asdict(origin), default=str))
        write_json(self.folder / "origins" / sha256[:2] / f"{sha256}.{mark_of(record)}.json", record)

    def origins(self, sha256: str) -> tuple[Origin, ...]:
        """All findings of a content, earliest first; damaged records are left out (see `all_vintages`)."""
        records = (self.folder / "origins" / sha256[:2]).glob(f"{sha256}.*.json")
        return tuple(sorted(filter(None, map(readable, records)), key=order_of))

    def findings(self) -> list[tuple[str, Origin]]:
        """Every finding, with the SHA-256 of what was found; damaged records are left out (see `all_vintages`)."""
        found = [(path.name.split(".")[0], readable(path)) for path in self._records()]
        return [(sha256, origin) for sha256, origin in found if origin]

    def _records(self) -> Iterator[Path]:
        return (self.folder / "origins").glob("*/*.json")

    def came_back_on(self, sha256: str, origin: Origin) -> date | None:
        """From which day a content that is found now counts as back in its place; None where it is no return."""
        place = place_of(origin)
        return came_back_on(sha256, origin, [one for one in self.findings() if place_of(one[1]) == place])

    def vintages(self, leaving_out: Collection[str] = ()) -> list[Vintage]:
        """The vintages that count, in the order in which they became known (ties by hash: always the same order).

        Without what is withdrawn and the contents in `leaving_out`: those never stood in the place of another.
        """
        decided = in_force(self.folder)
        counting = [
            (sha256, origin)
            for sha256, origin in self.findings()
            if sha256 not in leaving_out and not withdrawn(decided, sha256, origin.file_name)
        ]
        return self._in_order(counting)

    def all_vintages(self) -> list[Vintage]:
        """The withdrawn ones and those held back too, in the same order.

        Raises ArchiveDamaged: without one of its records or contents the archive would say something else about the past.
        """
        for path in self._records():
            recorded(path)
        return self._in_order(self.findings())

    def _in_order(self, findings: list[Finding]) -> list[Vintage]:
        found = self._vintages(findings)
        return sorted(found, key=lambda one: (one.known_from, one.known_from not in one.replaced_on, one.sha256))

    def _vintages(self, findings: list[Finding]) -> Iterator[Vintage]:
        places, origins_of = by_place(findings), defaultdict(list)
        for sha256, origin in findings:
            origins_of[sha256].append(origin)
        found_at = [arrivals_of(at_place) for at_place in places.values()]
        replaced = set().union(*(gone for _, gone in found_at)) - set().union(*(stood for stood, _ in found_at))
        for sha256, found in sorted(origins_of.items()):
            path = self.object_path(sha256)
            if not path.exists():
                raise ArchiveDamaged(
                    f"archive: the content {sha256} of {found[0].file_name} has an origin record "
                    f"but is not there; run `sectorakkoord refresh`, which fetches it where the publisher still has it, or {BACKUP}."
                )
            origins = tuple(sorted(found, key=order_of))
            back = {day for one in origins if (day := came_back_on(sha256, one, places[place_of(one)]))}
            gone = tuple(sorted(day for sha, day in replaced if sha == sha256))
            yield Vintage(sha256, path.stat().st_size, path, origins, tuple(sorted(back)), gone)

    def refuse(self, content: bytes, origin: Origin, reason: str, may_be_accepted: bool = False) -> str:
        """Keep a refused file, with the reason, and whether a person may accept it. Returns its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        folder = self.folder / "refused"
        write_bytes(folder / sha256, content)
        record = json.loads(json.dumps(asdict(origin), default=str))
        record |= {"sha256": sha256, "bytes": len(content), "reason": reason, "may_be_accepted": may_be_accepted}
        write_json(folder / f"{sha256}.json", record)
        return sha256

    def refused(self) -> list[dict[str, Any]]:
        """The records of all refused files, by day and name."""
        records = []
        for path in (self.folder / "refused").glob("*.json"):
            try:
                record = json.loads(path.read_text())
                records.append({"retrieved_on": record["retrieved_on"], "file_name": record["file_name"], **record})
            except (ValueError, TypeError, KeyError):
                log.warning("%s: cannot be read; the file is refused anew when it is next offered.", path)
        return self._by_day(records)

    def refused_or_held_back(self) -> list[dict[str, Any]]:
        """The same, with what a build holds back (`warehouse.archive.held_back`)."""
        return self._by_day([*self.refused(), *map(asdict, held_back(self.folder).values())])

    def _by_day(self, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(records, key=lambda record: (record["retrieved_on"], record["file_name"], record["sha256"]))

    def check(self) -> list[str]:
        """Compare every content and record with its name. Returns a sentence per damaged one (none: all is well)."""
        damaged = [
            f"archive: object {path.name} holds other bytes than its name says; {BACKUP}."
            for path in sorted((self.folder / "objects").glob("*/*"))
            if not path.name.startswith(".") and sha256_of(path) != path.name
        ]
        return damaged + self.check_records()

    def check_records(self) -> list[str]:
        """The same for the records alone."""
        damaged = []
        for path in sorted([*self._records(), *(self.folder / "withdrawn").glob("*.json")]):
            try:
                read_marked(path)
            except ArchiveDamaged as fault:
                damaged.append(str(fault))
        return damaged

    def knows(self, sha256: str) -> bool:
        """Was this content ever archived? Its bytes may be lost: adding it again puts them back. Bytes alone are a download."""
        return any((self.folder / "origins" / sha256[:2]).glob(f"{sha256}.*.json"))


@cache
def recorded(path: Path) -> Origin:
    """A finding from its file, which is named after what it says and so never changes. Raises ArchiveDamaged."""
    return origin_of(read_marked(path))


def readable(path: Path) -> Origin | None:
    """The same; None for a damaged record, which adding the same finding again puts right."""
    try:
        return recorded(path)
    except ArchiveDamaged as fault:
        log.warning("%s", fault)
        return None
