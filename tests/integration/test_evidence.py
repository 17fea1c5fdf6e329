"""The evidence register through its tool: bytes stay, rules hold, concurrent writers lose nothing."""

import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.helpers import tiny_warehouse
from warehouse.register.evidence import EvidenceRefused, NewEvidence, add_evidence, check_evidence, list_evidence
from warehouse.register.loader import REGISTER

TODAY = date(2026, 11, 23)
NEW = NewEvidence(
    goal_id="G07",
    aspect="kennis",
    source_type="research",
    publisher="Een onderzoeker",
    title='Titel met "aanhaling", en een komma',
    url="https://example.org/rapport",
    population="vo",
    level="national",
    statement_nl="Eigen woorden, met een komma.",
    statement_en="Own words, with a comma.",
    direction="onbekend",
    strength="B",
    covid_affected="no",
    assessor="redactie warehouse",
    verdict_contribution="supports",
    polarity="for",
    independent_source="onderzoeker",
    published_on=date(2020, 6, 30),
    published_precision="month",
    published_ground="stated",
    n=120,
    response_rate=45.5,
)


@pytest.fixture
def register(tmp_path) -> Path:
    folder = tmp_path / "register"
    shutil.copytree(REGISTER, folder)
    return folder


def add_one(folder: Path, number: int) -> str:
    return add_evidence(folder, replace(NEW, title=f"Titel {number}"), TODAY)


def test_the_register_as_it_ships_has_no_faults():
    assert check_evidence(REGISTER) == []


def test_a_new_row_is_one_line_more_and_all_else_keeps_its_bytes(register):
    before = (register / "evidence.csv").read_bytes()
    number = add_evidence(register, NEW, TODAY)
    after = (register / "evidence.csv").read_bytes()
    assert after.startswith(before) and after[len(before) :].count(b"\n") == 1
    row = list_evidence(register, "G07")[-1]
    assert (row.evidence_id, row.title, row.statement_nl) == (number, NEW.title, NEW.statement_nl)
    assert check_evidence(register) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"url": "example.org"}, "a web address"),
        ({"strength": "E"}, "one of A, B, C, D"),
        ({"published_on": date(2020, 6, 15)}, "month precision on the last day of the month"),
        ({"published_on": None}, "to be all known or all unknown"),
        ({"quote": "een lang citaat dat veel meer woorden telt dan is toegestaan"}, "a quote of at most"),
        ({"goal_id": "G16"}, "a code such as"),
        ({"supersedes_id": "EV-G07-01"}, "of the same source"),
        ({"supersedes_id": "EV-G07-99"}, "a code of evidence.csv"),
    ],
)
def test_a_row_against_the_rules_is_refused_and_nothing_is_written(register, change, expected):
    before = (register / "evidence.csv").read_bytes()
    with pytest.raises(EvidenceRefused, match=expected):
        add_evidence(register, replace(NEW, **change), TODAY)
    assert (register / "evidence.csv").read_bytes() == before


def test_what_a_killed_writer_left_is_removed(register):
    left = register / ".evidence.csv.1.2.part"
    left.write_text("evidence_id")
    add_evidence(register, NEW, date(2026, 11, 23))
    assert not left.exists()


def test_superseded_evidence_stays_and_is_marked(register):
    first = add_evidence(register, NEW, TODAY)
    second = add_evidence(register, replace(NEW, supersedes_id=first), TODAY)
    with pytest.raises(EvidenceRefused, match="supersede the last one"):
        add_evidence(register, replace(NEW, supersedes_id=first), TODAY)
    listed = {row.evidence_id: row.superseded_by for row in list_evidence(register, "G07")}
    assert (listed[first], listed[second]) == (second, "")


def test_superseded_evidence_does_not_count_beside_what_superseded_it(register, tmp_path):
    first = add_evidence(register, NEW, TODAY)
    second = add_evidence(register, replace(NEW, supersedes_id=first), TODAY)
    con = tiny_warehouse(tmp_path / "build", [], register)
    (counted,) = con.execute("SELECT evidence_ids FROM goal_status WHERE goal_id = 'G07'").fetchone()
    assert second in counted and first not in counted
    assert con.execute("SELECT count(*) FROM goals.evidence WHERE evidence_id = ?", [first]).fetchone() == (1,)


def test_the_list_says_which_verdict_rests_on_a_row():
    basis = {row.evidence_id: row.basis_of for row in list_evidence(REGISTER, "G10")}
    assert basis["EV-G10-01"] == ("VD-G10-01",) and basis["EV-G10-03"] == ()


def test_writers_in_other_processes_lose_nothing(register):
    """Three processes, three rows each: nine more rows, nine numbers, no fault."""
    before = len(list_evidence(register))
    with ProcessPoolExecutor(3) as pool:
        numbers = list(pool.map(add_one, [register] * 9, range(9)))
    assert len(set(numbers)) == 9
    assert len(list_evidence(register)) == before + 9
    assert {f"Titel {number}" for number in range(9)} <= {row.title for row in list_evidence(register, "G07")}
    assert check_evidence(register) == []
