"""Everything that the pages show, read once for both languages."""

from functools import cached_property
from typing import Any

import duckdb

from warehouse.database import one_record
from warehouse.exports.leaflet import Leaflet, leaflets
from warehouse.report.boards import Board, Measure, load_boards
from warehouse.report.goals import Goal, load_goals
from warehouse.report.model import records
from warehouse.report.quality import load_quality, load_revisions
from warehouse.text import Text, read_codes

LICENCES = """
SELECT dataset.publisher, dataset.licence, nullif(dataset.licence_note, '') AS note, count(DISTINCT dataset_id) AS datasets,
       min(regexp_extract(dataset.landing_page, '^https?://[^/]+')) AS url
FROM meta.dataset AS dataset JOIN meta.source_file USING (dataset_id)
GROUP BY ALL ORDER BY ALL"""
DIRECTION_RULES = (
    "one_way",
    "outweighed",
    "both_ways",
    "covid_only",
    "opinion_only",
    "no_comparison",
    "nothing_to_compare",
)
"""The rules of the register that say which way the evidence points; the others give a status."""
KNOWN_LICENCES = (
    "open data, credit DUO",
    "open data, credit the Inspectie",
    "no statement by DUO itself was found; third parties name CC0 1.0 and CC BY 4.0",
)
"""What the register says of licences in words of its own: these have their Dutch in the catalogue."""

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
        self.con = con
        self.release = records(con, "FROM meta.release")[0]
        self.codes = read_codes(con)
        self.goals = load_goals(con)
        self.flags = {row["flag"]: row for row in records(con, "FROM goals.flag")}
        self.statuses = records(con, "FROM goals.status ORDER BY line")
        self.snapshots = records(con, "FROM snapshots WHERE is_latest ORDER BY year")
        self.indicators = {row["indicator_id"]: row for row in records(con, "FROM goals.indicator")}
        rules = records(con, "FROM goals.status_rule ORDER BY line")
        self.rules = [row for row in rules if row["rule"] not in DIRECTION_RULES]
        self.direction_rules = [row for row in rules if row["rule"] in DIRECTION_RULES]
        self.licences = records(con, LICENCES)
        self.errata = records(con, "FROM errata")
        self.assumptions = records(con, "FROM goals.assumption ORDER BY assumption_id")

    @cached_property
    def boards(self) -> tuple[list[Board], list[Measure]]:
        """Every board with its figures, and the measures that stand per school."""
        return load_boards(self.con)

    @cached_property
    def leaflets(self) -> list[Leaflet]:
        """The fact sheet and the package of every indicator."""
        return leaflets(self.con)

    @cached_property
    def revisions(self) -> dict[str, Any]:
        """What publishers changed."""
        return load_revisions(self.con)

    @cached_property
    def quality(self) -> dict[str, Any]:
        """How the data came in."""
        return load_quality(self.con) | {"known_licences": KNOWN_LICENCES}

    @cached_property
    def schools(self) -> dict[str, Any]:
        """The day that the newest address file describes, and how many schools have no board."""
        return one_record(
            self.con, "SELECT max(state_on) AS state_on, count(*) FILTER (board_id IS NULL) AS boardless FROM schools"
        )

    def by_status(self) -> list[tuple[dict[str, Any], list[Goal]]]:
        """Each status that a goal has now, in the order of the register, with its goals: counted, never averaged."""
        found = [(row, [goal for goal in self.goals if goal.now["status"] == row["status"]]) for row in self.statuses]
        return [(row, goals) for row, goals in found if goals]

    def stamp_rule(self, text: Text) -> str:
        """The rule of CSS that names the release in the footers of one language."""
        facts: dict[str, Any] = self.release | {
            "edition": text.code("edition", self.release["edition"]),
            "day": text.day(self.release["published_at"]),
            "hash": self.release["content_hash"][:16],
        }
        named = text(
            "{release_id}, version {version}, {edition}, published on {day}, content {hash}, {audits} audits passed",
            **facts,
        )
        return f'.release:lang({text.lang})::after {{ content: "{named}."; }}\n'.replace("\\", "\\\\")
