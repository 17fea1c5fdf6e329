"""A build that starts from the last release says what one from nothing says, row for row, whatever happened in between."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from flows.refresh import Request, refresh
from flows.settings import load_settings
from schemas.datasets.zittenblijvers import Zittenblijvers
from tests.helpers import tiny_05, tiny_steps
from tests.integration.test_sites import MAIN_SITES, PROVINCES, SITES, main_sites_file
from tests.tiny_files import (
    FILE_05_2015,
    FILE_05_2017,
    FILE_05_2017_AGAIN,
    FILE_06_2019,
    FILE_SITES,
    HAVO,
    VWO,
    add_found,
    address_file,
    exam_cells,
    exam_file,
)
from warehouse.archive.edition import Edition
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import decide, in_force
from warehouse.build import build_warehouse, increment
from warehouse.build.build_warehouse import build
from warehouse.build.parse_cache import ParseCache
from warehouse.database import connect, scalar
from warehouse.register.loader import REGISTER
from warehouse.release.content_hash import content_hash, keep_digests, kept_parts, relation_digest
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.release.verify import ReleaseDiffers, verify_release
from warehouse.sample import FILES as SAMPLE_FILES

MIRROR = Edition("mirror")
HISTORIES = int(os.environ.get("HISTORIES", "6"))
"""HISTORIES=500 makes the proof longer."""
STEPS = 5


class History:
    """An archive to which things happen by chance, and a register that changes now and then."""

    def __init__(self, folder: Path, dice: Random) -> None:
        self.dice, self.archive, self.register = dice, Archive(folder / "archive"), folder / "register"
        self.found: list[tuple[str, str, str]] = []
        self.clock = datetime(2024, 1, 1, tzinfo=UTC)
        shutil.copytree(REGISTER, self.register)

    def day(self) -> date:
        """Some are late: before what is known already."""
        return date(2016, 1, 1) + timedelta(days=90 * self.dice.randint(0, 20))

    def some(self) -> list[str]:
        """A few sites."""
        return sorted(self.dice.sample(SITES, self.dice.randint(1, len(SITES))))

    def exam_line(self, site: str) -> tuple:
        """A line of file 06 that agrees with itself, with hidden counts among it."""
        men, women = ((had := self.dice.randint(0, 9), self.dice.randint(0, had)) for _ in range(2))
        groups = men, women, (men[0] + women[0], men[1] + women[1])
        return site, self.dice.choice((HAVO, VWO)), exam_cells(*groups)

    def content(self, name: str) -> str:
        """What a file of this name says this time."""
        if name == FILE_SITES:
            board_of = {site[:4]: f"0000{self.dice.randint(1, 3)}" for site in SITES}
            return address_file({site: (board_of[site[:4]], self.dice.choice(PROVINCES)) for site in self.some()})
        if name == MAIN_SITES:
            return main_sites_file({site[:4]: f"0000{self.dice.randint(1, 3)}" for site in self.some()})
        if name.startswith("OVERGANGEN"):
            return tiny_steps([("00AA", "01AA", f"1-8-{self.dice.randint(2016, 2020)}", "F", "J")])
        if name == FILE_06_2019:
            return exam_file([self.exam_line(site) for site in self.some()])
        rejected = [("09ZZ00", 5, 7)] * self.dice.randint(0, 1)
        return tiny_05([(site, self.dice.randint(20, 40), self.dice.randint(0, 9)) for site in self.some()] + rejected)

    def arrival(self) -> None:
        """A file comes, or another version of it."""
        names = (FILE_05_2015, FILE_05_2017, FILE_05_2017_AGAIN, FILE_06_2019, FILE_06_2019, FILE_SITES, MAIN_SITES)
        name = self.dice.choice((*names, "OVERGANGEN_20250113.csv"))
        text = self.content(name)
        self.found.append((add_found(self.archive, name, text, self.day()), name, text))

    def found_again(self) -> None:
        """A content comes back on another day, at its own address or at another one."""
        if self.found:
            _, name, text = self.dice.choice(self.found)
            url = self.dice.choice((None, "https://elders.voorbeeld.invalid/"))
            add_found(self.archive, name, text, self.day(), url and url + name)

    def withdrawal(self) -> None:
        """A content is withdrawn, or restored."""
        if self.found:
            sha256, *_ = self.dice.choice(self.found)
            self.clock += timedelta(days=1)
            gone = any(one.sha256 == sha256 for one in in_force(self.archive.folder))
            decide(self.archive.folder, sha256, gone, "Tester", "made up", self.clock)

    def register_change(self) -> None:
        """A published value is another."""
        path = self.register / "published_value.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(",5.8,", ",5.9,", 1) if ",5.8," in text else text.replace(",5.9,", ",5.8,", 1))

    def nothing(self) -> None:
        """Nothing happens."""

    def step(self) -> None:
        """Something happens, and sometimes several things at once."""
        happenings: list[Callable[[], None]] = [self.arrival] * 6 + [self.found_again, self.withdrawal] * 2
        for _ in range(self.dice.randint(1, 3)):
            self.dice.choice([*happenings, self.register_change, self.nothing])()


@pytest.fixture(autouse=True)
def tolerant(monkeypatch: pytest.MonkeyPatch) -> None:
    """One bad line in ten is not too many here: rows in quarantine come and go with their files as well."""
    monkeypatch.setattr(Zittenblijvers, "max_rejected_share", 1.0)


def content_of(path: Path) -> dict[str, str]:
    """Table -> digest of its rows, for all tables but the one whose rows only say how a release was made."""
    with connect(path, read_only=True) as con:
        tables = "SELECT schema_name || '.\"' || table_name || '\"' FROM duckdb_tables() WHERE NOT temporary"
        return {name: relation_digest(con, name) for (name,) in con.execute(tables).fetchall()}


def copied(source: Path, target: Path) -> bool:
    """The last release as a build starts from it."""
    shutil.copyfile(source, target)
    return True


def builds(history: History, folder: Path, number: int) -> tuple[Path, bool, Path]:
    """The warehouse that starts from number - 1, whether it did, and the one from nothing."""
    cache, last, whole = ParseCache(folder / "cache"), folder / f"{number - 1}.duckdb", folder / "whole.duckdb"
    target = folder / f"{number}.duckdb"
    start = partial(copied, last) if number else increment.nothing_to_start_from
    continued = build(target, history.archive, cache, MIRROR, history.register, start=start)
    whole.unlink(missing_ok=True)
    assert not build(whole, history.archive, cache, MIRROR, history.register)
    return target, continued, whole


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_build_from_the_last_release_equals_one_from_nothing(tmp_path: Path, seed: int) -> None:
    """Arrivals, revisions, late files, returns, withdrawals and restorations, in any order; after each step every table is the same."""
    history, continuations = History(tmp_path, Random(seed)), 0
    for number in range(STEPS):
        history.step()
        target, continued, whole = builds(history, tmp_path, number)
        assert content_of(target) == content_of(whole), f"step {number}"
        continuations += continued
    assert continuations, "no build started from the last release: the test shows nothing"


def test_other_code_or_another_register_builds_from_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rows of the last release were made by must be what makes them now."""
    history = History(tmp_path, Random(1))
    history.arrival()
    builds(history, tmp_path, 0)
    assert builds(history, tmp_path, 1)[1]
    history.register_change()
    assert not builds(history, tmp_path, 2)[1]
    monkeypatch.setattr(increment, "judged_by", lambda register: "other code")
    assert not builds(history, tmp_path, 3)[1]
    assert builds(history, tmp_path, 4)[1]


