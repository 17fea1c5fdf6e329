"""Every rule of the register is seen failing: a broken cell, a broken file, a broken reference."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from schemas.register.reader import RegisterError, columns, read_register, read_table
from schemas.register.rules import cross_table_problems

FOLDER = Path(__file__).resolve().parents[2] / "warehouse" / "register" / "seeds"


def rewritten(tmp_path: Path, table: str, change) -> Path:
    """A copy of one table in which `change` has edited the list of rows (dicts)."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    change(rows)
    path = tmp_path / f"{table}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns(table), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


CELLS = [
    # table, column, what it is made, what the message says was expected
    ("ambition", "ambition_id", "A8", "a code such as A1"),
    ("ambition", "name_nl", "", "text on one line"),
    ("goal", "goal_id", "G16", "a code such as G01"),
    ("goal", "kind", "number", "one of target, proxy, survey, evidence"),
    ("goal", "slug", "Onderwijs op maat", "a code such as onderwijs-op-maat"),
    ("goal", "name_en", " Tailored", "text on one line"),
    ("indicator", "unit", "percent", "one of pct, children"),
    ("indicator", "direction", "up", "one of lower, higher, none"),
    ("indicator", "decimals", "1,5", "a whole number from 0 to 4"),
    ("indicator", "decimals", "9", "a whole number from 0 to 4"),
    ("method", "label_rule", "year", "one of transition_second_count"),
    ("method", "origin", "computed", "one of published, bottom_up"),
    ("target", "baseline_value", "5,8", "a number with a decimal point"),
    ("target", "base_year", "1913", "a whole number from 2000 to 2030"),
    ("target", "derived", "yes", "true or false"),
    ("published_value", "value", "n.b.", "a number with a decimal point"),
    ("published_value", "value", "", "a number with a decimal point"),
    ("published_value", "period_start", "1/10/2018", "a date yyyy-mm-dd"),
    ("published_value", "period_start", "2018-02-30", "a date yyyy-mm-dd"),
    ("published_value", "published_precision", "week", "one of day, month, year, unknown"),
    ("published_value", "published_ground", "guess", "one of stated, inferred, unknown"),
    ("published_value", "flags", "covid; proxy", "a code such as covid;restated"),
    ("published_value", "source_url", "www.duo.nl", "a web address"),
    ("published_value", "breakdown", "VMBO BB", "a code such as total"),
    ("break", "kind", "crisis", "one of method, definition, covid, population, registration"),
    ("flag", "severity", "error", "one of info, caution, blocking"),
    ("status", "needs_verdict", "maybe", "true or false"),
    ("evidence", "strength", "E", "one of A, B, C, D"),
    ("evidence", "direction", "better", "one of verbeterd"),
    ("evidence", "polarity", "pro", "one of for, against, context"),
    ("evidence", "covid_affected", "yes", "yes: reason"),
    ("evidence", "response_rate", "101", "a number with a decimal point from 0 to 100"),
    ("evidence", "url", "https://", "a web address"),
    ("verdict", "basis_evidence_ids", "EV-G09-01,EV-G09-02", "a code such as EV-G09-01;EV-G09-02"),
    ("crosswalk_2014", "relation", "merged", "one of kept, narrowed, dropped, unknown"),
    ("international_wave", "wave_year", "soon", "a whole number from 2000 to 2030"),
]


@pytest.mark.parametrize(("table", "column", "cell", "expected"), CELLS)
def test_a_broken_cell_is_named(tmp_path, table, column, cell, expected):
    path = rewritten(tmp_path, table, lambda rows: rows[0].update({column: cell}))
    _, _, faults = read_table(path, table)
    assert [(fault.file, fault.line, fault.column) for fault in faults] == [(f"{table}.csv", 2, column)]
    assert expected in str(faults[0])
    assert f"found {cell}" in str(faults[0]).replace("'", "") or (not cell and "found nothing" in str(faults[0]))


