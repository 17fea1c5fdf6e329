"""Published layouts, mutated in bytes and in meaning, offered to the gate after the file they were made from. Every outcome but a refusal,
a quarantined row, a flag or the same figures is a fault: a wrong figure, lost lines, a harmless change refused, a crash, more than ten seconds.
"""

from collections import Counter

from tests.tools.fuzz import run as run_cases
from tests.tools.proof import Result

TITLE = "Fuzz"


def run(long: bool) -> Result:
    """10,000 cases in the long form, 60 in the short one."""
    result, seed = Result(), 17
    cases = run_cases(10_000 if long else 60, seed)
    result.add("mutated files", f"{len(cases):,} of {len({case.name for case in cases})} published files, seed {seed}")
    result.add("kinds of mutation", len({case.mutation for case in cases}))
    for outcome, number in Counter(case.outcome for case in cases).most_common():
        result.add(outcome, f"{number:,}")
    result.add("faults", sum(case.bad for case in cases))
    for case in cases:
        result.demand(not case.bad, f"{case.outcome}: {case.mutation} in {case.name}: {case.detail[:150]}")
    return result
