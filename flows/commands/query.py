"""The commands that only read: progress, status, sql, explain, quarantine."""

import os
import sys
import webbrowser
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from flows.commands import output

SNAPSHOTS = "SELECT year, version, as_of, basis, made_on, is_latest, observations FROM snapshots"
COUNTS = """
SELECT count(*) AS files, sum(data_lines)::BIGINT AS lines, sum(quarantined_lines)::BIGINT AS quarantined,
       (SELECT count(*) FROM goals.observation) AS observations, (SELECT count(*) FROM revisions) AS revisions
FROM meta.source_file WHERE dataset_id <> 'register'"""
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
       p.value_to_low, p.value_to_high, p.on_path,
       coalesce(s.label_{lang}, p.status) AS status, p.evidence_count,
       (SELECT string_agg(lower(f.label_{lang}), ', ' ORDER BY f.flag) FROM goals.flag AS f
        WHERE list_contains(p.flags, f.flag) AND f.flag NOT LIKE 'no_value%') AS flags
FROM progress($first, $last) AS p
LEFT JOIN goals.indicator AS i USING (indicator_id)
LEFT JOIN goals.status AS s ON s.status = p.status
ORDER BY p.goal_id"""


@app_read.command()
def progress(
    first: Annotated[int, typer.Argument(help="First label year.")] = 2018,
    last: Annotated[int, typer.Argument(help="Last label year.")] = 2020,
    lang: Lang = "en",
    json: Annotated[bool, output.json_of("a list, a row per goal with the columns of the macro progress()")] = False,
) -> None:
    """The fifteen goals between two years: base, target, values, status, flags."""
    if last < first:
        raise typer.BadParameter(f"the last year {last} comes before the first {first}")
    from warehouse.database import one_row

    lang = language(lang)
    with output.open_published(output.data_directory()) as con:
        if json:
            names, rows = output.rows_of(con, "FROM progress($first, $last)", {"first": first, "last": last})
            return output.print_json(output.as_records(names, rows))
        _, rows = output.rows_of(con, PROGRESS.format(lang=lang), {"first": first, "last": last})
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
    output.lines.print(
        f"[dim]As known at the release of {published:%Y-%m-%d}; -: no value, n = pieces of evidence. "
        'What a flag means: sectorakkoord sql "FROM goals.flag"; all columns: --json.[/]'
    )


def progress_line(row: tuple[Any, ...]) -> tuple[str, str, str, str, str]:
    """A goal on the screen: name, indicator and flags under each other; the rest in numbers."""
    goal, name, indicator, base, target, before, after, low, high, on_path, status, evidence, flags = row
    what = f"[bold]{goal} {output.escape(name)}[/]\n{output.escape(indicator)}, n = {evidence}"
    if flags:
        what += f"\n[yellow]{output.escape(flags)}[/]"
    path = {True: "\n[green]on path[/]", False: "\n[red]off path[/]"}.get(on_path, "")
    aim = f"{output.cell(base)} > {output.cell(target)}" if target is not None else "[dim]-[/]"
    return what, aim, output.cell(before), output.cell(value_between(after, low, high)) + path, output.escape(status)


def value_between(value: float | None, low: float | None, high: float | None) -> str | float | None:
    """A value, or the bounds where a point would be a lie."""
    return f"{low:.2f} .. {high:.2f}" if value is None and low is not None else value


def language(lang: str) -> str:
    """`en` or `nl`; anything else is a usage error."""
    if lang not in ("en", "nl"):
        raise typer.BadParameter(f"expected language en or nl, found {lang!r}")
    return lang


@app_read.command()
def status(
    json: Annotated[
        bool,
        output.json_of(
            "an object with release, snapshots, counts, refused, last_refresh, last_failure, withdrawn, accepted"
        ),
    ] = False,
) -> None:
    """What is published, what the last refresh did, which snapshots there are, what was kept aside."""
    from warehouse.archive import acceptances
    from warehouse.archive.store import Archive
    from warehouse.archive.withdrawals import in_force
    from warehouse.release.last_run import last_failure, last_report
    from warehouse.release.stores import NothingPublished

    data = output.data_directory()
    failure = last_failure(data.releases)
    try:
        with output.open_published(data) as con:
            release = output.as_records(*output.rows_of(con, "FROM meta.release"))[0]
            snapshots, counts = output.rows_of(con, SNAPSHOTS), output.rows_of(con, COUNTS)
    except NothingPublished:
        if failure:
            failed = f"the build of {moment(failure['failed_at'])} failed: {failure['sentence']}"
            raise NothingPublished(data.published, failed) from None
        raise
    refused, withdrawn = Archive(data.archive).kept_aside(), in_force(data.archive)
    accepted = acceptances.accepted(data.archive).values()
    report = last_report(data.releases)
    if json:
        return output.print_json(
            {
                "release": release,
                "snapshots": output.as_records(*snapshots),
                "counts": output.as_records(*counts)[0],
                "refused": refused,
                "last_refresh": report,
                "last_failure": failure,
                "withdrawn": [asdict(decision) for decision in withdrawn],
                "accepted": [asdict(decision) for decision in accepted],
            }
        )
    out = output.lines
    out.print(
        f"Release {release['release_id']}, version {release['version']}, {release['edition']} edition, published "
        f"{release['published_at']:%Y-%m-%d %H:%M}; content {release['content_hash'][:12]}, {release['audits']} audits passed."
    )
    output.print_table(*counts, title="What it holds")
    output.print_table(*snapshots, title="Snapshots")
    if report:
        outcomes = [taken["outcome"] for taken in report["files"]]
        counted = (
            ", ".join(f"{outcomes.count(kind)} {kind}" for kind in dict.fromkeys(outcomes)) or "no files asked for"
        )
        out.print(f"Last refresh {moment(report['finished_at'])}: {counted}.")
    if failure:
        out.print(
            f"[bold red]failed[/] the {failure['edition']} build of {moment(failure['failed_at'])}: {output.escape(failure['sentence'])} "
            f"Release {release['release_id']} stays."
        )
    for word, decided in (("withdrawn", withdrawn), ("accepted", accepted)):
        for decision in decided:
            out.print(
                f"[yellow]{word}[/] {decision.sha256[:12]} {output.escape(decision.file_name)}"
                f"{' ' if decision.file_name else ''}on {decision.decided_at:%Y-%m-%d} by "
                f"{output.escape(decision.decided_by)}: {output.escape(decision.reason)}"
            )
    for record in refused:
        out.print(f"[bold red]kept aside[/] {output.escape(record['reason'])}")
    out.print(f"Warehouse: {data.published}")


def moment(text: str) -> str:
    """`2026-11-23T08:00:00+00:00` as people write it."""
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"


@app_read.command()
def sql(
    query: Annotated[str, typer.Argument(help="A query; quote it for your shell.")],
    json: Annotated[bool, output.json_of("a list, an object per row")] = False,
) -> None:
    """Ask the published release in SQL. Read-only, and shut off from files and network."""
    with output.open_published(output.data_directory()) as con:
        names, rows = output.rows_of(con, query)
    if json:
        return output.print_json(output.as_records(names, rows))
    output.print_table(names, rows)


@app_read.command()
def explain(
    goal: Annotated[str, typer.Argument(help="Goal, such as G02.", autocompletion=output.one_of(*output.GOALS))],
    indicator: Annotated[str | None, typer.Option(help="Indicator; default: all of the goal.")] = None,
    entity: Annotated[str, typer.Option(help="NL, a province, board number, BRIN or vestiging.")] = "NL",
    period: Annotated[str, typer.Option(help="Label or label year.")] = "2018",
    as_of: Annotated[str | None, typer.Option("--as-of", help="As known on a day such as 2020-12-31.")] = None,
    json: Annotated[
        bool, output.json_of("a list, an object per value, with the columns of the macro explain()")
    ] = False,
) -> None:
    """Where a figure comes from: formula, parts, files with hash and day, lines, masks, flags, method."""
    goal, day = output.goal_in(goal), output.day_in(as_of) or date.max
    with output.open_published(output.data_directory()) as con:
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
        output.console.print(
            f'No value of {goal} for {entity} in {period}; `sectorakkoord sql "FROM coverage"` shows what there is.'
        )
    for record in records:
        tell_value(record)


def tell_value(record: dict[str, Any]) -> None:
    """One figure and its origin, in lines."""
    out = output.lines
    bounds = value_between(record["value"], record["value_low"], record["value_high"])
    out.print(
        f"[bold]{record['indicator_id']}[/] ({record['method_version']}, {record['breakdown']}), "
        f"{record['entity_level']} {output.escape(record['entity_id'])}, {record['period_label']}: "
        f"[bold]{output.cell(bounds)}[/] {record['unit']}"
    )
    out.print(f"  formula     {output.escape(record['formula'])}")
    if record["numerator"] is not None:
        below = f" / {output.cell(record['denominator'])}" if record["denominator"] is not None else ""
        out.print(f"  parts       {output.cell(record['numerator'])}{below}")
    if record["masked_cells"]:
        out.print(
            f"  masked      {record['masked_cells']} cells on {len(record['masked_lines'] or [])} lines: bounds, not a point"
        )
    out.print(
        f"  known       from {record['known_from']}" + (f" to {record['known_to']}" if record["known_to"] else "")
    )
    out.print(f"  status      {record['status']}; flags: {', '.join(record['flags']) or 'none'}")
    out.print(
        f"  file        {output.escape(record['file_name'])}, sha-256 {record['sha256'][:16]}…, retrieved {record['retrieved_on'] or '-'}"
    )
    out.print(f"  source      {output.escape(record['source'] or '')}", f"{record['url'] or ''}", highlight=False)
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


@app_read.command()
def quarantine(
    dataset: Annotated[str | None, typer.Option(help="Only this dataset.")] = None,
    json: Annotated[bool, output.json_of("an object with rows, files")] = False,
) -> None:
    """Rejected rows, with file, line, column, check and raw text, and the files kept aside as a whole."""
    from schemas.datasets import datasets
    from warehouse.archive.store import Archive

    if dataset not in (None, *datasets()):
        raise typer.BadParameter(f"expected a dataset (`sectorakkoord sources` lists them), found {dataset!r}")
    query = """
        SELECT quarantine.dataset_id AS dataset, file_name AS file, line, "column", "check", raw_value AS value, raw_text AS text
        FROM meta.quarantine AS quarantine JOIN meta.source_file USING (source_file_id)
        WHERE $dataset IS NULL OR quarantine.dataset_id = $dataset ORDER BY ALL"""
    data = output.data_directory()
    with output.open_published(data) as con:
        names, rows = output.rows_of(con, query, {"dataset": dataset})
    refused = [record for record in Archive(data.archive).kept_aside() if dataset in (None, record["dataset_id"])]
    if json:
        return output.print_json({"rows": output.as_records(names, rows), "files": refused})
    if rows:
        output.print_table(names, rows, "Quarantined rows")
    for record in refused:
        output.console.print(f"[bold red]kept aside[/] {record['retrieved_on']} {output.escape(record['reason'])}")
    if not rows and not refused:
        output.console.print("Nothing is quarantined and no file is kept aside.")


@app_read.command("next", hidden=True)
def next_steps() -> None:
    """What a newcomer may want to type now."""
    data = output.data_directory()
    out = output.lines
    out.print(f"\nThe warehouse is [bold]{data.published}[/]; it can be read while a refresh runs. Try:")
    program = ".venv/bin/sectorakkoord"
    for command, meaning in (
        ("explain G02 --period 2020", "where a figure comes from, to the line"),
        (
            "sql \"SELECT year, value, source, known_from FROM history() WHERE indicator_id = 'g02_zittenblijf_pct'\"",
            "what was known when",
        ),
        ("sql \"FROM as_of('2020-12-31') WHERE goal_id = 'G02'\"", "the state of knowledge on a day"),
        ("status", "releases, snapshots, files kept aside"),
        ("--help", "all commands"),
    ):
        out.print(f"  {program} {command}   [dim]{meaning}[/]")
    page = data.root / "report" / "index.html"
    if page.exists():
        address = page.resolve().as_uri()
        said = (
            "The report, opened in your browser" if opened_in_browser(address) else "The report, to open in a browser"
        )
        out.print(f"{said}: [bold]{address}[/]")


def opened_in_browser(address: str) -> bool:
    """Open an address where a person looks on and has a browser; never in CI, a pipe or a text terminal alone."""
    looked_at = sys.stdout.isatty() and not os.environ.get("CI")
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    try:
        return bool(looked_at and screen and webbrowser.open(address))
    except (webbrowser.Error, OSError):
        return False
