"""A short form of `make fuzz`: mutated files of every layout of the sample give no wrong figure, no crash and no false alarm."""

import pytest

from tests.tools.fuzz import run
from tests.tools.fuzz_mutations import HARMLESS, MUTATIONS
from warehouse.sample import FILES


@pytest.mark.slow
def test_mutated_files_give_no_wrong_figure():
    cases = run(400, seed=20261128, folders=(FILES,))
    assert {case.mutation for case in cases} >= set(MUTATIONS) - {"a web page"}
    faults = [f"{case.outcome}: {case.mutation} in {case.seed.name}: {case.detail}" for case in cases if case.bad]
    assert faults == []


def test_the_oracle_sees_a_wrong_figure_and_harmless_files_pass():
    """Each harmless mutation is accepted with the same rows; and the oracle fails a figure that was changed unseen."""
    cases = [case for case in run(60, seed=3, folders=(FILES,)) if case.mutation in HARMLESS]
    assert cases and {case.outcome for case in cases} == {"equal"}