ROWS = [
    ("goal", 1, {"headline_breakdown": ""}, "headline indicator, method, breakdown and rule all filled or all empty"),
    ("goal", 0, {"kind": "proxy"}, "a headline for a goal of kind target or proxy"),
    ("indicator", 0, {"goal_id": "G02"}, "begin with the number of its goal"),
    ("target", 0, {"target_period_start": "2012-01-01"}, "the baseline period before the target period"),
    ("target", 0, {"base_year": "2021"}, "the baseline period before the target period"),
    ("target", 2, {"target_value_high": "7000"}, "further from the baseline"),
    ("published_value", 0, {"published_on": ""}, "all known or all unknown"),
    ("published_value", 0, {"published_precision": "unknown"}, "all known or all unknown"),
    ("published_value", 0, {"published_on": "2020-06-30"}, "year precision on 31 December"),
    ("published_value", 0, {"published_on": "2020-06-29", "published_precision": "month"}, "last day of the month"),
    ("published_value", 0, {"entered_on": "2019-01-01"}, "published_on not after entered_on"),
    ("published_value", 0, {"period_end": "2011-10-01"}, "period_start not after period_end"),
    ("published_value", 0, {"entity_id": "Drenthe"}, "entity_id NL for national values"),
    ("published_value", 0, {"status": "provisional"}, "the flags provisional and derived"),
    ("published_value", 0, {"derived": "true"}, "the flags provisional and derived"),
    ("break", 1, {"period_end_until": "2001-10-01"}, "period_end_from not after period_end_until"),
    ("evidence", 0, {"goal_id": "G02"}, "carry the number of its goal"),
    ("evidence", 0, {"ref_period_end": "2001-01-01"}, "ref_period_start not after ref_period_end"),
    ("evidence", 0, {"quote": "one two three four five six seven eight nine ten"}, "a quote of at most 9 words"),
    ("evidence", 0, {"source_type": "official_outcome"}, "an official outcome to say it"),
    ("verdict", 0, {"decided_on": "2030-01-01"}, "decided_on not after entered_on"),
    ("international_wave", 0, {"inside_2018_2020": "true"}, "inside_2018_2020 to agree with wave_year"),
]


@pytest.mark.parametrize(("table", "row", "change", "expected"), ROWS)
def test_a_row_that_contradicts_itself_is_named(tmp_path, table, row, change, expected):
    path = rewritten(tmp_path, table, lambda rows: rows[row].update(change))
    _, _, faults = read_table(path, table)
    assert [fault.line for fault in faults] == [row + 2]
    assert expected in str(faults[0])


def test_a_key_that_occurs_twice_is_named_at_both_lines(tmp_path):
    path = rewritten(tmp_path, "flag", lambda rows: rows.append(dict(rows[0])))
    frame, _, faults = read_table(path, "flag")
    assert [fault.line for fault in faults] == [2, len(frame) + 1]
    assert all("a key that occurs once" in str(fault) for fault in faults)


def test_a_second_coder_must_be_another_person(tmp_path):
    row = {"board_id": "00819", "report_year": "2019", "mentions_prestatiebox": "true", "split_by_ambition": "false"}
    row |= {"progress_described": "true", "coder": "codeur 1", "second_coder": "codeur 1"}
    path = rewritten(tmp_path, "jaarverslag", lambda rows: rows.append(row))
    assert "a second coder other than the first" in str(read_table(path, "jaarverslag")[2][0])
    row["second_coder"] = "codeur 2"
    path = rewritten(tmp_path, "jaarverslag", lambda rows: rows.append(row))
    assert read_table(path, "jaarverslag")[2] == []


def test_a_correction_names_its_row_as_json(tmp_path):
    row = {"correction_id": "CO-001", "dataset_id": "duo-05", "period": "2018", "row_key": "00AH00", "column": "aantal"}
    row |= {"expect": "5", "replacement": "6", "reason_nl": "reden", "reason_en": "reason", "decided_on": "2026-11-23"}
    row["source_url"] = "https://duo.nl/"
    path = rewritten(tmp_path, "correction", lambda rows: rows.append(row))
    assert [fault.column for fault in read_table(path, "correction")[2]] == ["row_key"]


