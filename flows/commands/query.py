"""The commands that ask the published release: progress, sql, explain."""

from datetime import date
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from flows.commands import output
from flows.commands.formats import FORMATS, cell, chosen, print_parquet, print_rows
from flows.commands.sandbox import MEMORY, limited, open_published, rows_within

app_read = typer.Typer(pretty_exceptions_enable=False)

Lang = Annotated[
    str,
    typer.Option(
        "--lang",
        help="Language of names: en or nl.",
        envvar="SECTORAKKOORD_LANG",
        autocompletion=output.one_of("en", "nl"),
    ),
]

PROGRESS = """
SELECT p.goal_id, p.goal_{lang} AS goal, coalesce(i.name_{lang}, '(evidence only)') AS indicator,
       p.baseline_value AS base, p.target_value AS target, p.value_from, p.value_to,
       p.value_from_low, p.value_from_high, p.value_to_low, p.value_to_high, p.on_path,
       coalesce(s.label_{lang}, p.status) AS status, p.evidence_count,
       (SELECT string_agg(lower(f.label_{lang}), ', ' ORDER BY f.flag) FROM goals.flag AS f
        WHERE list_contains(p.flags, f.flag) AND f.flag NOT LIKE 'no_value%') AS flags
FROM progress($first, $last) AS p
LEFT JOIN goals.indicator AS i USING (indicator_id)
LEFT JOIN goals.status AS s ON s.status = p.status
ORDER BY p.goal_id"""

PROVISIONAL = """
SELECT p.goal_id, r.revised, r.moved, r.mean_absolute_revision, r.largest_absolute_revision, r.few_cases
FROM progress($first, $last) AS p
LEFT JOIN revision_profile AS r ON r.indicator_id = p.indicator_id AND r.method_version = p.method_version
                               AND r.entity_level = 'national' AND r.revised > 0
WHERE list_contains(p.flags, 'provisional') ORDER BY p.goal_id"""


@app_read.command()
def progress(
    first: Annotated[int, typer.Argument(help="First year, such as 2018.")] = 2018,
    last: Annotated[int, typer.Argument(help="Last year.")] = 2020,
    lang: Lang = "en",
    json: Annotated[bool, output.json_of("a list, a row per goal with the columns of the macro progress()")] = False,
) -> None:
    """The fifteen goals between two years: base, target, values, status, flags; and what is known of each in a sentence."""
    if last < first:
        raise typer.BadParameter(f"the last year {last} comes before the first {first}")
    from warehouse.database import one_row

    lang = language(lang)
    with open_published(output.data_directory()) as con:
        if json:
            names, rows = output.rows_of(con, "FROM progress($first, $last)", {"first": first, "last": last})
            return output.print_json(output.as_records(names, rows))
        _, rows = output.rows_of(con, PROGRESS.format(lang=lang), {"first": first, "last": last})
        _, sentences = output.rows_of(con, f"SELECT goal_id, sentence_{lang} FROM goal_status ORDER BY goal_id")  # noqa: S608 - nl or en
        _, provisional = output.rows_of(con, PROVISIONAL, {"first": first, "last": last})
        edition, synthetic, published = one_row(con, "SELECT edition, synthetic, published_at FROM meta.release")
    note = (
        "; school level and what is flagged synthetic is made up, other national figures are real" if synthetic else ""
    )
    output.console.print(f"[bold]Progress {first} to {last}[/], {edition} edition{note}")
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name, options in (
        ("goal, indicator, flags", {"ratio": 1}),
        ("base > target", {"justify": "right", "no_wrap": True}),
        (str(first), {"justify": "right", "no_wrap": True}),
        (str(last), {"justify": "right", "no_wrap": True}),
        ("status", {"width": 15}),
    ):
        table.add_column(name, **options)
    for row in rows:
        table.add_row(*progress_line(row))
    output.console.print(table)
    for goal, sentence in sentences:
        output.lines.print(f"[bold]{goal}[/] {output.escape(sentence)}")
    for row in provisional:
        output.lines.print(f"[dim]{provisional_line(*row)}[/]")
    output.lines.print(
        f"[dim]As known at the release of {published:%Y-%m-%d}; -: no value. "
        'What a flag means: sectorakkoord sql "FROM goals.flag"; all columns: --json.[/]'
    )


def progress_line(row: tuple[Any, ...]) -> tuple[str, str, str, str, str]:
    """A goal on the screen: name, indicator and flags under each other; the rest in numbers."""
    goal, name, indicator, base, target, before, after, *bounds, on_path, status, evidence, flags = row
    first, last = value_between(before, *bounds[:2]), value_between(after, *bounds[2:])
    what = f"[bold]{goal} {output.escape(name)}[/]\n{output.escape(indicator)}, {evidence} source{'' if evidence == 1 else 's'}"
    if flags:
        what += f"\n[yellow]{output.escape(flags)}[/]"
    path = {True: "\n[green]on path[/]", False: "\n[red]off path[/]"}.get(on_path, "")
    aim = f"{rounded(base)} > {rounded(target)}" if target is not None else "[dim]-[/]"
    return what, aim, rounded(first), rounded(last) + path, output.escape(status)


