"""Are the Python, the packages and DuckDB's extensions those that the project is made for?"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows.health.finding import Finding, error, ok, warning

LOCK = Path(__file__).resolve().parents[2] / "requirements.lock"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(\s*;)?", re.M)
EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")


def findings(lake: bool = False) -> Iterator[Finding]:
    """Python, pinned packages, extensions; `lake` says whether the release is published to one."""
    yield ok("python", f"Python {sys.version.split()[0]}.")
    yield packages(LOCK)
    yield extensions(lake)


def packages(lock: Path) -> Finding:
    """What is installed against what is pinned. A package that only some machines need may be absent."""
    if not lock.exists():
        return warning("packages", f"{lock.name} is not beside the code, so versions cannot be compared.")
    # Some are pinned twice, for older and newer Pythons; one that is pinned with a condition only may be absent.
    pinned: dict[str, list[str]] = {}
    needed = set()
    for name, wanted, condition in PINNED.findall(lock.read_text()):
        pinned.setdefault(name, []).append(wanted)
        needed |= set() if condition else {name}
    there = {name: found for name in pinned if (found := installed(name))}
    differing = [
        f"{name} {there.get(name, 'absent')} instead of {' or '.join(wanted)}"
        for name, wanted in pinned.items()
        if (name in there or name in needed) and there.get(name) not in wanted
    ]
    if differing:
        return error("packages", f"Not as in {lock.name}: {', '.join(differing)}; run `make setup`.")
    return ok("packages", f"{len(there)} packages, each as in {lock.name}.")


def installed(name: str) -> str | None:
    """The version of an installed package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def extensions(lake: bool) -> Finding:
    """DuckDB's extensions come as packages, each for exactly one DuckDB. Only a warehouse in a lake needs them."""
    from warehouse.release.duckdb_extensions import ExtensionMissing, extension_file

    try:
        for name in EXTENSIONS:
            extension_file(name)
    except ExtensionMissing as fault:
        return error("extensions", str(fault)) if lake else warning("extensions", f"{fault} Only a lake needs it.")
    return ok("extensions", f"DuckDB with {', '.join(EXTENSIONS)}.")