def broken(text: bytes) -> list[tuple[bytes, str]]:
    header, first = text.split(b"\n")[:2]
    return [
        (text.replace(b"Uitdagend", b"\x81\xe9n", 1), "line 2: expected UTF-8 text"),
        (text.replace(b"ambition_id", b"id", 1), "line 1, column ambition_id: expected the header ambition_id,name_nl"),
        (b"", "line 1, column ambition_id: expected the header ambition_id,name_nl"),
        (header + b"\n" + first + b",extra\n", "line 2: expected 5 cells, found 6"),
        (header + b'\nA1,"no end\n', "expected CSV (RFC 4180)"),
        (
            header + b"\n" + first.replace(b"Uitdagend onderwijs voor elke leerling", b'"Uit\ndagend"') + b"\n",
            "line 2, column name_nl",
        ),
    ]


@pytest.mark.parametrize("number", range(6))
def test_a_broken_file_is_named_and_nothing_of_it_is_used(tmp_path, number):
    content, expected = broken((FOLDER / "ambition.csv").read_bytes())[number]
    (tmp_path / "ambition.csv").write_bytes(content)
    _, _, faults = read_table(tmp_path / "ambition.csv", "ambition")
    assert str(faults[0]).startswith("ambition.csv, line ") and expected in str(faults[0])


def test_all_faults_are_told_at_once(tmp_path):
    for path in FOLDER.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rewritten(tmp_path, "goal", lambda rows: rows[0].update(kind="number", name_nl=""))
    (tmp_path / "flag.csv").unlink()
    with pytest.raises(RegisterError) as raised:
        read_register(tmp_path)
    assert len(raised.value.problems) == 3
    assert "flag.csv, line 1: expected the file, found no file; put it back." in str(raised.value)


@pytest.fixture(scope="module")
def register() -> dict[str, pd.DataFrame]:
    return read_register(FOLDER)


def first(frame: pd.DataFrame, **match: str) -> int:
    """The position of the first row in which each named column has the named value."""
    mask = pd.Series(True, index=frame.index)
    for column, value in match.items():
        mask &= frame[column] == value
    return int(mask.idxmax())


