"""Errors of our own: a row of the register that a release held changes only with an erratum, and the erratum shows everywhere."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from schemas.register.reader import RegisterError
from tests.integration.test_publish import add
from warehouse.archive.edition import Edition
from warehouse.database import connect
from warehouse.register.loader import REGISTER
from warehouse.release.data_directory import DataDirectory
from warehouse.release.publish import publish
from warehouse.report.evaluation import write_evaluation
from warehouse.report.write import write_report

MIRROR, TODAY = Edition("mirror"), date(2026, 11, 28)
ROW = "PV-G09-001"
ERRATUM = {
    "erratum_id": "ER-901",
    "found_on": "2026-11-28",
    "found_by": "reader",
    "table": "published_value",
    "row_key": ROW,
    "column": "known_from",
    "before": "2020-12-31",
    "after": "2019-06-30",
    "wrong_since": "2026-11-23",
    "what_nl": "Verzonnen voor deze test: de dag was die van een latere pagina.",
    "what_en": "Made up for this test: the day was that of a later page.",
}
SERIES = "indicator_id = 'g09_opleidingsplekken_n' AND period_label = '2014-2015'"


def edit(register: Path, table: str, change) -> None:
    """Rewrite one table of a register after `change` has edited its list of rows (dicts)."""
    path = register / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        rows, columns = list(reader), reader.fieldnames or []
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def set_cells(**cells: str):
    """The change that gives the row its new cells."""
    return lambda rows: next(row for row in rows if row["value_id"] == ROW).update(cells)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A copy of the register."""
    return Path(shutil.copytree(REGISTER, tmp_path / "register"))


@pytest.fixture
def data(tmp_path: Path, register: Path) -> DataDirectory:
    """A first release of that register, with the snapshots of 2019 and 2020."""
    directory = DataDirectory(tmp_path / "data")
    add(directory, "1718-tov-1819", date(2019, 5, 1), ("00AA", 4000, 250), ("00AB", 6000, 370))
    publish(directory, MIRROR, TODAY, snapshots={2019: None, 2020: None}, register=register)
    return directory


def asked(data: DataDirectory, query: str) -> list[tuple]:
    with connect(data.warehouse, read_only=True) as con:
        return con.execute(query).fetchall()


DAY_MOVED = set_cells(published_on="2019-06-30", published_precision="day")


def test_a_day_that_moves_without_a_word_stops_the_release(data, register):
    edit(register, "published_value", DAY_MOVED)
    with pytest.raises(RegisterError) as raised:
        publish(data, MIRROR, TODAY, register=register)
    assert str(raised.value) == (
        f"published_value.csv, row {ROW}, column known_from: expected 2020-12-31, as the last release held, found 2019-06-30; "
        f"restore it, or add the line ER-...,2026-11-28,editors,published_value,{ROW},known_from,2020-12-31,2019-06-30,"
        "(wrong since),(what was wrong, in Dutch and in English) to errata.csv."
    )
    assert asked(data, "SELECT release_id FROM meta.release") == [("0001",)]


def test_with_an_erratum_it_is_released_and_shown_wherever_the_value_is(data, register):
    edit(register, "published_value", DAY_MOVED)
    edit(register, "errata", lambda rows: rows.append(ERRATUM))
    done = publish(data, MIRROR, TODAY, register=register)
    assert done.release.release_id == "0002"
    # A past day answers by what is known of it now; what we said then is in the snapshot's version of then.
    assert asked(data, f"SELECT value, flags FROM as_of('2019-12-31') WHERE {SERIES}") == [(6009.0, ["our_correction"])]
    frozen = f"SELECT snapshot_id FROM snapshot.observation WHERE {SERIES} AND snapshot_id LIKE '2019@%'"
    assert asked(data, frozen) == [("2019@1.1.0",)]
    assert asked(data, f"SELECT known_from, flags FROM history() WHERE {SERIES}") == [
        (date(2019, 6, 30), ["our_correction"])
    ]
    assert asked(
        data,
        "SELECT erratum_id, kind, value_before, value_after, revised_on FROM revisions WHERE erratum_id = 'ER-901'",
    ) == [("ER-901", "our_correction", 6009.0, 6009.0, date(2026, 11, 28))]
    # 2020 was frozen on the last of its days, on which the value was known either way.
    touched = "SELECT erratum_id, goal_id, touched_from, touched_to, snapshots_touched FROM errata WHERE erratum_id = 'ER-901'"
    assert asked(data, touched) == [("ER-901", "G09", date(2019, 6, 30), date(2020, 12, 31), [2019])]

    with connect(data.warehouse, read_only=True) as con:
        evaluation = write_evaluation(con, date(2020, 12, 31), data.root / "evaluation")
        write_report(con, data.root / "report")
    table = next(path for path in evaluation if path.name == "errata.csv").read_text(encoding="utf-8-sig")
    assert "ER-901" in table and "touches_this_day" in table.splitlines()[0]
    for language, what in (("nl", ERRATUM["what_nl"]), ("en", ERRATUM["what_en"])):
        page = (data.root / "report" / language / "errata.html").read_text()
        assert ROW in page and what in page and "2020-12-31" in page and "2019-06-30" in page
        assert what in next(path for path in evaluation if path.name == f"evaluation_{language}.html").read_text()


def test_a_value_its_removal_and_an_erratum_itself_need_a_word_too_and_a_new_row_needs_none(data, register):
    edit(register, "published_value", set_cells(value="6010"))
    with pytest.raises(
        RegisterError, match=f"row {ROW}, column value: expected 6009.0, as the last release held, found 6010.0"
    ):
        publish(data, MIRROR, TODAY, register=register)
    edit(register, "errata", lambda rows: rows.append(ERRATUM | {"column": "value", "before": "6009", "after": "6010"}))
    new = {
        "value_id": "PV-G09-999",
        "period_label": "2030-2031",
        "period_start": "2030-08-01",
        "period_end": "2031-07-31",
    }
    edit(
        register, "published_value", lambda rows: rows.append(next(row for row in rows if row["value_id"] == ROW) | new)
    )
    publish(data, MIRROR, TODAY, register=register)
    revised = "SELECT value_before, value_after, change FROM revisions WHERE kind = 'our_correction' AND erratum_id = 'ER-901'"
    assert asked(data, revised) == [(6009.0, 6010.0, 1.0)]
    assert asked(data, "SELECT snapshots_touched FROM errata WHERE erratum_id = 'ER-901'") == [([2020],)]

    edit(register, "published_value", lambda rows: rows.pop())
    with pytest.raises(
        RegisterError, match=r"row PV-G09-999, column known_from: expected 2020-12-31, .* found nothing"
    ):
        publish(data, MIRROR, TODAY, register=register)
    gone = {"erratum_id": "ER-902", "row_key": "PV-G09-999", "after": ""}
    edit(register, "errata", lambda rows: rows.append(ERRATUM | gone))
    publish(data, MIRROR, TODAY, register=register)
    assert asked(data, "SELECT erratum_id, touched_from, touched_to FROM errata WHERE erratum_id = 'ER-902'") == [
        ("ER-902", date(2020, 12, 31), None)
    ]

    edit(register, "errata", lambda rows: rows.remove(next(row for row in rows if row["erratum_id"] == "ER-901")))
    with pytest.raises(RegisterError, match=r"errata.csv, row ER-901, .* restore it: errata are only added to"):
        publish(data, MIRROR, TODAY, register=register)
