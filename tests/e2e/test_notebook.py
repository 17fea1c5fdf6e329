"""The notebook runs from the first cell to the last, and its ten answers make sense."""

import importlib.util
import sys
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.people_case import published_sample
from tests.tools.pages import REPO, published

NOTEBOOK = REPO / "notebooks" / "ten_questions.py"


def run(warehouse: Path) -> MappingProxyType:
    """What the notebook's cells define, run on a warehouse."""
    spec = importlib.util.spec_from_file_location("ten_questions", NOTEBOOK)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["ten_questions"] = module
    spec.loader.exec_module(module)
    outputs, told = module.app.run(defs={"warehouse": warehouse})
    # DuckDB refuses a second way of opening a file while this one is open, and the tests of a process share the file.
    told["con"].close()
    texts = "".join(output.text for output in outputs if hasattr(output, "text"))
    for number in range(1, 11):
        assert f"{number}. " in texts
    assert ("made up for practice" in texts) == told["synthetic"]
    return told


def sensible(told) -> None:
    """What holds in every edition: nationally published figures, and laws of arithmetic."""
    goals = told["goals"].set_index("goal_id")
    assert len(goals) == 15 and goals["status"].notna().all()
    assert goals.loc["G02", "status_code"] == "target_met_not_interpretable"
    assert (told["repeating"]["value"] <= 3.8).sum() == 1 and not told["repeating"]["usable"].iloc[-1]
    known = told["known_when"]
    known.index = known.index.astype(str).str[:10]
    assert known.loc["2020-12-31", "2019"] == 6.3 and known.loc["2021-12-31", "2019"] == 5.91
    assert known.loc["2020-12-31"].isna()["2020"] and known.loc["2021-12-31", "2020"] == 3.32
    assert list(told["frozen"]["snapshot"]) == [2018, 2019, 2020]
    assert (told["frozen"]["different_now"] <= told["frozen"]["national_values"]).all()
    assert told["frozen"]["national_values"].is_monotonic_increasing and told["frozen"]["different_now"].iloc[-1] > 0
    assert told["absent"]["value"].is_monotonic_increasing and told["absent"]["path"].iloc[-1] == 0
    places = told["places"]
    assert places["before_agreement"][places["reaches_target"]].iloc[0]
    bounds = told["bounds"].set_index("entity_level")
    assert bounds.loc["national", "only_bounds"] == 1 and (bounds["only_bounds"] <= bounds["shares"]).all()
    assert bounds.loc["national", "median_width"] < bounds.loc["vestiging", "median_width"]
    assert (told["became_final"]["confirmed_pct"].between(50, 100)).all()
    boards = told["boards"]
    assert len(boards) > 10 and boards["change"].sub(boards["value_to"] - boards["value_from"]).abs().max() < 1e-9
    assert len(told["evidence"]) == 15 and told["evidence"].set_index("goal_id").loc["G12", "for"] == 2


def test_the_notebook_answers_from_the_sample_edition():
    told = run(published_sample().warehouse)
    assert told["edition"] == "sample" and told["synthetic"]
    sensible(told)


@pytest.mark.mirror
@pytest.mark.usefixtures("shared_mirror")
def test_the_notebook_answers_from_the_real_files():
    told = run(published("mirror"))
    assert told["edition"] == "mirror" and not told["synthetic"]
    sensible(told)


def test_without_a_warehouse_it_says_what_to_do(tmp_path):
    with pytest.raises(Exception, match="there is no published warehouse; run `make run`"):
        run(tmp_path / "none.duckdb")