BETWEEN = [
    # table, row to find, change, what the message says was expected
    ("goal", {"goal_id": "G02"}, {"ambition_id": "A9"}, "a code of ambition.csv"),
    ("goal", {"goal_id": "G02"}, {"headline_indicator_id": "g03_thuiszitters_gt3m_n"}, "an indicator of this goal"),
    ("goal", {"goal_id": "G02"}, {"headline_method_version": "other"}, "a method of g02_zittenblijf_pct"),
    ("goal", {"goal_id": "G02"}, {"kind": "evidence"}, "a context indicator, as the kind is evidence"),
    ("goal", {"goal_id": "G02"}, {"headline_rule": "published"}, "bottom_up_first, as a method of g02_zittenblijf_pct"),
    ("goal", {"goal_id": "G03"}, {"headline_rule": "bottom_up_first"}, "published, as no method of"),
    ("published_value", {"value_id": "PV-G02-001"}, {"flags": "covid;tired"}, "a code of flag.csv"),
    ("published_value", {"value_id": "PV-G02-001"}, {"method_version": "other"}, "a method of this indicator"),
    (
        "published_value",
        {"value_id": "PV-G02-001"},
        {"method_version": "bottom_up_incl_nieuwkomers"},
        "origin published",
    ),
    ("published_value", {"value_id": "PV-G02-001"}, {"period_start": date(2012, 8, 1)}, "1 October to 1 October"),
    ("published_value", {"value_id": "PV-G09-001"}, {"period_end": date(2014, 9, 30)}, "a school year that ends in"),
    ("published_value", {"value_id": "PV-G10-001"}, {"period_end": date(2010, 6, 30)}, "within one calendar year"),
    ("method", {"reconciles_with": "excl_nieuwkomers"}, {"reconciles_with": "other"}, "a method of this indicator"),
    ("method", {"indicator_id": "g09_opleidingsplekken_n"}, {"indicator_id": "g09_other"}, "at least one method"),
    ("target", {"indicator_id": "g02_zittenblijf_pct"}, {"target_value": 6.8}, "a target lower than its baseline"),
    ("target", {"indicator_id": "g10_starters_begeleid_pct"}, {"target_value": 80.0}, "a target higher than"),
    ("target", {"indicator_id": "g10_starters_begeleid_pct"}, {"indicator_id": "g01_opstroom_pct"}, "with a direction"),
    (
        "target",
        {"indicator_id": "g11_masters_pct"},
        {"indicator_id": "g06_slaagpct"},
        "the headline of G06, which is a proxy",
    ),
    ("goal", {"goal_id": "G10"}, {"kind": "proxy"}, "the headline of G10, which is a proxy"),
    ("indicator", {"indicator_id": "g02_zittenblijf_pct"}, {"type": "proxy"}, "a proxy cannot support a verdict"),
    ("break", {"goal_id": "G02"}, {"flag": "tired"}, "a code of flag.csv"),
    ("verdict", {"goal_id": "G10"}, {"status": "great"}, "a code of status.csv"),
    ("verdict", {"goal_id": "G10"}, {"basis_evidence_ids": "EV-G10-01"}, "two independent sources"),
    ("verdict", {"goal_id": "G10"}, {"basis_evidence_ids": "EV-G10-01;EV-G10-99"}, "a code of evidence.csv"),
    ("verdict", {"goal_id": "G10"}, {"basis_evidence_ids": "EV-G10-01;EV-G09-01"}, "evidence about G10"),
    ("verdict", {"goal_id": "G10"}, {"basis_evidence_ids": "EV-G10-01;EV-G10-03"}, "evidence that carries"),
    ("verdict", {"goal_id": "G10"}, {"decided_on": date(2020, 1, 1)}, "evidence known on 2020-01-01"),
    ("evidence", {"evidence_id": "EV-G10-01"}, {"synthetic": True}, "real evidence"),
    ("evidence", {"evidence_id": "EV-G10-01"}, {"source_type": "official_outcome"}, "evidence of our own finding"),
    ("evidence", {"evidence_id": "EV-G01-01"}, {"supersedes_id": "EV-G01-77"}, "a code of evidence.csv"),
    ("crosswalk_2014", {"goal_id": "G02"}, {"goal_id": "G99"}, "a code of goal.csv"),
    ("sentence", {"part": "G04"}, {"part": "other"}, "a part of sentence.csv with its name"),
    ("sentence", {"part": "covid_value"}, {"text_en": "; {c} of {year}"}, "the same names in braces"),
]


