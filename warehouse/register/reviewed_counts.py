"""Row counts that a person has looked at: `register/row_count.csv`, rows per file content and period.

They are kept by content: the same bytes must always give the same rows, so for a reviewed content a missing period, a
surprise period and another count all stop a publication (`sql/audits/row_counts.sql`). Other bytes are never stopped by
them, whatever their name: a newer vintage, a longer mirror or a file of one's own is reported in `meta.drift` as not
reviewed, and is judged by the gate against the vintage before it. Accepting is one command,
`sectorakkoord sources --accept-counts`, and the result is reviewed as a change of this CSV.
"""

import csv
import io
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from schemas.datasets import datasets
from schemas.errors import FileRefused
from schemas.hand_kept_csv import TRUE, HandKeptRow, read_hand_kept
from warehouse.archive.model import read_origin
from warehouse.archive.store import Archive
from warehouse.build.file_versions import partitions_of
from warehouse.build.parse_cache import ParseCache
from warehouse.files import write_bytes
from warehouse.register.loader import REGISTER

FILE = "row_count.csv"


@dataclass(frozen=True, order=True)
class ReviewedCount:
    """Rows of one period in one file content; `period_label` is empty for a file without periods."""

    synthetic: bool
    dataset_id: str
    file_name: str
    sha256: str
    period_label: str
    rows: int


def read_counts(register: Path = REGISTER) -> list[ReviewedCount]:
    """All reviewed counts; none where the register has no such file."""
    path = register / FILE
    if not path.exists():
        return []
    rows = read_hand_kept(path, [field.name for field in fields(ReviewedCount)]).rows
    return [reviewed(row) for row in rows]


def reviewed(row: HandKeptRow) -> ReviewedCount:
    """A count from its row. Raises HandKeptFault."""
    try:
        rows = int(row.get("rows"))
    except ValueError:
        raise row.fault("rows", "a whole number", "correct the cell") from None
    dataset_id, file_name, sha256, label = map(row.get, ("dataset_id", "file_name", "sha256", "period_label"))
    return ReviewedCount(row.get("synthetic").lower() in TRUE, dataset_id, file_name, sha256, label, rows)


def counts_of(register: Path, sha256: str) -> dict[str, int]:
    """The reviewed counts of one content by period; empty when nobody reviewed it."""
    return {count.period_label: count.rows for count in read_counts(register) if count.sha256 == sha256}


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
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(ReviewedCount)])
    for count in after:
        writer.writerow([str(cell).lower() if isinstance(cell, bool) else cell for cell in astuple(count)])
    write_bytes(register / FILE, text.getvalue().encode())
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
