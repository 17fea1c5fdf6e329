"""A bill of materials from the lock files, as CycloneDX JSON: `python -m tests.tools.sbom > FILE`, or `make sbom`.

It lists what the wheel and the image install, so that a tool with access to advisories (`pip-audit`, `osv-scanner`) can audit it
anywhere. The same locks give the same bytes. The hashes of each package stay in the locks, whose own hashes are written down.
"""

import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-scale.lock")
PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+?))?\s*\\?$", re.M)


def components(folder: Path) -> list[dict[str, Any]]:
    """A component per pinned version; what only the image has, or only some platform or Python, is optional."""
    found: dict[str, dict[str, Any]] = {}
    for lock in LOCKS:
        for name, version, marker in PINNED.findall((folder / lock).read_text(encoding="utf-8")):
            purl = f"pkg:pypi/{name}@{version}"
            needed = lock == LOCKS[0] and not marker
            one = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
            one |= {"scope": "required" if needed else "optional"}
            one |= {"properties": [{"name": "sectorakkoord:marker", "value": marker}]} if marker else {}
            found.setdefault(purl, one)
    return [found[purl] for purl in sorted(found)]


def bill(folder: Path) -> dict[str, Any]:
    """The whole document."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locks = [
        {"name": f"sectorakkoord:sha256:{lock}", "value": hashlib.sha256((folder / lock).read_bytes()).hexdigest()}
        for lock in LOCKS
    ]
    product = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": product | {"licenses": [{"license": {"id": project["license"]}}]},
            "properties": locks,
        },
        "components": components(folder),
    }


if __name__ == "__main__":
    json.dump(bill(REPO), sys.stdout, indent=1)
    sys.stdout.write("\n")
