"""A full disk, made with a small file system: a sentence, exit code 10, and the last release as it was. Needs the right to mount."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from flows import exit_codes
from tests.integration.test_publish import MIRROR, REPEATERS, TODAY, add
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish

FIRST = ("1718-tov-1819", TODAY.replace(year=2019), ("00AA", 4000, 250), ("00AB", 6000, 370))
LATER = ("1516-tov-1617", TODAY.replace(year=2018), ("00AA", 900, 30))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[DataDirectory]:
    """A data directory on a file system of 64 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small file system here")
    try:
        yield DataDirectory(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("left_kib", [0, 64, 512, 4096])
def test_a_full_disk_ends_with_its_own_code_and_keeps_the_last_release(small: DataDirectory, left_kib: int) -> None:
    add(small, *FIRST)
    publish(small, MIRROR, TODAY)
    add(small, *LATER)
    fill(small.root, left_kib)
    with pytest.raises((OSError, duckdb.Error)) as raised:
        publish(small, MIRROR, TODAY)
    assert exit_codes.exit_code(raised.value) == exit_codes.DISK, repr(raised.value)
    assert "free some space" in exit_codes.sentence(raised.value)
    with small.published.open() as con:
        assert con.execute(REPEATERS).fetchall() == [(620.0, 10000.0, FIRST[1])]
    (small.root / "filler").unlink()
    assert publish(small, MIRROR, TODAY).new
    assert not list(small.root.glob(".build*"))


def fill(folder: Path, left_kib: int) -> None:
    """Leave so much room."""
    with (folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    with (folder / "filler").open("r+b") as file:
        file.truncate(max(0, (folder / "filler").stat().st_size - (left_kib << 10)))


def test_a_database_that_says_so_in_its_own_way_is_a_full_disk_too() -> None:
    for fault in (
        duckdb.IOException('IO Error: Could not write file "x": No space left on device'),
        duckdb.FatalException("FATAL Error: Failed to create checkpoint: No space left on device"),
    ):
        assert exit_codes.exit_code(fault) == exit_codes.DISK
        assert exit_codes.sentence(fault).endswith(
            "free some space or give permission and run again, nothing published is lost."
        )


def test_too_little_memory_is_a_sentence_of_its_own() -> None:
    with duckdb.connect() as con, pytest.raises(duckdb.OutOfMemoryException) as raised:
        con.execute("SET memory_limit = '1MB'; SET temp_directory = ''")
        con.execute("CREATE TABLE t AS SELECT i, hash(i) AS h FROM range(10_000_000) AS r(i) ORDER BY h")
    for fault in (raised.value, MemoryError()):
        assert exit_codes.exit_code(fault) == exit_codes.MEMORY
        said = exit_codes.sentence(fault)
        assert said.startswith("not enough memory: ") and "SECTORAKKOORD_MEMORY_LIMIT" in said and "\n" not in said
    assert "\n" not in said and "no more could be had" in said
