"""Beyond one machine, with everything real on loopback: PostgreSQL, an S3 server, a Prefect server and two workers.

Run with `make scale-test`. The two workers share the data directory, as machines do over a network file system; whoever
only reads needs the lake alone.
"""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.object_store import ObjectStore, object_store
from tests.postgres import postgres
from tests.schedule_case import PROJECT, Hook, Schedule, end, receiver, wait_for
from tests.tools.sample_generator import write_sample
from warehouse.archive.edition import Edition
from warehouse.database import one_record
from warehouse.release.content_hash import content_hash
from warehouse.release.current_release import published_release
from warehouse.release.data_directory import DataDirectory
from warehouse.release.ducklake_store import DuckLakeStore, Store
from warehouse.release.publish import publish

pytestmark = [pytest.mark.scale, pytest.mark.server, pytest.mark.prefect]
MIRROR = PROJECT.parent / "shared" / "opendata" / "mirror"
READERS = 4
TIMES_THE_SAMPLE = 20
TIMEOUT_S = 1800


@dataclass
class Platform:
    """A server with two workers that publish to one lake."""

    schedule: Schedule
    lake: DuckLakeStore
    second: subprocess.Popen

    @property
    def data(self) -> DataDirectory:
        """The data directory that the workers share."""
        return DataDirectory(self.schedule.data, self.lake)

    def refresh(self, timeout_s: float = TIMEOUT_S, **parameters: object) -> str:
        """Run the main job on whichever worker takes it; returns the state it ended in."""
        return self.schedule.end_of(self.schedule.start("refresh/monthly", **parameters), timeout_s)[0]


def lake_settings(libpq: str, store: ObjectStore) -> dict[str, str]:
    """The settings that lead to the lake."""
    return {
        "SECTORAKKOORD_WAREHOUSE": f"ducklake:postgres:{libpq}",
        "SECTORAKKOORD_LAKE_DATA": "s3://sectorakkoord/lake/",
        "SECTORAKKOORD_S3_ENDPOINT": store.endpoint,
        "SECTORAKKOORD_S3_KEY_ID": store.key_id,
        "SECTORAKKOORD_S3_SECRET": store.secret,
    }


