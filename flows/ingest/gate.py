"""The gate: what a file must show before it becomes a vintage. Nothing that fails here is lost, and nothing of it is used.

In order: is it what its name says and whole (`schemas.reading.csv_reader`), is its layout known and are enough of its lines good
(`schemas.reading.validate`), is it about possible periods, are its rows not those of another period, and did it not shrink,
swell or lose a period or entities since the version before it (`flows.ingest.version_checks`). A content that a person has
accepted, or whose row counts a person has reviewed (see `warehouse.register.reviewed_counts`), has passed the last two already.
A new period and a changed header are news, not faults.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from flows.ingest.version_checks import (
    entities_without_successor,
    refuse_if_another_period,
    refuse_if_lost,
    refuse_if_moved,
    refuse_if_scaled,
    refuse_if_too_far_ahead,
    refuse_if_years_differ,
    went_over,
)
from schemas.dataset import Dataset
from schemas.datasets import datasets
from schemas.errors import ConfirmationNeeded, FileRefused, refusing_any_fault
from warehouse.archive.acceptances import accepted
from warehouse.archive.held_back import held_back
from warehouse.archive.model import Origin, Vintage
from warehouse.archive.returns import place_of
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import in_force, withdrawn
from warehouse.build.file_versions import FileChange, compare_files, header_changes, partitions_of, version_before
from warehouse.build.input_hash import judged_by
from warehouse.build.parse_cache import ParseCache, ParsedFile, period_stamp
from warehouse.files import sha256_of
from warehouse.register.loader import REGISTER
from warehouse.register.reviewed_counts import counts_of


@dataclass(frozen=True)
class IngestResult:
    """What became of one offered file.

    `outcome`: new (the first vintage of its subject), revised (another version of one we have; the counts say of how
    many rows and cells), known (these bytes are in the archive), refused (refused, `reason` says why), missing (could
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
    sha256 = sha256_of(path)
    held = {one for one, record in held_back(archive.folder).items() if record.code == judged_by(register)}
    already = archive.knows(sha256)
    if already and not archive.object_path(sha256).exists():
        archive.put_back(path.read_bytes())
    # Of bytes that are known the others are looked at only when they came back: a lost one must not keep this one out.
    others = partial(archive.vintages, held)
    vintages = others() if not already else []
    try:
        with refusing_any_fault(origin.file_name):
            if already:
                taken = known(archive, cache, origin, path, sha256, others)
            else:
                taken = first_seen(archive, cache, origin, path, sha256, vintages, register)
    except FileRefused as fault:
        archive.refuse(path.read_bytes(), origin, str(fault), isinstance(fault, ConfirmationNeeded))
        return IngestResult(origin.dataset_id, origin.file_name, origin.url, "refused", str(fault), sha256)
    archive.add(path.read_bytes(), origin)
    if sha256 in held:
        return replace(taken, outcome="refused", reason=held_back(archive.folder)[sha256].reason)
    return taken


def first_seen(
    archive: Archive,
    cache: ParseCache,
    origin: Origin,
    path: Path,
    sha256: str,
    vintages: list[Vintage],
    register: Path,
) -> IngestResult:
    """Bytes that the archive has not. Raises FileRefused."""
    dataset = datasets()[origin.dataset_id]
    let_in = accepted(archive.folder).get(sha256)
    parsed = cache.get(dataset, origin.file_name, sha256, path, letters_lost=let_in is not None)
    refuse_if_too_far_ahead(dataset, origin, parsed)
    before = version_before(vintages, dataset, origin)
    trusted = let_in or counts_of(register, sha256) == partitions_of(dataset, parsed.rows)
    news = [f"accepted on {let_in.decided_at:%Y-%m-%d} by {let_in.decided_by}: {let_in.reason}"] if let_in else []
    change = FileChange()
    if not trusted:
        refuse_if_years_differ(dataset, origin, parsed)
        refuse_if_another_period(dataset, origin, parsed, vintages, cache)
    if before:
        # (The name of a state has its day in it, and some publishers give every version an address of its own.)
        renamed = before.origin.file_name != origin.file_name
        may_differ = dataset.period_of(origin.file_name) is None if renamed else before.known_from < origin.known_from
        if place_of(before.origin) != place_of(origin) and not may_differ:
            news.append(
                f"stands in another place than the version before it, {before.origin.url} of {before.known_from}"
            )
        last = cache.get(dataset, before.origin.file_name, before.sha256, before.path)
        if not trusted:
            gone_over = went_over(vintages, cache, origin.synthetic, origin.retrieved_on)
            # First who is gone, by name: that says more than how many lines.
            news += entities_without_successor(dataset, origin, before, last, parsed, gone_over)
            refuse_if_lost(dataset, origin, before, last, parsed)
            refuse_if_scaled(dataset, origin, before, last, parsed)
            refuse_if_moved(dataset, origin, before, last, parsed)
        change = compare_files(dataset, last, parsed)
        news += header_and_period_news(dataset, last, parsed)
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
    archive: Archive,
    cache: ParseCache,
    origin: Origin,
    path: Path,
    sha256: str,
    vintages: Callable[[], list[Vintage]],
) -> IngestResult:
    """Bytes that the archive has. Where they came back after others in their place they are a revision like any other.

    Raises FileRefused where they are known under the name of another period or dataset, and where today's declaration
    refuses them.
    """
    dataset, decided = datasets()[origin.dataset_id], in_force(archive.folder)
    refuse_if_named_otherwise(archive, origin, sha256)
    left_out = withdrawn(decided, sha256, origin.file_name)
    news: tuple[str, ...] = ()
    if left_out:
        news = (f"withdrawn on {left_out.decided_at:%Y-%m-%d} and left out: {left_out.reason}",)
    taken = IngestResult(dataset.id, origin.file_name, origin.url, "known", sha256=sha256, news=news)
    parsed = cache.get(dataset, origin.file_name, sha256, path)
    back = None if left_out else archive.came_back_on(sha256, origin)
    stood = version_before(vintages(), dataset, origin, by=back) if back else None
    if stood and stood.sha256 != sha256:
        last = cache.get(dataset, stood.origin.file_name, stood.sha256, stood.path)
        news += (f"came_back {sha256[:12]} after {stood.source_file_id}",)
        change = compare_files(dataset, last, parsed)
        taken = replace(taken, outcome="revised", news=news, **asdict(change))
    return taken


