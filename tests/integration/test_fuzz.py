"""A short form of `make fuzz`: mutated files of every layout of the sample give no wrong figure, no crash and no false alarm."""

import pandas as pd
import pytest

from tests.tools.fuzz import differing, run, seeds
from tests.tools.fuzz_mutations import HARMLESS, MUTATIONS
from warehouse.sample import FILES


@pytest.mark.slow
def test_mutated_files_give_no_wrong_figure():
    cases = run(400, seed=20261128, folders=(FILES,))
    assert {case.mutation for case in cases} >= set(MUTATIONS) - {"a web page"}
    faults = [f"{case.outcome}: {case.mutation} in {case.name}: {case.detail}" for case in cases if case.bad]
    assert faults == []


def test_harmless_files_pass():
    cases = [case for case in run(60, seed=3, folders=(FILES,)) if case.mutation in HARMLESS]
    assert cases and {case.outcome for case in cases} == {"equal"}


def test_the_oracle_sees_a_figure_that_was_changed_and_a_row_that_is_gone():
    """A difference that nothing reports is `wrong`: without an oracle that sees it no case could be."""
    seed = next(one for one in seeds((FILES,)) if one.dataset.id == "duo_05_zittenblijvers")
    rejected = pd.DataFrame({"line": []})
    assert list(differing(seed, seed.rows, rejected)) == []
    count = "pupils_n"
    changed = seed.rows.copy()
    changed.loc[0, count] += 1
    (found,) = differing(seed, changed, rejected)
    assert f"{count}: " in found
    (gone,) = differing(seed, seed.rows.iloc[1:], rejected)
    assert gone.startswith("1 rows are gone")
