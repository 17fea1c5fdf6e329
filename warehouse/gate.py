"""The gate: what a file must show before it becomes a vintage. Nothing that fails here is lost, and nothing of it is used."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from schemas import datasets
from schemas.dataset import Dataset
from schemas.faults import FileRefused
from warehouse.archive import Archive, Origin
from warehouse.cache import ParseCache, period_stamp
from warehouse.files import sha256_of


@dataclass(frozen=True)
class Taken:
    """What became of one offered file.

    `outcome`: new (a vintage more), known (these bytes are in the archive), refused (kept aside, `reason` says why) or
    missing (could not be fetched). Lines count data lines.
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

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)


def take_in(archive: Archive, cache: ParseCache, origin: Origin, path: Path) -> Taken:
    """Examine the file at `path` and put it into the archive, or aside with the reason."""
    dataset = datasets()[origin.dataset_id]
    sha256 = sha256_of(path)
    if archive.object_path(sha256).exists():
        archive.add(path.read_bytes(), origin)
        return Taken(dataset.id, origin.file_name, origin.url, "known", sha256=sha256)
    try:
        parsed = cache.get(dataset, origin.file_name, sha256, path)
        refuse_if_shrunk(archive, cache, dataset, origin, parsed.facts["data_lines"])
    except FileRefused as fault:
        archive.refuse(path.read_bytes(), origin, str(fault))
        return Taken(dataset.id, origin.file_name, origin.url, "refused", str(fault), sha256)
    archive.add(path.read_bytes(), origin)
    facts = parsed.facts
    return Taken(
        dataset.id,
        origin.file_name,
        origin.url,
        "new",
        sha256=sha256,
        data_lines=facts["data_lines"],
        quarantined_lines=facts["quarantined_lines"],
        unknown_headers=tuple(facts["unknown_headers"]),
    )


def refuse_if_shrunk(
    archive: Archive, cache: ParseCache, dataset: type[Dataset], origin: Origin, data_lines: int
) -> None:
    """A new content of a file we know may not have lost many lines. Raises FileRefused."""
    period = period_stamp(dataset, origin.file_name)
    before = [
        vintage
        for vintage in archive.vintages()
        if vintage.origin.dataset_id == dataset.id
        and vintage.origin.synthetic == origin.synthetic
        and vintage.known_from <= origin.known_from
        and (period_stamp(dataset, vintage.origin.file_name) == period != "state" or vintage.origin.url == origin.url)
    ]
    if not before:
        return
    last = before[-1]
    lines = cache.get(dataset, last.origin.file_name, last.sha256, last.path).facts["data_lines"]
    if data_lines < (1 - dataset.max_shrink) * lines:
        raise FileRefused(
            origin.file_name,
            "whole file",
            f"at least {1 - dataset.max_shrink:.0%} of the {lines} data lines of the vintage of {last.known_from}",
            f"{data_lines}",
            "fetch it again later; if the publisher really dropped them, raise max_shrink in the dataset's declaration",
        )
