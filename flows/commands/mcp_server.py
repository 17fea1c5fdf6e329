"""`sectorakkoord mcp`: the published release for assistants that speak the Model Context Protocol, over standard input and output.

Six tools that read, in the sandbox of `sectorakkoord sql`. No tool gives a figure without its flags, its bounds and its citation.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import typer

from flows.commands import output
from flows.commands.sandbox import MEMORY, open_published, rows_within
from flows.exit_codes import QueryError, sentence

if TYPE_CHECKING:
    import duckdb

app_mcp = typer.Typer(pretty_exceptions_enable=False)
Answer = list[dict[str, Any]]

MOST = 200
"""Figures in one answer: who needs more asks `sectorakkoord sql`."""
INSTRUCTIONS = """Figures on the fifteen goals of the Dutch Sectorakkoord VO 2018-2020. Repeat a figure only with its flags and its citation.
An empty value lies between value_low and value_high: name both. Values of two method versions form no series. A citation with MADE-UP
SAMPLE DATA says nothing about real schools."""
SEARCH = """
SELECT indicator.* EXCLUDE (line), list({'method_version': method_version, 'definition_en': definition_en} ORDER BY method_version) AS methods
FROM goals.indicator AS indicator JOIN goals.method AS method USING (indicator_id)
WHERE contains(lower(concat_ws(' ', indicator_id, goal_id, name_nl, name_en)), lower($words))
GROUP BY ALL ORDER BY goal_id, indicator_id"""
# A value that was replaced on the day it came is seen at its own moment of that day only, which its key names too.
FIGURES = """
SELECT *, concat_ws(':', indicator_id, method_version, breakdown, entity_id, year) || '@' || known_from
          || CASE WHEN known_from = known_to THEN '.' || $nth ELSE '' END AS citation_key
