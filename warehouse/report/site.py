"""Everything that the pages show, read once for both languages."""

from typing import Any

import duckdb

from warehouse.database import scalar
from warehouse.report.boards import load_boards
from warehouse.report.goals import Goal, load_goals
from warehouse.report.model import records
from warehouse.report.quality import load_quality, load_revisions
from warehouse.text import Text, read_codes

STATUS_SYMBOLS = {
    "target_met": "●",
    "target_met_not_interpretable": "◐",
    "met_before_period": "◑",
    "not_met": "✕",
    "movement_reported": "↗",
    "no_movement_reported": "→",
    "mixed": "↔",
    "not_assessable": "○",
}


class Site:
    """What a release says, as the pages need it."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.release = records(con, "FROM meta.release")[0]
        self.codes = read_codes(con)
        self.goals = load_goals(con)
        self.boards, self.per_school = load_boards(con)
        self.flags = {row["flag"]: row for row in records(con, "FROM goals.flag")}
        self.statuses = records(con, "FROM goals.status ORDER BY line")
        self.snapshots = records(con, "FROM snapshots WHERE is_latest ORDER BY year")
        self.indicators = {row["indicator_id"]: row for row in records(con, "FROM goals.indicator")}
        self.revisions, self.quality = load_revisions(con), load_quality(con)
        self.errata = records(con, "FROM errata")
        self.state_on = scalar(con, "SELECT max(state_on) FROM schools")

    def tally(self, goals: list[Goal], lang: str) -> list[tuple[str, str, int]]:
        """(status, label, how many of the goals) in the order of the register: counted, never averaged."""
        now = [goal.now["status"] for goal in goals]
        return [
            (row["status"], row[f"label_{lang}"], now.count(row["status"]))
            for row in self.statuses
            if row["status"] in now
        ]

    def stamp_rule(self, text: Text) -> str:
        """The rule of CSS that names the release in the footers of one language."""
        facts: dict[str, Any] = self.release | {
            "day": text.day(self.release["published_at"]),
            "hash": self.release["content_hash"][:16],
        }
        named = text(
            "{release_id}, version {version}, edition {edition}, published on {day}, content {hash}, {audits} audits passed",
            **facts,
        )
        return f'.release:lang({text.lang})::after {{ content: "{named}."; }}\n'.replace("\\", "\\\\")
