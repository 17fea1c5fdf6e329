"""The gate: what a file must show before it becomes a vintage. Nothing that fails here is lost, and nothing of it is used.

In order: is it what its name says and whole (`schemas.reading.csv_reader`), is its layout known and are enough of its lines good
(`schemas.reading.validate`), is it about possible periods, and did it not shrink, swell or lose a period since the version
before it. The tolerances are named in the dataset's declaration. A content whose row counts a person has reviewed (see
`warehouse.register.reviewed_counts`) has passed the last two already. A new period and a changed header are news, not faults.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.compute as compute
import pyarrow.parquet as parquet

from schemas.dataset import Dataset
from schemas.datasets import datasets
from schemas.errors import FileRefused
from warehouse.archive.model import Origin, Vintage
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import in_force
from warehouse.build.file_versions import FileChange, compare_files, header_changes, partitions_of, version_before
from warehouse.build.parse_cache import ParseCache, ParsedFile, period_stamp
from warehouse.files import sha256_of
from warehouse.register.loader import REGISTER
from warehouse.register.reviewed_counts import counts_of

ACCEPT = "or look at the file kept aside and accept it with `sectorakkoord sources --accept-counts`, then refresh again"
MANY_LINES = 100
"""Below so many lines a file may swell as it likes."""


@dataclass(frozen=True)
class IngestResult:
    """What became of one offered file.

    `outcome`: new (the first vintage of its subject), revised (another version of one we have; the counts say of how
    many rows and cells), known (these bytes are in the archive), refused (kept aside, `reason` says why), missing (could
    not be had), vanished (its address had a file before) or absent (its address never had one). `news` are things that
    a person may want to know and that stop nothing. Lines count data lines; `transferred` bytes on the wire.
    """

    dataset_id: str
    file_name: str
    url: str
    outcome: str
    reason: str = ""
    sha256: str = ""
    data_lines: int = 0
    quarantined_lines: int = 0
    unknown_headers: tuple[str, ...] = ()
    rows_added: int = 0
    rows_removed: int = 0
    cells_changed: int = 0
    news: tuple[str, ...] = ()
    transferred: int = 0

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def check_and_archive(
    archive: Archive, cache: ParseCache, origin: Origin, path: Path, register: Path = REGISTER
) -> IngestResult:
    """Examine the file at `path` and put it into the archive, or aside with the reason."""
    dataset = datasets()[origin.dataset_id]
    sha256 = sha256_of(path)
    if archive.object_path(sha256).exists():
        return known(archive, cache, origin, path, dataset, sha256)
    try:
        parsed = cache.get(dataset, origin.file_name, sha256, path)
        refuse_if_too_far_ahead(dataset, origin, parsed)
        before = version_before(archive.vintages(), dataset, origin)
        change, news = FileChange(), []
        if before:
            last = cache.get(dataset, before.origin.file_name, before.sha256, before.path)
            if counts_of(register, sha256) != partitions_of(dataset, parsed.rows):
                refuse_if_lost(dataset, origin, before, last, parsed)
            change, news = compare_files(dataset, last, parsed), told(dataset, last, parsed)
    except FileRefused as fault:
        archive.refuse(path.read_bytes(), origin, str(fault))
        return IngestResult(dataset.id, origin.file_name, origin.url, "refused", str(fault), sha256)
    archive.add(path.read_bytes(), origin)
    facts = parsed.facts
    return IngestResult(
        dataset.id,
        origin.file_name,
        origin.url,
        "revised" if before else "new",
        sha256=sha256,
        data_lines=facts["data_lines"],
        quarantined_lines=facts["quarantined_lines"],
        unknown_headers=tuple(facts["unknown_headers"]),
        news=(*facts["notes"], *news),
        **asdict(change),
    )


def known(
    archive: Archive, cache: ParseCache, origin: Origin, path: Path, dataset: type[Dataset], sha256: str
) -> IngestResult:
    """Bytes that the archive has. Where they came back after others in their place they are a revision like any other.

    Under the name of another period or dataset they are news: a publisher's mistake.
    """
    stamp = period_stamp(dataset, origin.file_name)
    before = archive.origins(sha256)
    named = {(one.dataset_id, period_stamp(datasets()[one.dataset_id], one.file_name)) for one in before}
    news: tuple[str, ...] = (
        (f"same_bytes_as {before[0].file_name}",) if before and (dataset.id, stamp) not in named else ()
    )
    if withdrawn := in_force(archive.folder).get(sha256):
        news += (f"withdrawn on {withdrawn.decided_at:%Y-%m-%d} and left out: {withdrawn.reason}",)
    taken = IngestResult(dataset.id, origin.file_name, origin.url, "known", sha256=sha256, news=news)
    # The build needs it parsed, and says so if today's declaration refuses it.
    with suppress(FileRefused):
        parsed = cache.get(dataset, origin.file_name, sha256, path)
        back = None if withdrawn else archive.came_back_on(sha256, origin)
        stood = version_before(archive.vintages(), dataset, origin, by=back) if back else None
        if stood and stood.sha256 != sha256:
            last = cache.get(dataset, stood.origin.file_name, stood.sha256, stood.path)
            news += (f"came_back {sha256[:12]} after {stood.source_file_id}",)
            change = compare_files(dataset, last, parsed)
            taken = replace(taken, outcome="revised", news=news, **asdict(change))
    archive.add(path.read_bytes(), origin)
    return taken


def refuse_if_too_far_ahead(dataset: type[Dataset], origin: Origin, parsed: ParsedFile) -> None:
    """A year that has not come yet is a misread cell or name. Raises FileRefused."""
    if "period_start" not in dataset.columns():
        return
    latest = compute.max(parquet.read_table(parsed.rows, columns=["period_start"])["period_start"]).as_py()
    if latest and latest.year > origin.known_from.year + dataset.max_years_ahead:
        raise FileRefused(
            origin.file_name,
            "periods",
            f"none that starts more than {dataset.max_years_ahead} years after {origin.known_from}",
            f"one that starts on {latest}",
            f"correct the file's name or day, or raise max_years_ahead in {dataset.declared_in()}",
        )


def refuse_if_lost(
    dataset: type[Dataset], origin: Origin, before: Vintage, last: ParsedFile, parsed: ParsedFile
) -> None:
    """A new version may not have lost many lines or a whole period, nor have swollen. Raises FileRefused."""
    lines, had = parsed.facts["data_lines"], last.facts["data_lines"]
    vintage = f"the vintage of {before.known_from}"
    if lines < (1 - dataset.max_shrink) * had:
        expected = f"at least {1 - dataset.max_shrink:.0%} of the {had} data lines of {vintage}"
        raise FileRefused(origin.file_name, "whole file", expected, f"{lines}", f"fetch it again later, {ACCEPT}")
    if had >= MANY_LINES and lines > dataset.max_growth * had:
        expected = f"at most {dataset.max_growth:g} times the {had} data lines of {vintage}"
        raise FileRefused(origin.file_name, "whole file", expected, f"{lines}", f"fetch it again later, {ACCEPT}")
    had_periods = partitions_of(dataset, last.rows)
    gone = [label for label in had_periods if label not in partitions_of(dataset, parsed.rows)]
    if gone and not dataset.may_drop_periods:
        expected = f"rows of {', '.join(gone)}, which {vintage} has"
        raise FileRefused(origin.file_name, "periods", expected, "none", f"fetch it again later, {ACCEPT}")


def told(dataset: type[Dataset], last: ParsedFile, parsed: ParsedFile) -> list[str]:
    """What is new in a version without being wrong: periods and column names."""
    had = partitions_of(dataset, last.rows)
    fresh = [f"period_new {label}" for label in partitions_of(dataset, parsed.rows) if label not in had]
    headers = header_changes(dataset, last.facts["header"], parsed.facts["header"])
    return fresh + [f"{kind} {name}" for kind, name in headers]
