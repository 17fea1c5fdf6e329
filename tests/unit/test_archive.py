"""The archive is a set of contents and a set of findings: order, repetition and crashes leave nothing wrong."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from tests.helpers import origin_for
from tests.tiny_files import FILE_05_2017, FILE_05_2017_AGAIN
from warehouse.archive import store as archive_module
from warehouse.archive.damage import ArchiveDamaged
from warehouse.archive.fetch_state import FetchLog, FetchState
from warehouse.archive.model import Origin
from warehouse.archive.store import Archive

CONTENT = b"BRINNUMMER;VESTIGINGSNUMMER\n"
SHA = hashlib.sha256(CONTENT).hexdigest()
ORIGIN = origin_for(FILE_05_2017, "https://voorbeeld.invalid/05.csv", date(2020, 10, 5), edition="mirror")


def files_in(archive: Archive) -> set[str]:
    """Every file of an archive, relative to it."""
    return {str(path.relative_to(archive.folder)) for path in archive.folder.rglob("*") if path.is_file()}


def test_adding_again_adds_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.add(CONTENT, ORIGIN) == (SHA, True)
    before = files_in(archive)
    assert archive.add(CONTENT, ORIGIN) == (SHA, False)
    assert archive.add(CONTENT, replace(ORIGIN, retrieved_on=date(2026, 1, 1))) == (SHA, False)
    assert files_in(archive) == before
    assert [vintage.known_from for vintage in archive.vintages()] == [date(2020, 10, 5)]


def test_one_content_under_two_names_is_one_object_and_one_vintage(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(CONTENT, ORIGIN)
    later = replace(
        ORIGIN, file_name=FILE_05_2017_AGAIN, url="https://voorbeeld.invalid/b", retrieved_on=date(2021, 1, 1)
    )
    archive.add(CONTENT, later)
    (vintage,) = archive.vintages()
    assert [path.name for path in tmp_path.glob("objects/*/*")] == [SHA]
    assert vintage.origins == (ORIGIN, later)
    assert (vintage.sha256, vintage.source_file_id, vintage.size) == (SHA, SHA[:12], len(CONTENT))
    assert vintage.path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("retrieved", "published", "expected"),
    [
        (date(2020, 10, 5), None, date(2020, 10, 5)),
        (date(2020, 10, 5), date(2019, 12, 1), date(2019, 12, 1)),
        (date(2020, 10, 5), date(2021, 1, 1), date(2020, 10, 5)),
    ],
)
def test_known_from_is_the_earlier_of_the_days_that_are_known(
    retrieved: date, published: date | None, expected: date
) -> None:
    assert replace(ORIGIN, retrieved_on=retrieved, published_on=published).known_from == expected


def test_a_finding_from_before_moves_known_from_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for day in (date(2020, 10, 5), date(2018, 11, 6), date(2019, 1, 1)):
        archive.add(CONTENT, replace(ORIGIN, retrieved_on=day))
    (vintage,) = archive.vintages()
    assert (vintage.known_from, vintage.origin.retrieved_on) == (date(2018, 11, 6), date(2018, 11, 6))


def test_vintages_come_in_order_of_knowledge_whatever_the_order_of_adding(tmp_path: Path) -> None:
    contents = [(b"een\n", date(2020, 1, 1)), (b"twee\n", date(2018, 1, 1)), (b"drie\n", date(2020, 1, 1))]
    told = []
    for number, order in enumerate(permutations(contents)):
        archive = Archive(tmp_path / str(number))
        for content, day in order:
            archive.add(content, replace(ORIGIN, retrieved_on=day))
        told.append([(vintage.known_from, vintage.sha256) for vintage in archive.vintages()])
    assert told[0] == sorted(told[0]) and len(told[0]) == 3
    assert all(one == told[0] for one in told)


TWINS = {
    "the same place, another day of finding": [
        replace(ORIGIN, published_on=date(2019, 1, 1), retrieved_on=date(2020, 3, 1)),
        replace(ORIGIN, published_on=date(2019, 1, 1), retrieved_on=date(2020, 5, 1)),
    ],
    "the same place, another edition": [ORIGIN, replace(ORIGIN, edition="live")],
    "the same place, another note": [replace(ORIGIN, note="a"), replace(ORIGIN, note="b")],
}


@pytest.mark.parametrize("case", TWINS)
def test_the_first_finding_does_not_depend_on_the_order_of_adding(tmp_path: Path, case: str) -> None:
    """What the warehouse tells of a file (and so its content hash) comes from the first finding."""
    firsts = []
    for number, order in enumerate((TWINS[case], TWINS[case][::-1])):
        archive = Archive(tmp_path / str(number))
        for origin in order:
            archive.add(CONTENT, origin)
        firsts.append(archive.vintages()[0].origin)
    assert firsts[0] == firsts[1]


def test_the_first_finding_does_not_depend_on_the_order_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File systems list a folder in any order."""
    archive = Archive(tmp_path)
    for origin in TWINS["the same place, another edition"]:
        archive.add(CONTENT, origin)
    glob = Path.glob
    firsts = []
    for backwards in (False, True):
        monkeypatch.setattr(
            Path, "glob", lambda path, pattern, back=backwards: sorted(glob(path, pattern), reverse=back)
        )
        firsts.append(archive.vintages()[0].origin)
    assert firsts[0] == firsts[1]


