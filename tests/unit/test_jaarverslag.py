"""The sample of annual reports: chances and weights, intervals that cover, and two coders compared."""

import random

import pandas as pd
import pytest

from schemas.register.reader import columns, read_register
from tests.tools.sample_generator.jaarverslag import synthetic_reports
from warehouse.jaarverslag.sampling import Board, SampleError, allocation, coverage, plan_csv, sampling_plan
from warehouse.jaarverslag.statistics import agreement, agreements, disagreements, share, shares, stratified_wilson
from warehouse.register.loader import REGISTER

PROVINCES = ("Drenthe", "Groningen", "Utrecht", "Zeeland")
FRAME = [Board(f"{number:05d}", PROVINCES[number % 4], number * 50) for number in range(1, 201)]


def report(board_id: str, **answers) -> dict:
    """A row of the register; coded once unless `second_coder` is given."""
    row = dict.fromkeys(columns("jaarverslag"))
    row |= {"board_id": board_id, "report_year": 2019, "coder": "eerste", "mentions_prestatiebox": True}
    row |= {"split_by_ambition": False, "progress_described": True}
    return row | answers


def reports(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns("jaarverslag"))


def test_the_plan_has_the_number_asked_for_no_board_twice_and_weights_that_add_up():
    plan = sampling_plan(FRAME, 50, seed=1)
    assert len(plan) == len({board.board_id for board in plan}) == 50
    assert sum(board.weight for board in plan) == pytest.approx(len(FRAME))
    assert {board.size for board in plan} == {"klein", "midden", "groot"}


def test_the_same_seed_gives_the_same_plan_and_another_seed_another():
    assert sampling_plan(FRAME, 50, seed=1) == sampling_plan(list(reversed(FRAME)), 50, seed=1)
    assert sampling_plan(FRAME, 50, seed=1) != sampling_plan(FRAME, 50, seed=2)


def test_provinces_get_their_share_within_each_size():
    """A systematic draw by province: never more than one board off the exact share."""
    for size in ("klein", "midden", "groot"):
        drawn = [board for board in sampling_plan(FRAME, 60, seed=3) if board.size == size]
        members = [board for board in FRAME if board.size == size]
        for province in PROVINCES:
            exact = len(drawn) * sum(board.province == province for board in members) / len(members)
            assert abs(sum(board.province == province for board in drawn) - exact) <= 1


def test_every_board_of_a_size_has_the_same_chance():
    drawn = [board.board_id for seed in range(400) for board in sampling_plan(FRAME[:40], 10, seed)]
    assert {drawn.count(board.board_id) > 50 for board in FRAME[:40]} == {True}


def test_allocation_is_proportional_with_two_of_each_at_least():
    assert allocation({"klein": 90, "midden": 100, "groot": 10}, 20) == {"klein": 9, "midden": 9, "groot": 2}
    assert sum(allocation({"klein": 3, "midden": 4, "groot": 1}, 8).values()) == 8


@pytest.mark.parametrize(("frame", "boards"), [([], 5), (FRAME, 201), (FRAME, 3)])
def test_an_impossible_sample_is_refused_with_what_is_possible(frame, boards):
    with pytest.raises(SampleError, match=f"cannot draw {boards} boards: expected from"):
        sampling_plan(frame, boards, seed=1)


def test_the_plan_as_csv_keeps_board_numbers_as_text():
    lines = plan_csv(sampling_plan(FRAME, 10, seed=1), "sample", True).splitlines()
    assert len(lines) == 11 and lines[0].startswith("draw,board_id,province,pupils,size") and ",00" in lines[1]


def test_coverage_counts_boards_and_pupils_of_the_year_asked_for():
    coded = reports(
        report("00001"), report("00200", second_coder="tweede"), report("00003", report_year=2020), report("99999")
    )
    found = coverage(FRAME, coded, 2019)
    assert (found.boards_coded, found.twice_coded, found.not_in_frame) == (2, 1, ("99999",))
    assert found.pupils_coded == 50 + 10_000 and found.boards_pct == pytest.approx(1.0)