@pytest.mark.parametrize(("table", "match", "change", "expected"), BETWEEN)
def test_a_broken_link_between_tables_is_named(register, table, match, change, expected):
    frames = {name: frame.copy() for name, frame in register.items()}
    at = first(frames[table], **match)
    for column, value in change.items():
        frames[table].at[at, column] = value
    lines = {name: list(range(2, len(frame) + 2)) for name, frame in frames.items()}
    faults = cross_table_problems(frames, lines)
    assert any(expected in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_a_verdict_on_opinion_alone_is_named(register):
    frames = dict(register) | {"evidence": register["evidence"].assign(strength="D")}
    lines = {name: list(range(2, len(frame) + 2)) for name, frame in frames.items()}
    found = cross_table_problems(frames, lines)
    assert [problem.line for problem in found] == list(range(2, len(register["verdict"]) + 2))
    assert {problem.expected for problem in found} == {"more than opinion (strength A, B or C)"}


def test_a_goal_without_evidence_and_value_is_named(register):
    frames = dict(register)
    frames["evidence"] = register["evidence"][register["evidence"]["goal_id"] != "G04"].reset_index(drop=True)
    lines = {name: list(range(2, len(frame) + 2)) for name, frame in frames.items()}
    told = [str(fault) for fault in cross_table_problems(frames, lines)]
    assert told == [
        "goal.csv, line 5, column goal_id: expected evidence or a headline value, found neither for G04; add evidence."
    ]


def test_two_values_of_one_day_need_different_ranks(register):
    frames = dict(register)
    twice = pd.concat([register["published_value"], register["published_value"].iloc[[0]]], ignore_index=True)
    frames["published_value"] = twice
    lines = {name: list(range(2, len(frame) + 2)) for name, frame in frames.items()}
    assert [fault.column for fault in cross_table_problems(frames, lines)] == ["vintage_rank"]


def errata_frames(register: dict[str, pd.DataFrame], *rows: dict[str, object]) -> dict[str, pd.DataFrame]:
    """The register with these errata (before and after of the value of PV-G09-001, which is 6009) and no others."""
    common = {"found_on": date(2026, 11, 28), "found_by": "reader", "table": "published_value", "row_key": "PV-G09-001"}
    common |= {"column": "value", "wrong_since": date(2026, 11, 23), "what_nl": "verzonnen", "what_en": "made up"}
    listed = [common | {"erratum_id": f"ER-{at:03d}"} | row for at, row in enumerate(rows, 1)]
    return dict(register) | {"errata": pd.DataFrame(listed, columns=columns("errata"))}


ERRATA = [
    # errata of one cell, and what the message says; nothing: they are in order
    ([{"before": "6000", "after": "6009.0"}], ""),
    ([{"before": "6000", "after": "6001"}, {"before": "6001", "after": "6009"}], ""),
    ([{"column": "known_from", "before": "2019-01-01", "after": "2020-12-31"}], ""),
    ([{"row_key": "PV-G09-000", "column": "known_from", "before": "2019-01-01", "after": ""}], ""),
    (
        [{"before": "6009", "after": "6000"}],
        "expected what published_value.csv holds in value of PV-G09-001, 6009.0, found 6000",
    ),
    ([{"before": "6000", "after": "6001"}, {"before": "6002", "after": "6009"}], "expected 6001, found 6002"),
    ([{"column": "note_nl", "before": "a", "after": "b"}], "column column: expected one of indicator_id, "),
    (
        [{"column": "known_from", "before": "2019-01-01", "after": ""}],
        "known_from of PV-G09-001, 2020-12-31, found nothing",
    ),
    ([{"row_key": "PV-G09-000", "before": "1", "after": "2"}], "value of PV-G09-000, nothing, found 2"),
]


@pytest.mark.parametrize(("rows", "expected"), ERRATA)
def test_errata_follow_each_other_to_what_the_register_holds(register, rows, expected):
    frames = errata_frames(register, *rows)
    lines = {name: list(range(2, len(frame) + 2)) for name, frame in frames.items()}
    faults = [str(fault) for fault in cross_table_problems(frames, lines)]
    assert expected in faults[0] if expected else faults == []


def test_an_erratum_changes_something_that_was_wrong_before_it_was_found(tmp_path):
    row = {
        "erratum_id": "ER-001",
        "found_on": "2026-11-28",
        "found_by": "reader",
        "table": "target",
        "row_key": "x/total",
    }
    row |= {
        "column": "target_value",
        "before": "1",
        "after": "1",
        "wrong_since": "2026-11-29",
        "what_nl": "a",
        "what_en": "b",
    }
    path = rewritten(tmp_path, "errata", lambda rows: rows.__setitem__(slice(None), [row]))
    said = [str(fault) for fault in read_table(path, "errata")[2]]
    assert any("another value after than before" in one for one in said)
    assert any("wrong_since not after found_on" in one for one in said)