def test_a_damaged_object_is_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(CONTENT, ORIGIN)
    archive.add(b"heel\n", ORIGIN)
    assert archive.check() == []
    archive.object_path(SHA).write_bytes(CONTENT[:-1])
    (fault,) = archive.check()
    assert SHA in fault and "backup" in fault


def test_a_lost_object_is_told_by_name(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.add(CONTENT, ORIGIN)
    archive.object_path(SHA).unlink()
    with pytest.raises(ArchiveDamaged, match=SHA):
        archive.vintages()


def test_refused_files_are_kept_aside_with_the_reason(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.refuse(CONTENT, ORIGIN, "a web page") == SHA
    archive.refuse(CONTENT, ORIGIN, "a web page")
    assert archive.vintages() == [] and archive.check() == []
    (record,) = archive.refused()
    told = [record[name] for name in ("sha256", "file_name", "url", "bytes", "reason", "retrieved_on")]
    assert told == [SHA, FILE_05_2017, ORIGIN.url, len(CONTENT), "a web page", "2020-10-05"]
    assert (tmp_path / "refused" / SHA).read_bytes() == CONTENT


def test_a_crash_between_content_and_origin_leaves_nothing_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr(archive_module, "write_json", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        archive.add(CONTENT, ORIGIN)
    assert files_in(archive) == {f"objects/{SHA[:2]}/{SHA}"}
    assert archive.vintages() == [] and archive.check() == []
    archive.add(CONTENT, ORIGIN)
    assert [vintage.origins for vintage in archive.vintages()] == [(ORIGIN,)]


def test_a_crash_while_writing_leaves_no_half_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    with monkeypatch.context() as power, pytest.raises(KeyboardInterrupt):
        power.setattr("warehouse.files.replace_file", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        archive.add(CONTENT, ORIGIN)
    assert not archive.object_path(SHA).exists()
    assert archive.vintages() == [] and archive.check() == []
    assert archive.add(CONTENT, ORIGIN) == (SHA, True)
    assert archive.object_path(SHA).read_bytes() == CONTENT and len(archive.vintages()) == 1


def test_an_origin_comes_back_as_it_was_written(tmp_path: Path) -> None:
    full = Origin(
        *("duo_05_zittenblijvers", FILE_05_2017, "https://voorbeeld.invalid/é", "DUO", "CC0", date(2020, 10, 5)),
        published_on=date(2019, 1, 2),
        edition="sample",
        synthetic=True,
        note="verzonnen; “met aanhaling”",
    )
    archive = Archive(tmp_path)
    archive.add(CONTENT, full)
    assert archive.origins(SHA) == (full,)


def test_no_dataset_no_origin() -> None:
    assert origin_for("recept-voor-stamppot.csv", "https://voorbeeld.invalid/x", date(2020, 1, 1)) is None


@pytest.mark.parametrize("extra,forgotten", [({}, False), ({"api": "v4", "measures": {}}, True)])
def test_a_visit_to_a_cbs_table_by_code_is_forgotten(tmp_path: Path, extra: dict, forgotten: bool) -> None:
    """Written before 0.2: the table is read anew, by title; visits to other addresses stand."""
    log, state = FetchLog(tmp_path), FetchState("cbs:85368NED", SHA, "https://datasets.cbs.nl/", "85368NED.csv")
    log.keep(state)
    (path,) = log.folder.iterdir()
    path.write_text(json.dumps(json.loads(path.read_text()) | {"extra": extra}))
    assert log.get(state.address) == (None if forgotten else state)
