"""One bad file does not hold up the rest: what a build cannot use is named, held back by itself, and built without.

Only a file that the release in place does not hold is held back: where nothing is new but code or register, the fault is theirs.
"""

from collections.abc import Collection
from pathlib import Path

from schemas.datasets import datasets
from schemas.errors import FileRefused
from warehouse.archive.held_back import HeldBack, held_back, hold_back, let_in
from warehouse.archive.model import Vintage
from warehouse.build.audits import AuditFailed
from warehouse.build.file_versions import compare_files, version_before
from warehouse.build.parse_cache import ParseCache


class BuiltWithout(Exception):
    """Files were held back; the build is to be made again without them."""

    def __init__(self, files: list[HeldBack]) -> None:
        self.files = files
        super().__init__(files)


def left_out(archive: Path, code: str) -> set[str]:
    """The contents that were held back with this code and register; with others they are tried again."""
    return {sha256 for sha256, record in held_back(archive).items() if record.code == code}


def refuse_unreadable(archive: Path, vintages: list[Vintage], cache: ParseCache, code: str) -> None:
    """Hold back what today's declarations cannot read. Raises BuiltWithout."""
    files = []
    for one in vintages:
        try:
            cache.get(datasets()[one.origin.dataset_id], one.origin.file_name, one.sha256, one.path)
        except FileRefused as fault:
            files.append(hold_back(archive, one, str(fault), code))
    if files:
        raise BuiltWithout(files)


def refuse_blamed(
    archive: Path, vintages: list[Vintage], cache: ParseCache, code: str, fault: AuditFailed, published: Collection[str]
) -> None:
    """Hold back the new files that a failed audit names. Raises BuiltWithout; returns where it names none."""
    files = []
    for one in vintages:
        if one.source_file_id in fault.blamed and one.sha256 not in published:
            reason = (
                f"{one.origin.file_name}, {fault.blamed[one.source_file_id]}; {what_is_known(one, vintages, cache)}"
            )
            files.append(hold_back(archive, one, reason, code))
    if files:
        raise BuiltWithout(files) from fault


def what_is_known(vintage: Vintage, vintages: list[Vintage], cache: ParseCache) -> str:
    """Of a file that is held back: its lines, and what it says otherwise than the version before it."""
    dataset = datasets()[vintage.origin.dataset_id]
    parsed = cache.get(dataset, vintage.origin.file_name, vintage.sha256, vintage.path)
    known = f"{parsed.facts['quarantined_lines']} of its {parsed.facts['data_lines']} lines are rejected"
    before = version_before([one for one in vintages if one.sha256 != vintage.sha256], dataset, vintage.origin)
    if before:
        last = cache.get(dataset, before.origin.file_name, before.sha256, before.path)
        change = compare_files(dataset, last, parsed)
        known += (
            f", and beside the vintage of {before.known_from} {change.cells_changed} cells are changed, {change.rows_added} "
            f"rows added and {change.rows_removed} gone"
        )
    return known + "; it is held back until code or register change, and another file at its address takes its place."


def release_from_hold(archive: Path, vintages: list[Vintage]) -> None:
    """What came through a build after all is not held back any more."""
    for one in {vintage.sha256 for vintage in vintages} & set(held_back(archive)):
        let_in(archive, one)