def provisional_line(goal: str, revised: int | None, moved: int, mean: float, largest: float, few_cases: bool) -> str:
    """By how much provisional figures of this kind moved until final, in points or units of the indicator."""
    if revised is None:
        return f"{goal}: provisional; by how much such figures move until final is not known, none was published again."
    few = " (fewer than five cases)" if few_cases else ""
    return f"{goal}: provisional; of {revised} such figures published again {moved} moved, by {mean:.4g} on average, {largest:.4g} at most{few}."


def value_between(value: float | None, low: float | None, high: float | None) -> str | float | None:
    """A value, or the bounds where a point would be a lie."""
    return f"{low:.2f} .. {high:.2f}" if value is None and low is not None else value


def rounded(value: Any) -> str:
    """A value in the overview of goals, to two decimals at most; `sql` and --json have it whole."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else cell(value)


def language(lang: str) -> str:
    """`en` or `nl`; anything else is a usage error."""
    if lang not in ("en", "nl"):
        raise typer.BadParameter(f"expected language en or nl, found {lang!r}")
    return lang


@app_read.command()
def sql(
    query: Annotated[str, typer.Argument(help="A query; quote it for your shell.")],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help=f"{', '.join(FORMATS)}; default: table on a terminal, csv in a pipe.",
            autocompletion=output.one_of(*FORMATS),
        ),
    ] = None,
    json: Annotated[bool, output.json_of("a list, an object per row")] = False,
) -> None:
    """Ask the published release in SQL. Only statements that read; no files, no network; limits for time, memory and rows."""
    form = "json" if json else chosen(form)
    with open_published(output.data_directory(), MEMORY) as con, limited(con, query) as cursor:
        if form == "parquet":
            return print_parquet(cursor)
        names, rows = [column[0] for column in cursor.description or []], rows_within(cursor)
    print_rows(names, rows, form)


@app_read.command()
def explain(
    goal: Annotated[str, typer.Argument(help="Goal, such as G02.", autocompletion=output.one_of(*output.GOALS))],
    indicator: Annotated[str | None, typer.Option(help="Indicator; default: all of the goal.")] = None,
    entity: Annotated[str, typer.Option(help="NL, a province, board number, BRIN or vestiging.")] = "NL",
    period: Annotated[str, typer.Option(help="A year, or a period as printed in full.")] = "2018",
    as_of: Annotated[str | None, typer.Option("--as-of", help="As known on a day such as 2020-12-31.")] = None,
    json: Annotated[
        bool, output.json_of("a list, an object per value, with the columns of the macro explain()")
    ] = False,
) -> None:
    """Where a figure comes from: formula, parts, files with hash and day, lines, masks, flags, method."""
    goal, day = output.goal_in(goal), output.day_in(as_of) or date.max
    with open_published(output.data_directory()) as con:
        found = output.rows_of(con, "SELECT indicator_id FROM goals.indicator WHERE goal_id = $goal", {"goal": goal})
        records = []
        for (one,) in found[1]:
            if indicator in (None, one):
                given = {"goal": goal, "indicator": one, "entity": entity, "period": period, "day": day}
                names, rows = output.rows_of(con, "FROM explain($goal, $indicator, $entity, $period, $day)", given)
                records += output.as_records(names, rows)
    if json:
        return output.print_json(records)
    if not records:
        output.lines.print(
            f'No value of {goal} for {entity} in {period}; `sectorakkoord sql "FROM coverage"` shows what there is.'
        )
    for record in records:
        print_value(record)


def print_value(found: dict[str, Any]) -> None:
    """One figure and its origin, in lines."""
    record: dict[str, Any] = {
        name: output.escape(value) if isinstance(value, str) else value for name, value in found.items()
    }
    out = output.lines
    bounds = value_between(record["value"], record["value_low"], record["value_high"])
    out.print(
        f"[bold]{record['indicator_id']}[/] ({record['method_version']}, {record['breakdown']}), "
        f"{record['entity_level']} {record['entity_id']}, {record['period_label']}: "
        f"[bold]{cell(bounds)}[/] {record['unit']}"
    )
    out.print(f"  formula     {record['formula']}")
    if record["numerator"] is not None:
        below = f" / {cell(record['denominator'])}" if record["denominator"] is not None else ""
        out.print(f"  parts       {cell(record['numerator'])}{below}")
    if record["masked_cells"]:
        lines = len(record["masked_lines"] or [])
        out.print(f"  masked      {record['masked_cells']} cells on {lines} lines: bounds, not a point")
    until = f" to {record['known_to']}" if record["known_to"] else ""
    out.print(f"  known       from {record['known_from']}{until}")
    out.print(f"  status      {record['status']}; flags: {', '.join(record['flags']) or 'none'}")
    retrieved = record["retrieved_on"] or "-"
    out.print(f"  file        {record['file_name']}, sha-256 {record['sha256'][:16]}…, retrieved {retrieved}")
    out.print(f"  source      {record['source'] or ''}", record["url"] or "")
    out.print(f"  lines       {ranges(record['lines'])}" + ("  [bold]SYNTHETIC[/]" if record["synthetic"] else ""))


def ranges(lines: list[int] | None, most: int = 12) -> str:
    """`[2, 3, 4, 9]` -> `2-4, 9`; long lists are cut, --json has them all."""
    runs: list[list[int]] = []
    for line in lines or []:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:most]]
    rest = f" and {len(runs) - most} more ranges ({len(lines or [])} lines in all)" if len(runs) > most else ""
    return ", ".join(shown) + rest