def test_only_units_with_other_inputs_are_folded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new exam file leaves the observations of repeaters alone: a mark that was set on them is still there."""
    history = History(tmp_path, Random(2))
    for name in (FILE_05_2017, FILE_SITES):
        add_found(history.archive, name, history.content(name), "2019-01-01")
    first, *_ = builds(history, tmp_path, 0)
    with connect(first) as con:
        marked = "UPDATE goals.observation SET source = 'marked' WHERE indicator_id = 'g02_zittenblijf_pct' AND entity_level <> 'national'"
        con.execute(marked)
    add_found(history.archive, FILE_06_2019, history.content(FILE_06_2019), "2020-12-01")
    second, continued, whole = builds(history, tmp_path, 1)
    count = "SELECT count(*) FROM goals.observation WHERE source = 'marked'"
    with connect(second, read_only=True) as con, connect(whole, read_only=True) as other:
        assert continued and scalar(con, count) > 0 and scalar(other, count) == 0
        assert scalar(con, "SELECT count(*) FROM goals.observation WHERE indicator_id = 'g06_slaagpct'") > 0
    differing = {name for name, digest in content_of(whole).items() if content_of(second)[name] != digest}
    assert differing == {'goals."observation"'}


def test_a_file_with_holes_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What builds delete must not make releases grow without end."""
    history = History(tmp_path, Random(3))
    history.arrival()
    builds(history, tmp_path, 0)
    monkeypatch.setattr(increment, "LEAST_FILLED", 1.01)
    assert not builds(history, tmp_path, 1)[1]


