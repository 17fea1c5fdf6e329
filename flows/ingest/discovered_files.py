"""What discovery has found so far: `archive/discovered.json`, addresses by dataset, kept until a person removes them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from flows.publishers.source import DiscoveredFile
from warehouse.files import write_json


def read_discovered(archive: Path) -> list[DiscoveredFile]:
    """All addresses discovered so far; none before the first discovery."""
    if not has_looked(archive):
        return []
    return [DiscoveredFile(**record) for record in json.loads(_path(archive).read_text())["files"]]


def has_looked(archive: Path) -> bool:
    """Whether there has been a discovery."""
    return _path(archive).exists()


def files_of(archive: Path, dataset_id: str, synthetic: bool) -> list[DiscoveredFile]:
    """Those of one dataset, found at publishers or at a mirror of made-up files."""
    return [one for one in read_discovered(archive) if (one.dataset_id, one.synthetic) == (dataset_id, synthetic)]


def keep_discovered(archive: Path, fresh: list[DiscoveredFile]) -> None:
    """Add addresses; one that is known already stays as it was found first."""
    by_url = {(one.url, one.synthetic): one for one in [*fresh, *read_discovered(archive)]}
    files = sorted(by_url.values(), key=lambda one: (one.dataset_id, one.period, one.url))
    write_json(_path(archive), {"files": [asdict(one) for one in files]})


def _path(archive: Path) -> Path:
    return archive / "discovered.json"
