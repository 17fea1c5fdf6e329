"""ruff's security rules over the product, the bill of materials, and the scenarios over real servers on loopback: faults of publishers and
networks that last for days, the rehearsal of a first live refresh, and (long form) secrets of connections to PostgreSQL and S3 that fail.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.tools.proof import Result
from tests.tools.sbom import bill

TITLE = "Security"
REPO = Path(__file__).resolve().parents[3]
PRODUCT = ("flows", "schemas", "transforms", "warehouse")
EXCEPTION = re.compile(r"# noqa: (S\d+(?:, S\d+)*)( - \w)?")
SCENARIOS = ("tests/e2e/test_live_faults.py", "tests/e2e/test_sources_check.py")
SECRETS = ("tests/e2e/test_secrets.py",)


def run(long: bool) -> Result:
    """The secrets take minutes, with a PostgreSQL and an S3 server of their own."""
    result = Result()
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--select", "S", "--quiet", *PRODUCT]
    result.demand(
        subprocess.run(ruff, cwd=REPO).returncode == 0, "ruff's security rules have findings without a reason"
    )
    text = "".join(path.read_text() for folder in PRODUCT for path in (REPO / folder).rglob("*.py"))
    found = EXCEPTION.findall(text)
    rules = Counter(rule for codes, _ in found for rule in codes.split(", "))
    result.add(
        "exceptions to security rules, each with its reason on its line",
        ", ".join(f"{rule} {n}" for rule, n in rules.most_common()),
    )
    result.demand(all(reason for _, reason in found), "an exception to a security rule has no reason")
    result.add("pinned packages in the bill of materials", len(bill(REPO)["components"]))
    for name in SCENARIOS + (SECRETS if long else ()):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name],
            cwd=REPO,
            capture_output=True,
            text=True,
        )
        last = done.stdout.strip().splitlines()[-1]
        result.add(f"`{name}`", last.split(" in ")[0])
        result.demand(done.returncode == 0, f"{name}: {last}")
    return result
