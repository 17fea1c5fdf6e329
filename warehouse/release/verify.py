"""Verify: does the release in place say what archive, register and code say when everything is made from nothing?

A build may start from the release before it, so that an error could live on from release to release; this would find it.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.build.build_warehouse import build
from warehouse.build.input_hash import input_hash, judged_by
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect
from warehouse.files import remove_database
from warehouse.progress import ProgressCallback, no_progress
from warehouse.register.loader import REGISTER
from warehouse.release.content_hash import hash_of, table_digests
from warehouse.release.data_directory import DataDirectory
from warehouse.release.leftovers import build_name
from warehouse.release.publish import writer
from warehouse.release.release_record import Release, release_in
from warehouse.release.set_aside import left_out
from warehouse.release.snapshot_tables import load_snapshots


class ReleaseDiffers(Exception):
    """The release in place is not what it should be; the message names the first table that differs."""


@dataclass(frozen=True)
class Verified:
    """The release, and how many tables were compared."""

    release: Release
    tables: int


def verify_release(
    data: DataDirectory, register: Path = REGISTER, progress: ProgressCallback = no_progress
) -> Verified:
    """Compare the content of the release with its record, and table by table with a build from nothing.

    Raises ReleaseDiffers, and NothingPublished or ReleaseDamaged where there is no release to read.
    """
    with data.published.open() as con:
        release, digests = release_in(con), table_digests(con)
    found, anew = (
        hash_of(digests),
        f"remove {data.published} and run `sectorakkoord refresh`, which makes it from nothing",
    )
    if found != release.content_hash:
        raise ReleaseDiffers(
            f"{data.published}: expected content {release.content_hash[:12]}, found {found[:12]}; {anew}."
        )
    with writer(data):
        made = rebuilt(data, release, register, progress)
    differing = sorted(name for name in {*made, *digests} if made.get(name) != digests.get(name))
    if differing:
        raise ReleaseDiffers(
            f"{data.published}, table {differing[0]}: expected the rows of a build from nothing, found others (as in "
            f"{len(differing) - 1} more tables); {anew}, and report it."
        )
    return Verified(release, len(digests))


def rebuilt(data: DataDirectory, release: Release, register: Path, progress: ProgressCallback) -> dict[str, str]:
    """Table -> digest of a build from nothing. Raises ReleaseDiffers where its inputs are not those of the release."""
    archive, edition = Archive(data.archive), Edition(release.edition)
    vintages = edition.vintages(archive, left_out(data.archive, judged_by(register)))
    withdrawals = [decision for decision, _ in edition.withdrawals(archive)]
    if input_hash(vintages, edition, register, withdrawals) != release.input_hash:
        raise ReleaseDiffers(
            f"{data.published}: expected a release of what archive, register and code are now, found one of before; "
            "run `sectorakkoord refresh` first."
        )
    aside = data.published.build_folder(data.root) / build_name(os.getpid())
    try:
        build(aside, archive, ParseCache(data.cache), edition, register, progress, vintages)
        with connect(aside) as con:
            load_snapshots(con, data.archive, edition)
            progress("comparing")
            return table_digests(con)
    finally:
        remove_database(aside)
