"""The commands about publishers and their files: sources, discover, withdraw, accept."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands import output
from flows.commands.formats import FORMATS, chosen, print_table
from flows.commands.query import language
from flows.commands.sandbox import open_published
from flows.commands.sources_check import check as check_addresses

if TYPE_CHECKING:
    from flows.publishers.source import Discoveries
    from warehouse.release.data_directory import DataDirectory

app_sources = typer.Typer(pretty_exceptions_enable=False)

Accept = Annotated[
    bool, typer.Option("--accept-counts", help="Mark the row counts of all files held as reviewed; nothing else.")
]

SOURCES_JSON = "a list, an object per dataset; with --accept-counts an object with added, removed, file; with --check a list, an object per address"
SOURCES = """
SELECT dataset_id AS dataset, any_value(dataset.publisher) AS publisher, any_value(renewal) AS renewal,
       any_value(feeds) AS feeds, any_value(known_urls) AS addresses, count(sha256) AS vintages,
       min(file.known_from) AS first_known, max(file.known_from) AS last_known,
       CASE WHEN any_value(layout_seen_live) OR coalesce(bool_or(NOT file.synthetic), false)
            THEN 'seen' ELSE 'not yet seen live' END AS layout,
       any_value(title_en) AS title, any_value(landing_page) AS landing_page
