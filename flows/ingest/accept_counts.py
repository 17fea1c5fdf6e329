"""`sectorakkoord sources --accept-counts`: the row counts of all contents in the archive become the reviewed ones."""

from pathlib import Path

from schemas.datasets import datasets
from schemas.errors import FileRefused
from warehouse.archive.model import read_origin
from warehouse.archive.store import Archive
from warehouse.build.file_versions import partitions_of
from warehouse.build.parse_cache import ParseCache
from warehouse.register.loader import REGISTER
from warehouse.register.reviewed_counts import ReviewedCount, read_counts, write_counts


def accept_counts(archive: Archive, cache: ParseCache, synthetic: bool, register: Path = REGISTER) -> tuple[int, int]:
    """Take over the counts of every content that is held, refused files included if they can be read.

    Contents that are not held keep their counts, except made-up ones: the sample is made anew each time. Returns how
    many counts were added and how many went.
    """
    before = read_counts(register)
    found = [count for count in held_counts(archive, cache) if count.synthetic == synthetic]
    held = {count.sha256 for count in found}
    kept = [count for count in before if count.sha256 not in held and not (synthetic and count.synthetic)]
    after = sorted({*kept, *found})
    write_counts(after, register)
    return len(set(after) - set(before)), len(set(before) - set(after))


def held_counts(archive: Archive, cache: ParseCache) -> list[ReviewedCount]:
    """What the reading code of today counts in every content that is held."""
    held = [(vintage.origin, vintage.sha256, vintage.path) for vintage in archive.vintages()]
    for record in archive.refused():
        path = archive.folder / "refused" / f"{record['sha256']}.json"
        held.append((read_origin(path), record["sha256"], path.with_suffix("")))
    counts = []
    for origin, sha256, path in held:
        dataset = datasets()[origin.dataset_id]
        try:
            parsed = cache.get(dataset, origin.file_name, sha256, path, letters_lost=False)
        except FileRefused:
            continue  # refused for another reason than its counts; `sectorakkoord quarantine` shows it
        counts += [
            ReviewedCount(origin.synthetic, dataset.id, origin.file_name, sha256, label, rows)
            for label, rows in partitions_of(dataset, parsed.rows).items()
        ]
    return counts