def refuse_if_named_otherwise(archive: Archive, origin: Origin, sha256: str) -> None:
    """One content is about one period: a publisher's mistake otherwise. Raises FileRefused with both names."""
    dataset, decided = datasets()[origin.dataset_id], in_force(archive.folder)
    counting = [
        one
        for one in archive.origins(sha256)
        if one.synthetic == origin.synthetic and not withdrawn(decided, sha256, one.file_name)
    ]
    named = {(one.dataset_id, period_stamp(datasets()[one.dataset_id], one.file_name)) for one in counting}
    if counting and (dataset.id, period_stamp(dataset, origin.file_name)) not in named:
        other = counting[0]
        raise FileRefused(
            origin.file_name,
            "whole file",
            "a content of its own",
            f"the same bytes as {other.file_name} (known from {other.known_from})",
            f"wait for the right file, or withdraw the wrong name with `sectorakkoord withdraw {other.file_name}`",
        )


def header_and_period_news(dataset: type[Dataset], last: ParsedFile, parsed: ParsedFile) -> list[str]:
    """What is new in a version without being wrong: periods and column names."""
    had = partitions_of(dataset, last.rows)
    fresh = [f"period_new {label}" for label in partitions_of(dataset, parsed.rows) if label not in had]
    headers = header_changes(dataset, last.facts["header"], parsed.facts["header"])
    return fresh + [f"{kind} {name}" for kind, name in headers]
