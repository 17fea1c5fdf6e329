"""A refresh that has nothing to do, found out without opening a file.

What a refresh from a folder does follows from files alone: those offered, the archive, the release, its report and the code. A run
that did nothing notes their sizes and times of change (ctime, which no program can set); while these are the same, so is its answer.
Nothing is noted of the live edition, where only the publishers know, nor of a release in another place than the data directory.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.settings import Settings
from warehouse.files import write_json
from warehouse.release.last_run import REPORT, keep_report

ROOT = Path(__file__).parents[1]
CODE = ("flows", "schemas", "transforms", "warehouse")
HELD = ("archive", "releases", "report")
"""The folders of a data directory that a refresh looks at."""
SETTLED_S = 2.0
"""A file that changed so shortly ago might change again within one tick of the file system's clock."""


class Look:
    """The files of a refresh as they are now. `asked` are the options that it was given."""

    def __init__(self, asked: list[str | None], folder: Path | None, settings: Settings) -> None:
        self.started, self.settings = time.perf_counter(), settings
        self.asked, self.folder = [*map(str, asked), str(folder)], folder or settings.mirror
        self.path = settings.data / "cache" / "unchanged.json"
        self.state, self.newest = self.seen()

    def seen(self) -> tuple[str, float]:
        """A hash of all that the answer depends on, and when the newest of the files changed."""
        listed, newest = [*self.asked, repr(self.settings)], 0.0
        for path, stat in sorted(self.files()):
            listed.append(f"{path} {stat.st_size} {stat.st_ino} {stat.st_mtime_ns} {stat.st_ctime_ns}")
            newest = max(newest, stat.st_ctime)
        return hashlib.sha256("\n".join(listed).encode()).hexdigest(), newest

    def files(self) -> Iterator[tuple[str, os.stat_result]]:
        """Every file that a refresh looks at; of the data directory neither the cache nor what the last run did."""
        folders = [ROOT / name for name in CODE] + [self.settings.data / name for name in HELD]
        single = list(self.settings.data.glob("warehouse.duckdb*"))
        if self.folder:
            folders.append(self.folder)
            single.append(self.folder.parent / "manifest.csv")
        found = (Path(at, name) for folder in folders for at, _, names in os.walk(folder) for name in names)
        for path in (*single, *found):
            if path.suffix != ".pyc" and path.name != REPORT:
                with suppress(FileNotFoundError):
                    yield str(path), path.stat()

    def same(self) -> dict[str, Any] | None:
        """The report of a run that did nothing, where this one would not either; it is kept as that of the last refresh."""
        try:
            noted = json.loads(self.path.read_text())
            # Before that day files of today would come from the future.
            if noted["state"] != self.state or date.today().isoformat() < noted["day"]:
                return None
        except (OSError, ValueError, TypeError, KeyError):
            return None
        now = {"finished_at": datetime.now(UTC).isoformat(timespec="seconds")}
        report: dict[str, Any] = noted["report"] | now
        report["seconds"] = {"look": round(time.perf_counter() - self.started, 2)}
        keep_report(report, self.settings.data / "releases")
        return report

    def note(self, report: dict[str, Any]) -> None:
        """Note that the run which `report` is about did nothing, if it did nothing and all is as before it."""
        nothing = not report["published"] and all(taken["outcome"] == "known" for taken in report["files"])
        here = self.settings.warehouse is None and report["asked_edition"] != "live"
        settled = time.time() - self.newest > SETTLED_S
        if nothing and here and settled and (self.state, self.newest) == self.seen():
            write_json(self.path, {"state": self.state, "day": date.today().isoformat(), "report": report})
