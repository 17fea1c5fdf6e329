"""The laws of the warehouse, broken on purpose in a copy of the code: a comparison, a sign, a smallest for a largest, a constant, a condition
turned round or left out. A change that the fast tests of the law do not notice is a missing test.
"""

from collections import Counter

from tests.tools.mutate import EQUIVALENT, LAWS, share
from tests.tools.mutate import run as break_laws
from tests.tools.proof import Result

TITLE = "Mutation"


def run(long: bool) -> Result:
    """Thirty changes of each law in the long form, four of two laws in the short one."""
    result, seed = Result(), 1
    tried = break_laws(tuple(LAWS), 30, seed) if long else break_laws(("bounds", "fold"), 4, seed)
    for law in dict.fromkeys(one.law for one in tried):
        of_law = [one for one in tried if one.law == law]
        same = Counter(one.outcome for one in of_law)["equivalent"]
        result.add(f"`{LAWS[law][0]}`", f"noticed {share(of_law)}" + f", {same} say the same" * bool(same))
    result.add("all", f"noticed {share(tried)}, seed {seed}")
    for one in tried:
        if one.outcome == "survived":
            result.short.append(f"{one.law}, line {one.mutant.number}: {one.mutant.what}")
        if one.outcome == "equivalent":
            why = EQUIVALENT[one.law, one.mutant.line, one.mutant.what]
            result.add(f"{one.law}, line {one.mutant.number}: {one.mutant.what}", f"says the same: {why}")
    return result
