"""`progress`: which series leads, what stands beside it, and that a line of a file gets there; no empty cell without a reason."""

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.helpers import tiny_05, tiny_06, tiny_warehouse
from tests.people_case import published_sample
from warehouse.database import connect
from warehouse.register.loader import REGISTER

SAMPLE = Path("warehouse/sample/files/duo.nl/open_onderwijsdata/images")
EXAMS = "06-examenkandidaten-en-geslaagden-2014-2019.csv"
MASKED_EXAMS = "examenkandidaten-en-geslaagden-2019-2024.csv"
REPEATERS = "05.-zittenblijven-vo-brinvest-1718-tov-1819.csv"
PUPILS = (
    "01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2017-2018.csv",
    "01-leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv",
)
FILES = (EXAMS, MASKED_EXAMS, REPEATERS, *PUPILS)
SCHOOL_YEAR = "SCHOOLJAAR 2017-2018"
Rows = list[dict[str, str]]


def goals(con: duckdb.DuckDBPyConnection, years: tuple[int, int]) -> dict[str, dict]:
    """Goal -> its row of `progress`."""
    found = con.execute("FROM progress($1, $2)", list(years))
    names = [column[0] for column in found.description]
    return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def rewritten(path: Path, change: Callable[[Rows], None]) -> None:
    """Change the rows of a CSV of the register in place."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    change(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def published_as(values: dict[tuple[str, str], float], digits: int) -> Callable[[Rows], None]:
    """Replace published totals by (method, period_end) with what was added up, rounded."""

    def change(rows: Rows) -> None:
        for row in rows:
            found = values.get((row["method_version"], row["period_end"]))
            if found is not None and row["breakdown"] == "total" and row["entity_level"] == "national":
                row["value"] = f"{found:.{digits}f}"

    return change


def decoded(content: bytes) -> str:
    """The text of a file of the sample, which has the code pages of the publishers."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def sample_build(folder: Path, register: Path, changed: dict[str, Callable[[str], str]]) -> duckdb.DuckDBPyConnection:
    """A warehouse of files of the sample as if they were real, some with a changed line."""
    texts = {name: decoded((SAMPLE / name).read_bytes()) for name in FILES}
    for name, change in changed.items():
        texts[name] = change(texts[name])
    return tiny_warehouse(folder, [(name, text, date(2021, 1, 1)) for name, text in texts.items()], register)


def one_line(
    text: str, fits: Callable[[dict[str, str]], bool], change: Callable[[dict[str, str]], dict[str, str]]
) -> str:
    """The file with the first line that fits changed, byte for byte the same elsewhere."""
    lines = text.split("\r\n")
    header = lines[0].split(";")
    for at, line in enumerate(lines[1:], start=1):
        row = dict(zip(header, line.split(";"), strict=False))
        if len(row) == len(header) and fits(row):
            lines[at] = ";".join((row | change(row)).values())
            return "\r\n".join(lines)
    raise AssertionError("no line fits")


