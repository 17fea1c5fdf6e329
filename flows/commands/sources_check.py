"""`sources --check`: what a first live refresh would find at every declared address."""

import sys
from collections import Counter
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import typer

from flows import exit_codes
from flows.commands import output
from flows.commands.formats import print_rows, print_table

if TYPE_CHECKING:
    from flows.ingest.rehearse import CheckedAddress

OUTCOMES = ("reachable", "moved", "gone", "refused", "unreachable")
FOUND = OUTCOMES[:2]


def check(form: str, lang: str) -> None:
    """Ask, print, and end with REFUSED where a refresh would lack a file: one that fails, or a dataset with none at all."""
    from flows.ingest.rehearse import CheckedAddress, rehearse
    from flows.settings import load_settings

    with output.steps_shown(form != "table") as progress:
        found = rehearse(load_settings(), progress)
    if form == "parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([asdict(one) for one in found]), sys.stdout.buffer)
    elif form != "table":
        print_rows(
            [field.name for field in fields(CheckedAddress)], [tuple(asdict(one).values()) for one in found], form
        )
    empty = sorted(
        {one.dataset for one in found if one.dataset} - {one.dataset for one in found if one.outcome in FOUND}
    )
    if form == "table":
        summary(found, empty, lang)
    if empty or any(one.outcome in OUTCOMES[3:] for one in found):
        raise typer.Exit(exit_codes.REFUSED)


def summary(found: "list[CheckedAddress]", empty: list[str], lang: str) -> None:
    """For people: a line per address, the faults in full, the counts, and the datasets that a refresh would find nothing for."""
    from flows.publishers.fetch import name_in
    from warehouse.text import Text

    text, counts = Text(lang), Counter(one.outcome for one in found)
    names = ("dataset", "outcome", "file", "size", "last_modified", "newest")
    print_table(names, [
        (one.dataset, text(one.outcome), name_in(one.found_at or one.address), one.size, one.last_modified, one.newest)
        for one in found
    ])  # fmt: skip
    for one in found:
        if one.outcome in OUTCOMES[3:]:
            output.lines.print(f"[bold red]{text(one.outcome)}[/] {output.escape(one.said)}")
    counted = ", ".join(f"{text(outcome)} {counts[outcome]}" for outcome in OUTCOMES)
    asked = text.plural("{n} address checked", "{n} addresses checked", len(found))
    output.lines.print(f"{asked}: {counted}. {text('Nothing was downloaded or kept.')}")
    if empty:
        output.lines.print(text("A refresh would find no file for {names}.", names=", ".join(empty)))
    else:
        output.lines.print(text("A refresh would find a file for every dataset."))