FROM observations_as_of($day, nth_of_day := $nth)
WHERE indicator_id = $indicator AND entity_id = $entity AND breakdown = $breakdown AND coalesce(year = $year, $year IS NULL)
ORDER BY method_version, period_end"""
VERSIONS = """
SELECT DISTINCT known_from, day_order FROM history()
WHERE indicator_id = $indicator AND entity_id = $entity AND breakdown = $breakdown AND year = $year ORDER BY ALL"""


class ServerMissing(Exception):
    """The package that speaks the protocol is not installed; the message says how to get it."""


def rows_of(con: "duckdb.DuckDBPyConnection", query: str, **given: Any) -> Answer:
    """The rows of a query, with days as text."""
    cursor = con.execute(query, given)
    names = [column[0] for column in cursor.description or []]
    return [
        {name: str(value) if isinstance(value, date) else value for name, value in zip(names, row, strict=True)}
        for row in rows_within(cursor, MOST)
    ]


def ask(query: str, **given: Any) -> Answer:
    """The rows of a query on the published release as it is now."""
    with open_published(output.data_directory(), MEMORY) as con:
        return rows_of(con, query, **given)


def figures(
    indicator: str, entity: str, breakdown: str, year: int | None = None, day: date = date.max, nth: int = 0
) -> Answer:
    """The values known on a day, each with its citation; none where nothing is known. QueryError where one cannot be cited."""
    given = {"indicator": indicator, "entity": entity, "breakdown": breakdown, "year": year, "day": day, "nth": nth}
    with open_published(output.data_directory(), MEMORY) as con:  # Once: figure and citation are of one release.
        found = rows_of(con, FIGURES, **given)
        for figure in found:
            cited = rows_of(con, "SELECT citation_nl, citation_en FROM cite($key)", key=figure["citation_key"])
            if not cited:
                raise QueryError(f"{figure['citation_key']}: a figure without a citation is not given; report it.")
            figure |= cited[0]
    return found


def known(found: Answer, what: str) -> Answer:
    """The same, or an error where there is nothing."""
    if not found:
        raise QueryError(
            f"expected a value of {what}, found none; search_indicators lists indicators, as_of their years."
        )
    return found


def search_indicators(words: str = "") -> Answer:
    """Indicators whose number, goal (such as G02) or name in Dutch or English holds these words; all without. Gives no figures."""
    return ask(SEARCH, words=words)


def get(indicator: str, year: int, entity: str = "NL", breakdown: str = "total") -> Answer:
    """What is known now of a label year, per method: value or bounds, flags, status and citation. Entity: NL, a province, board or school."""
    return known(figures(indicator, entity, breakdown, year), f"{indicator} for {entity} in {year}")


def as_of(indicator: str, day: str, entity: str = "NL", breakdown: str = "total") -> Answer:
    """All years of an indicator as they were known on a day such as 2019-12-31, with flags and citation."""
    return known(
        figures(indicator, entity, breakdown, day=date.fromisoformat(day)), f"{indicator} for {entity} on {day}"
    )


def revisions(indicator: str, year: int, entity: str = "NL", breakdown: str = "total") -> Answer:
    """Every value that was ever known of a label year, in the order in which they became known, with flags and citation as of that day."""
    moments = ask(VERSIONS, indicator=indicator, entity=entity, breakdown=breakdown, year=year)
    found = [
        figure
        for moment in moments
        for figure in figures(
            indicator, entity, breakdown, year, date.fromisoformat(moment["known_from"]), moment["day_order"]
        )
        if figure["known_from"] == moment["known_from"]
    ]
    # A value that stood to the end of its day is there at the later moments of that day too.
    return known(list({one["citation_key"]: one for one in found}.values()), f"{indicator} for {entity} in {year}")


def explain(indicator: str, year: int, entity: str = "NL", breakdown: str = "total") -> Answer:
    """Where the values known now of a label year come from: formula, numerator, denominator, file, SHA-256, lines; with flags and citation."""
    found = get(indicator, year, entity, breakdown)
    for figure in found:
        parts = ask(
            "FROM explain($goal, $indicator, $entity, $year, $day) WHERE method_version = $method AND breakdown = $breakdown",
            **{"goal": figure["goal_id"], "indicator": indicator, "entity": entity, "year": str(year), "day": date.max},
            **{"method": figure["method_version"], "breakdown": breakdown},
        )
        figure["explained"] = [{name: part[name] for name in part if name not in figure} for part in parts]
    return found


def verify(
    indicator: str, year: int, value: float, decimals: int, entity: str = "NL", breakdown: str = "total"
) -> dict[str, Any]:
    """Does a printed figure hold? Verdict: holds, within_bounds, changed (held until a day), never, unknown; beside what is known now."""
    query = (
        "SELECT verdict, held_from, held_until, citation_key "
        "FROM figure_check($indicator, NULL, $breakdown, $entity, $year, $value, $decimals)"
    )
    given = {"indicator": indicator, "breakdown": breakdown, "entity": entity, "year": year, "value": value}
    (found,) = ask(query, **given, decimals=decimals)
    return found | {"printed": value, "known_now": figures(indicator, entity, breakdown, year)}


@app_mcp.command()
def mcp() -> None:
    """Serve the published release to an assistant over the Model Context Protocol, on standard input and output; needs the extra `mcp`."""
    if find_spec("mcp") is None:
        raise ServerMissing(
            "mcp: the Python package mcp is not installed; install the project with its extra, `pip install '.[mcp]'`."
        )
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    def sentence_of_errors(tool: Callable[..., Any]) -> Callable[..., Any]:
        """The tool, whose errors are the sentences of the command line: of others the package passes nothing on."""

        @wraps(tool)
        def answer(*arguments: Any, **given: Any) -> Any:
            try:
                return tool(*arguments, **given)
            except Exception as fault:
                raise ToolError(sentence(fault)) from None

        return answer

    with open_published(output.data_directory()):
        pass  # Where nothing is published that is said now, not at the first question.
    server = MCPServer("sectorakkoord", instructions=INSTRUCTIONS, log_level="ERROR")
    for tool in (search_indicators, get, as_of, revisions, explain, verify):
        server.tool()(sentence_of_errors(tool))
    server.run("stdio")