@pytest.fixture(scope="module")
def platform(tmp_path_factory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("scale")
    hook = receiver(ThreadingHTTPServer(("127.0.0.1", 0), Hook))
    with postgres() as server, object_store(folder / "store") as store, hook as hooked:
        lake_database = server.new_database("lake")
        schedule = Schedule(folder / "data", f"http://127.0.0.1:{hooked.server_port}/", "")
        schedule.environment |= lake_settings(lake_database.libpq, store)
        schedule.environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = server.url
        done = schedule.command("schedule")
        assert done.returncode == 0, done.stdout + done.stderr
        second = second_worker(schedule, folder)
        key = Store(store.endpoint, store.key_id, store.secret)
        lake = DuckLakeStore(f"ducklake:postgres:{lake_database.libpq}", "s3://sectorakkoord/lake/", key)
        try:
            yield Platform(schedule, lake, second)
        finally:
            end(second)
            schedule.command("unschedule")


def second_worker(schedule: Schedule, folder: Path) -> subprocess.Popen:
    """Another worker for the same pool, as another machine would run it."""
    log = folder / "second.log"
    environment = schedule.environment | {"PREFECT_API_URL": schedule.api, "PREFECT_HOME": str(folder / "second")}
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "sectorakkoord", "--name", "second"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            env=environment | {"PYTHONPATH": str(PROJECT)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    wait_for(lambda: b"started!" in log.read_bytes(), 120, "second worker")
    return process


def hash_as_a_file(data: DataDirectory, folder: Path, edition: str, today: date) -> str:
    """The content hash of a single-file warehouse made from a copy of the same archive."""
    alone = DataDirectory(folder / "alone")
    shutil.copytree(data.archive, alone.archive)
    shutil.copytree(data.cache, alone.cache)
    release = publish(alone, Edition(edition), today).release
    assert alone.warehouse.exists()
    return release.content_hash


def read_again_and_again(lake: DuckLakeStore, stop: Path, told: Path) -> None:
    """A reader on another machine: every release it opens must be whole and must not change under it."""
    seen = []
    while not stop.exists():
        with lake.open() as con:
            first = one_record(con, "SELECT release_id, content_hash FROM meta.release")
            seen.append({**first, "whole": content_hash(con) == first["content_hash"]})
            assert one_record(con, "SELECT release_id, content_hash FROM meta.release") == first
        time.sleep(5)
    told.write_text(json.dumps(seen))


@pytest.mark.parametrize("edition", ["sample", "mirror"])
def test_the_main_job_gives_the_lake_the_content_of_a_file(platform, tmp_path, edition):
    folder = MIRROR
    if edition == "sample":
        write_sample(tmp_path / "sample", scale=TIMES_THE_SAMPLE)
        folder = tmp_path / "sample"
    elif not MIRROR.is_dir():
        pytest.skip(f"real files are not here: expected {MIRROR.name} in shared/opendata beside the project")
    assert platform.refresh(edition="mirror", folder=str(folder), snapshot_years=[2018, 2019, 2020]) == "COMPLETED"
    release = published_release(platform.lake)
    assert release is not None and release.edition == edition and not platform.data.warehouse.exists()
    with platform.lake.open() as con:
        assert content_hash(con) == release.content_hash
    assert hash_as_a_file(platform.data, tmp_path, edition, date.today()) == release.content_hash


def test_a_worker_killed_while_it_publishes_costs_nothing(platform, tmp_path):
    before = published_release(platform.lake)
    run = platform.schedule.start("backfill/years", first=2016, last=2017)
    build = wait_for(platform.schedule.builds, 180, "build")
    process = int(next(iter(build)).name.split("-")[1].split(".")[0])
    os.kill(process, signal.SIGKILL)
    assert platform.schedule.end_of(run, 180)[0] == "CRASHED"
    assert published_release(platform.lake) == before
    with platform.lake.open() as con:
        assert content_hash(con) == before.content_hash
    again = platform.schedule.start("backfill/years", first=2016, last=2017)
    assert platform.schedule.end_of(again, TIMEOUT_S)[0] == "COMPLETED"
    after = published_release(platform.lake)
    assert after.number == before.number + 1 and not platform.schedule.builds()
    assert hash_as_a_file(platform.data, tmp_path, after.edition, date.today()) == after.content_hash


def test_readers_on_other_machines_see_whole_releases_while_others_publish(platform, tmp_path):
    stop, told = tmp_path / "stop", [tmp_path / f"reader-{number}.json" for number in range(READERS)]
    context = multiprocessing.get_context("spawn")
    readers = [context.Process(target=read_again_and_again, args=(platform.lake, stop, path)) for path in told]
    for reader in readers:
        reader.start()
    first = published_release(platform.lake)
    # Both workers are asked at once; they publish one after another.
    runs = [platform.schedule.start("snapshot/yearly", year=year) for year in (2014, 2015)]
    try:
        assert [platform.schedule.end_of(run, TIMEOUT_S)[0] for run in runs] == ["COMPLETED"] * 2
        time.sleep(5)
    finally:
        stop.touch()
        for reader in readers:
            reader.join(120)
    assert [reader.exitcode for reader in readers] == [0] * READERS
    seen = [one for path in told for one in json.loads(path.read_text())]
    assert all(one["whole"] for one in seen)
    assert published_release(platform.lake).number == first.number + 2
    assert len({one["release_id"] for one in seen}) >= 2, "no reader saw a release come in"


class NoLock(DataDirectory):
    """A data directory whose lock holds nobody, as on a network file system without locks."""

    @property
    def lock(self) -> Path:
        """One for each process."""
        return self.root / f"writer-{os.getpid()}.lock"


class OwnWorkshop(DuckLakeStore):
    """The lake of a writer that builds in a folder of its own, as each machine's leftovers are its own."""

    def build_folder(self, data: Path) -> Path:
        """One for each process."""
        folder = data / f"machine-{os.getpid()}"
        folder.mkdir(exist_ok=True)
        return folder


def freeze_without_a_lock(root: Path, lake: DuckLakeStore, edition: str, year: int) -> None:
    """A writer on a machine that the lock does not reach."""
    place = OwnWorkshop(lake.address, lake.files, lake.store)
    publish(NoLock(root, place), Edition(edition), date.today(), snapshots={year: None})


def test_conflicting_writers_retry_and_none_is_lost(platform):
    """Three writers whom no lock holds: the lake lets them in one by one, and what each froze is in the last release.

    They share an archive, so one that is in first may bring what another has frozen already.
    """
    context = multiprocessing.get_context("spawn")
    first, years = published_release(platform.lake), (2011, 2012, 2013)
    arguments = (platform.schedule.data, platform.lake, first.edition)
    writers = [context.Process(target=freeze_without_a_lock, args=(*arguments, year)) for year in years]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(TIMEOUT_S)
    assert [writer.exitcode for writer in writers] == [0] * len(years)
    last = published_release(platform.lake)
    assert first.number < last.number
    with platform.lake.open() as con:
        assert content_hash(con) == last.content_hash
        assert con.execute(
            "SELECT list(year ORDER BY year) FROM snapshots WHERE year < 2014 AND is_latest"
        ).fetchall() == [(list(years),)]
        released = con.execute(
            "SELECT list(commit_extra_info->>'release_id' ORDER BY snapshot_id) FROM warehouse.snapshots() "
            "WHERE author = 'sectorakkoord'"
        ).fetchall()
    # In order and none twice; a writer that lost the race leaves a gap, for its notes had the number already.
    ((numbers,),) = released
    assert numbers == sorted(set(numbers)) and numbers[-1] == last.release_id
    assert first.number < len(numbers) <= first.number + len(years)