FROM meta.dataset AS dataset LEFT JOIN meta.source_file AS file USING (dataset_id)
GROUP BY dataset_id ORDER BY dataset_id"""


@app_sources.command()
def sources(
    accept: Accept = False,
    check: Annotated[
        bool, typer.Option("--check", help="Ask every address how it answers; nothing is downloaded or kept.")
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help=f"With --check: {', '.join(FORMATS)}; default: table on a terminal, csv in a pipe.",
            autocompletion=output.one_of(*FORMATS),
        ),
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", help="With --check: en or nl.", autocompletion=output.one_of("en", "nl"))
    ] = "en",
    json: Annotated[bool, output.json_of(SOURCES_JSON)] = False,
) -> None:
    """Every dataset: known addresses, vintages held, since when, whether seen live, and what it feeds."""
    if check:
        return check_addresses("json" if json else chosen(form), language(lang))
    if form:
        raise typer.BadParameter("--format goes with --check; use --json for the list of datasets")
    data = output.data_directory()
    if accept:
        return accept_held(data, json)
    with open_published(data) as con:
        found = output.as_records(*output.rows_of(con, SOURCES))
    withdrawn, accepted = withdrawn_in(data), accepted_in(data)
    for record in found:
        record["withdrawn"] = withdrawn[record["dataset"]]
        record["accepted"] = accepted[record["dataset"]]
    documents = unread(found[0])
    if json:
        return output.print_json(found + documents)
    names = ["dataset", "title", "vintages", "withdrawn", "accepted", "first_known", "last_known", "layout"]
    print_table(
        names,
        [tuple(record[name] for name in names) for record in found],
        "Datasets",
        sorted(set(found[0]) - {*names, "feeds"}),
    )
    output.lines.print("[bold]Feeds[/]")
    for record in found + documents:
        output.lines.print(f"{output.escape(record['dataset'])}: {output.escape(record['feeds'])}")


def unread(like: dict[str, Any]) -> list[dict[str, Any]]:
    """Documents that are known and that no dataset reads, as records with the keys of `like`."""
    from flows.publishers import sources as publishers

    nothing = {key: 0 if isinstance(value, int) else None for key, value in like.items()}
    return [
        nothing | {"dataset": name, "publisher": source.id, "layout": "unknown", "feeds": source.why_unclaimed}
        for source in publishers().values()
        for name in source.unclaimed()
    ]


def withdrawn_in(data: "DataDirectory") -> Counter[str]:
    """How many vintages are withdrawn, per dataset: as decided now, released or not."""
    from warehouse.archive.store import Archive
    from warehouse.archive.withdrawals import in_force, withdrawn

    decided = in_force(data.archive)
    left_out = {
        (sha256, origin.dataset_id)
        for sha256, origin in Archive(data.archive).findings()
        if withdrawn(decided, sha256, origin.file_name)
    }
    return Counter(dataset_id for _, dataset_id in left_out)


def accepted_in(data: "DataDirectory") -> Counter[str]:
    """How many vintages a person let in, per dataset."""
    from warehouse.archive.acceptances import accepted
    from warehouse.archive.store import Archive

    decided = accepted(data.archive)
    let_in = {(sha256, origin.dataset_id) for sha256, origin in Archive(data.archive).findings() if sha256 in decided}
    return Counter(dataset_id for _, dataset_id in let_in)


def accept_held(data: "DataDirectory", json: bool) -> None:
    """Rewrite the reviewed row counts from what the archive holds, real and made-up files apart."""
    from flows.ingest.accept_counts import accept_counts
    from warehouse.archive.store import Archive
    from warehouse.build.parse_cache import ParseCache
    from warehouse.register.reviewed_counts import FILE

    archive, cache = Archive(data.archive), ParseCache(data.cache)
    kinds = {vintage.origin.synthetic for vintage in archive.vintages()} | {
        record["synthetic"] for record in archive.refused()
    }
    changes = [accept_counts(archive, cache, synthetic) for synthetic in sorted(kinds)]
    added, gone = sum(one for one, _ in changes), sum(other for _, other in changes)
    if json:
        return output.print_json({"added": added, "removed": gone, "file": f"warehouse/register/{FILE}"})
    output.lines.print(
        f"warehouse/register/{FILE}: {added} counts added, {gone} removed; look at the difference (git diff) before you "
        "commit it, then refresh again."
    )


@app_sources.command()
def discover(
    json: Annotated[bool, output.json_of("an object with new, twice, mislabelled, unclaimed, failed")] = False,
) -> None:
    """Read the publishers' pages and DUO's catalogue; the next live refresh fetches the new files found there."""
    from flows.ingest.discover import discover as look
    from flows.settings import load_settings

    with output.steps_shown(json) as progress:
        progress("reading pages and the catalogue")
        found = look(load_settings(), date.today())
    if json:
        return output.print_json(found.as_json())
    print_discoveries(found)


def print_discoveries(found: "Discoveries") -> None:
    """What a discovery found, in a few lines."""
    out = output.lines
    for one in found.new:
        out.print(f"[bold green]new[/] {one.dataset_id} {one.period or '(state)'} {output.escape(one.url)}")
    if found.new:
        out.print("`sectorakkoord refresh --edition live` takes them in, if their layout is known.")
    else:
        out.print("No new files of known datasets.")
    for group in found.twice:
        out.print(f"[yellow]twice[/] {output.escape(' and '.join(group))}")
    for sentence in found.mislabelled:
        out.print(f"[yellow]label[/] {output.escape(sentence)}")
    for url in found.unclaimed:
        out.print(f"[dim]no dataset claims {output.escape(url)}[/]")
    for sentence in found.failed.values():
        out.print(f"[bold red]not read[/] {output.escape(sentence)}")


@app_sources.command()
def withdraw(
    vintage: Annotated[str, typer.Argument(help="File name, or the start of its SHA-256.")],
    why: Annotated[str, typer.Option("--why", help="The reason, for those who come after.")],
    who: Annotated[str, typer.Option("--by", help="Who decides: a name or a role.")],
    undo: Annotated[bool, typer.Option("--undo", help="Restore it instead.")] = False,
    json: Annotated[
        bool, output.json_of("an object with sha256, file_name, restored, decided_at, decided_by, reason, sequence")
    ] = False,
) -> None:
    """Leave a file out that should never have counted, in the past too; its bytes stay, and --undo restores it."""
    from warehouse.archive.store import Archive
    from warehouse.archive.withdrawals import decide, find

    archive = Archive(output.data_directory().archive)
    found = find(archive.all_vintages(), vintage)
    # A name means that name of the content; its hash means all its names.
    name = vintage if any(origin.file_name == vintage for origin in found.origins) else ""
    made = decide(archive.folder, found.sha256, undo, who, why, datetime.now(UTC), name)
    shown = name or found.origin.file_name
    if json:
        return output.print_json(asdict(made) | {"file_name": shown})
    word = "Restored" if undo else "Withdrew"
    output.lines.print(
        f"{word} {output.escape(shown)} ({found.sha256[:12]}, known from {found.known_from}); "
        "from the next refresh on, which gives every snapshot it touches a new version."
    )


@app_sources.command()
def accept(
    file: Annotated[str, typer.Argument(help="File name, or the start of its SHA-256, as `quarantine` shows it.")],
    why: Annotated[str, typer.Option("--why", help="The reason, for those who come after.")],
    who: Annotated[str, typer.Option("--by", help="Who decides: a name or a role.")],
    json: Annotated[
        bool, output.json_of("an object with sha256, file_name, restored, decided_at, decided_by, reason")
    ] = False,
) -> None:
    """Accept a refused file that is right although it looks cut off, doubled or damaged in its names."""
    from warehouse.archive.acceptances import accept, find_refused
    from warehouse.archive.store import Archive

    archive = Archive(output.data_directory().archive)
    made = accept(archive.folder, find_refused(archive.refused(), file), who, why, datetime.now(UTC))
    if json:
        return output.print_json(asdict(made))
    output.lines.print(
        f"Accepted {output.escape(made.file_name)} ({made.sha256[:12]}); the next refresh takes it in, if it is still offered."
    )