def one_more_passed(text: str) -> str:
    """A candidate of 2017-2018 who failed now passes."""
    count, passed, share = (f"{what} {SCHOOL_YEAR} - " for what in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC"))

    def change(row: dict[str, str]) -> dict[str, str]:
        new = {}
        for sex in ("MAN", "TOTAAL"):
            more = int(row[passed + sex]) + 1
            new[passed + sex] = str(more)
            new[share + sex] = f"{100 * more / int(row[count + sex]):.1f}".replace(".", ",") + "%"
        return new

    return one_line(text, lambda row: int(row[passed + "MAN"]) < int(row[count + "MAN"]), change)


def one_more_pupil(text: str) -> str:
    column = "LEER- OF VERBLIJFSJAAR 1 - MAN"
    return one_line(text, lambda row: row[column] not in ("", "0"), lambda row: {column: str(int(row[column]) + 1)})


def one_more_repeater(text: str) -> str:
    column = "AANTAL_ZITTENBLIJVERS"
    return one_line(text, lambda row: int(row[column]) > 0, lambda row: {column: str(int(row[column]) + 1)})


def test_a_line_of_a_file_reaches_progress(tmp_path: Path) -> None:
    """Exams move G06 and pupils G08; repetition by the count with newcomers moves what stands beside G02."""
    with sample_build(tmp_path / "before", REGISTER, {}) as con:
        before, pupils_before = goals(con, (2018, 2020)), goals(con, (2017, 2019))["G08"]
        totals = con.execute(
            """SELECT 'gepubliceerd', period_end::VARCHAR, coalesce(value, (value_low + value_high) / 2) FROM timeline
            WHERE indicator_id = 'g06_slaagpct' AND method_version = 'bottom_up' AND breakdown = 'total'"""
        ).fetchall()
    # These made-up schools do not give the real published figures, so these lead and the difference is told.
    assert before["G06"]["value_basis"] == "published" and before["G06"]["reconciles"] is False
    assert (
        before["G06"]["reconciles_reason"] == "difference_unexplained" and before["G06"]["check_value_from"] is not None
    )

    register = tmp_path / "register"
    shutil.copytree(REGISTER, register)
    agreed = {(method, day): value for method, day, value in totals}
    rewritten(register / "published_value.csv", published_as(agreed, 1))
    changed = {EXAMS: one_more_passed, PUPILS[1]: one_more_pupil, REPEATERS: one_more_repeater}
    with sample_build(tmp_path / "after", register, changed) as con:
        after, pupils_after = goals(con, (2018, 2020)), goals(con, (2017, 2019))["G08"]
        ((passed, candidates),) = con.execute(
            """SELECT numerator, denominator FROM timeline WHERE indicator_id = 'g06_slaagpct' AND method_version = 'bottom_up'
            AND breakdown = 'total' AND year = 2018"""
        ).fetchall()
    exams = after["G06"]
    assert exams["value_basis"] == "bottom_up" and exams["reconciles"] is True and 2018 in exams["reconciled_years"]
    assert exams["value_from"] == 100 * passed / candidates
    assert exams["value_from"] - before["G06"]["check_value_from"] == pytest.approx(100 / candidates)
    assert exams["check_method_version"] == "gepubliceerd" and exams["source_files"] == 2
    # The last year rests on hidden cells: no false point, and the change has bounds.
    assert exams["value_to"] is exams["change"] is None and exams["missing_reason"] == "masked"
    assert exams["change_low"] == pytest.approx(exams["value_to_low"] - exams["value_from"])
    assert exams["change_low"] < exams["change_high"]
    assert pupils_after["value_to"] - pupils_before["value_to"] == 1
    assert pupils_after["value_basis"] == "bottom_up" and "context" in pupils_after["flags"]
    repeaters = after["G02"]
    assert repeaters["method_version"] == "excl_nieuwkomers" and repeaters["reconciles"] is None
    assert (
        repeaters["check_method_version"] == "bottom_up_incl_nieuwkomers"
        and repeaters["reconciles_reason"] == "other_method"
    )
    assert repeaters["check_value_from"] > before["G02"]["check_value_from"]


def test_repetition_leads_from_files_once_both_years_are_there(tmp_path: Path) -> None:
    """The count without newcomers: 5.91 and 3.32 as published lead from files; with one file only the published series leads."""
    files = [
        ("05.-zittenblijven-vo-brinvest-1819-tov-1920.csv", tiny_05([("00AA00", 10_000, 591)]), date(2021, 1, 1)),
        ("05.-zittenblijven-vo-brinvest-1920-tov-2021.csv", tiny_05([("00AA00", 10_000, 332)]), date(2022, 1, 1)),
    ]
    with tiny_warehouse(tmp_path / "both", files) as con:
        both = goals(con, (2019, 2020))["G02"]
        earlier = goals(con, (2018, 2020))["G02"]
    assert (both["value_basis"], both["method_version"]) == ("bottom_up", "bottom_up_excl_nieuwkomers")
    assert (both["value_from"], both["value_to"], both["reconciles"]) == (5.91, 3.32, True)
    assert (both["source_files"], both["source_lines"]) == (2, 2)
    # No mixing: a pair of years that the files do not have whole is the published series on both sides.
    assert (earlier["value_basis"], earlier["value_from"], earlier["value_to"]) == ("published", 5.71, 3.32)
    assert (earlier["reconciles"], earlier["reconciled_years"], earlier["check_value_to"]) == (True, [2019, 2020], 3.32)
    files[1] = (files[1][0], tiny_05([("00AA00", 10_000, 340)]), date(2022, 1, 1))
    with tiny_warehouse(tmp_path / "off", files) as con:
        off = goals(con, (2019, 2020))["G02"]
    assert (off["value_basis"], off["value_to"], off["check_value_to"]) == ("published", 3.32, 3.4)
    assert (off["reconciles"], off["reconciles_reason"]) == (False, "difference_unexplained")


def test_made_up_schools_neither_lead_nor_check() -> None:
    with connect(published_sample().warehouse, read_only=True) as con:
        exams = goals(con, (2018, 2020))["G06"]
    assert (exams["value_basis"], exams["value_from"], exams["reconciles_reason"]) == ("published", 91.9, "synthetic")
    assert exams["check_value_from"] is exams["check_value_from_low"] is exams["reconciles"] is None
    assert "synthetic" not in exams["flags"]


PAIRS = ("value_from", "missing_reason_from"), ("value_to", "missing_reason_to"), ("change", "missing_reason")
YEARS = (2016, 2018), (2018, 2019), (2018, 2020), (2019, 2024), (2018, 2031)


def unreasoned(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """What has an empty value and no reason, or a value and a reason, with the number of rows."""
    asked = {
        f"{table} value": f"FROM {table} SELECT value AS v, missing_reason AS r"
        for table in ("observations", "timeline")
    }
    for macro in ("progress", "indicator_progress", "board_progress", "school_progress"):
        for years in YEARS:
            for value, reason in PAIRS:
                asked[f"{macro}{years} {value}"] = f"FROM {macro}{years} SELECT {value} AS v, {reason} AS r"
    counts = {
        what: con.sql(f"SELECT count(*) FROM ({query}) WHERE (v IS NULL) <> (r IS NOT NULL)")
        for what, query in asked.items()
    }
    return {what: number for what, rows in counts.items() if (number := rows.fetchall()[0][0])}


def test_no_empty_cell_is_without_a_reason() -> None:
    with connect(published_sample().warehouse, read_only=True) as con:
        assert unreasoned(con) == {}
        reasons = {
            row[0] for row in con.sql("SELECT DISTINCT missing_reason FROM indicator_progress(2018, 2020)").fetchall()
        }
        assert {"masked", "no_source"} <= reasons
        assert {row[0] for row in con.sql("SELECT missing_reason_to FROM progress(2018, 2031)").fetchall()} == {
            "no_indicator", "not_published_yet",
        }  # fmt: skip


def test_an_entity_that_was_not_there_yet_is_told_from_one_that_was_not_measured(tmp_path: Path) -> None:
    """Of two schools of 2018 one has no candidates in 2019; nobody says that it is gone, so it is not measured."""
    text = tiny_06(["2017-2018", "2018-2019"], [("00AA00", [(10, 9), (10, 8)]), ("00BB00", [(10, 9), (0, 0)])])
    with tiny_warehouse(tmp_path, [("06-examenkandidaten-en-geslaagden-2014-2019.csv", text, date(2020, 1, 1))]) as con:
        found = con.sql(
            "SELECT DISTINCT missing_reason_to, missing_reason FROM school_progress(2018, 2019) WHERE school_id = '00BB'"
        ).fetchall()
        later = con.sql("SELECT DISTINCT missing_reason FROM school_progress(2018, 2020)").fetchall()
    assert found == [("not_measured", "not_measured")] and later == [("no_source",)]


YEARLY = ["progress", "indicator_progress", "board_progress", "school_progress", "comparable", "both_series"]


@pytest.mark.parametrize("macro", YEARLY)
def test_years_out_of_order_are_an_error(macro: str) -> None:
    expected = "expected from_year before to_year, found 2020 and 2018"
    with connect(published_sample().warehouse, read_only=True) as con, pytest.raises(duckdb.Error, match=expected):
        indicator = "'g02_zittenblijf_pct', " if macro in YEARLY[4:] else ""
        con.sql(f"FROM {macro}({indicator}2020, 2018)").fetchall()


def test_an_unknown_indicator_is_an_error() -> None:
    with connect(published_sample().warehouse, read_only=True) as con:
        for query in (
            "both_series('g99', 2018, 2020)",
            "comparable('g99', 2018, 2020)",
            "explain('G02', 'g99', 'NL', 2018, DATE '2026-01-01')",
        ):
            with pytest.raises(duckdb.Error, match="there is no indicator g99"):
                con.sql(f"FROM {query}").fetchall()