def test_kept_digests_give_the_content_hash(tmp_path: Path) -> None:
    """Sums are kept per part of a table; whatever changes, they give the hash that reading everything gives."""
    history = History(tmp_path, Random(4))
    for name in (FILE_05_2017, FILE_SITES, FILE_06_2019):
        add_found(history.archive, name, history.content(name), "2020-12-01")
    path, *_ = builds(history, tmp_path, 0)
    changes = (
        "SELECT 1",
        "UPDATE goals.observation SET value = value + 1 WHERE indicator_id = 'g02_zittenblijf_pct'",
        "DELETE FROM core.contribution WHERE indicator_id = 'g06_slaagpct'",
        "UPDATE core.contribution SET breakdown = 'other' WHERE line = (SELECT min(line) FROM core.contribution)",
        "DELETE FROM core.entity_of",
        "UPDATE goals.sentence SET text_en = 'other' WHERE line < 5",
        "UPDATE goals.goal SET line = line + 1; ALTER TABLE goals.target ADD COLUMN extra INTEGER",
    )
    with connect(path) as con:
        for change in changes:
            con.execute(change)
            assert keep_digests(con, kept_parts(con, '"0"')) == content_hash(con), change


def test_verify_finds_what_a_wrong_increment_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that takes changed units for unchanged ones publishes old figures; a build from nothing tells."""
    data = DataDirectory(tmp_path / "data")
    history = History(tmp_path, Random(5))
    archive = Archive(data.archive)
    add_found(archive, FILE_05_2017, history.content(FILE_05_2017), "2019-01-01")
    publish(data, MIRROR, date(2024, 1, 1))
    with monkeypatch.context() as wrong:
        wrong.setattr(increment, "inputs_of_units", lambda con: {("g02_zittenblijf_pct", "any"): (1, 1)})
        add_found(archive, FILE_05_2017, history.content(FILE_05_2017), "2019-06-01")
        assert publish(data, MIRROR, date(2024, 1, 2)).new
    with pytest.raises(ReleaseDiffers, match=r"table goals\.observation: expected the rows of a build from nothing"):
        verify_release(data)
    data.warehouse.unlink()
    publish(data, MIRROR, date(2024, 1, 3))
    assert verify_release(data).tables > 50
    add_found(archive, FILE_05_2017, history.content(FILE_05_2017), "2019-09-01")
    with pytest.raises(ReleaseDiffers, match="run `sectorakkoord refresh` first"):
        verify_release(data)


def test_a_failed_audit_is_looked_at_again_from_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that starts from the last release never holds a file back: only one from nothing says whose fault it is."""
    data, history = DataDirectory(tmp_path / "data"), History(tmp_path, Random(6))
    add_found(Archive(data.archive), FILE_05_2017, history.content(FILE_05_2017), "2019-01-01")
    publish(data, MIRROR, date(2024, 1, 1))
    add_found(Archive(data.archive), FILE_05_2015, history.content(FILE_05_2015), "2019-06-01")
    with monkeypatch.context() as wrong:  # No unit is folded, and all observations are lost.
        wrong.setattr(
            build_warehouse,
            "keep",
            lambda con: con.execute("TRUNCATE meta.edition; TRUNCATE core.contribution") and increment.Kept(),
        )
        published = publish(data, MIRROR, date(2024, 1, 2))
    assert published.new and not published.held_back
    assert verify_release(data).release.release_id == published.release.release_id


def late_file(folder: Path, data: Path) -> None:
    """Refresh a folder of files but for one, then the whole of it; the release equals a build from nothing."""
    part = data / "part"
    shutil.copytree(folder, part)
    for manifest in (folder / "manifest.csv", folder.parent / "manifest.csv"):
        if manifest.exists():
            shutil.copy(manifest, data)
    held = sorted(part.rglob("05*zittenblijv*.csv"))[-1]
    settings = load_settings(data=data / "data")
    away = held.rename(data / held.name)
    refresh(Request("mirror", part, site=False, snapshots={2020: None}), settings, date(2027, 1, 1))
    away.rename(held)
    published = refresh(Request("mirror", part, site=False), settings, date(2027, 1, 2)).published
    assert published.new and verify_release(settings.directory).release == published.release


def test_the_sample_with_a_late_file_equals_a_build_from_nothing(tmp_path: Path) -> None:
    """The bundled files, one of which comes a day later."""
    late_file(SAMPLE_FILES, tmp_path)


@pytest.mark.slow
def test_the_mirror_with_a_late_file_equals_a_build_from_nothing(tmp_path: Path, shared_mirror: Path) -> None:
    """The real files, one of which comes a day later."""
    late_file(shared_mirror, tmp_path)