def test_a_share_is_weighted_by_the_boards_of_a_size():
    """Two sizes of 30 and 100 boards; all of two small and none of two middle ones say yes: 30 of 130."""
    told = {"00001": True, "00002": True, "00040": False, "00041": False}
    frame = [board for board in FRAME if board.size != "groot"]
    small = sum(board.size == "klein" for board in frame)
    found = share(frame, "mentions_prestatiebox", 2019, told)
    assert found.share_pct == pytest.approx(100 * small / len(frame))
    assert found.low_pct < found.share_pct < found.high_pct and found.boards_not_represented == 0


def test_a_size_of_which_nothing_was_read_is_said():
    found = share(FRAME, "mentions_prestatiebox", 2019, {"00001": True, "00002": False})
    assert found.boards_not_represented == sum(board.size != "klein" for board in FRAME)


def test_without_reports_there_is_no_share():
    assert {one.share_pct for one in shares(FRAME, reports(), 2019)} == {None}
    assert len(shares(FRAME, reports(), 2019)) == 18


def test_reading_every_board_leaves_no_doubt_and_reading_none_said_yes_does():
    assert stratified_wilson([(10, 10, 0.4), (5, 5, 0.2)]) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    estimate, low, high = stratified_wilson([(100, 20, 0.0)])
    assert (estimate, low) == (0.0, 0.0) and 0.05 < high < 0.2


@pytest.mark.parametrize("truth", [0.05, 0.3, 0.5, 0.9])
def test_intervals_cover_the_truth_in_95_of_100_samples(truth):
    """Repeated sampling from a known sector, with a truth that differs by size."""
    chance = random.Random(7)
    yes = {board.board_id: chance.random() < min(1, truth * (1.4 if board.size == "groot" else 0.8)) for board in FRAME}
    actual = 100 * sum(yes.values()) / len(FRAME)
    covered = 0
    for seed in range(300):
        told = {board.board_id: yes[board.board_id] for board in sampling_plan(FRAME, 40, seed)}
        found = share(FRAME, "x", 2019, told)
        covered += found.low_pct - 1e-9 <= actual <= found.high_pct + 1e-9
    assert covered >= 0.93 * 300


def test_kappa_of_a_known_table():
    """Cohen's two-by-two: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives 0.4."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = agreement("field", pairs)
    assert (found.agreement_pct, found.kappa) == pytest.approx((70.0, 0.4))
    assert agreement("field", [("y", "y")] * 3).kappa is None
    assert agreement("field", []).agreement_pct is None


def test_the_sample_edition_has_made_up_reports_that_say_so_and_the_register_none():
    made_up = synthetic_reports(["00001", "00002", "00003", "00004", "00005"])
    assert made_up["synthetic"].all() and made_up["coder"].str.startswith("SYNTHETISCH").all()
    assert synthetic_reports(["00002", "00001"]).equals(synthetic_reports(["00001", "00002"]))
    assert read_register(REGISTER)["jaarverslag"].empty


def test_two_coders_compared_field_by_field_and_what_is_to_be_settled():
    second = {"second_coder": "tweede", "second_split_by_ambition": False, "second_progress_described": True}
    same = second | {"second_mentions_prestatiebox": True}
    other = second | {"second_mentions_prestatiebox": False, "second_amount_eur": 1200}
    coded = reports(
        report("00001", **same, goals_mentioned="G02;G09", second_goals_mentioned="G09;G02"),
        report("00002", **other, amount_eur=1000, goals_mentioned="G02", second_goals_mentioned="G03"),
        report("00003"),
    )
    found = {one.field: one for one in agreements(coded)}
    assert found["mentions_prestatiebox"].agreement_pct == 50.0
    assert found["goals_mentioned"].reports == 30 and found["goals_mentioned"].agreement_pct == pytest.approx(
        100 * 28 / 30
    )
    unsettled = [(one.board_id, one.field, one.first, one.second) for one in disagreements(coded)]
    assert [(board, field) for board, field, _, _ in unsettled] == [
        ("00002", "amount_eur"),
        ("00002", "goals_mentioned"),
        ("00002", "mentions_prestatiebox"),
    ]
