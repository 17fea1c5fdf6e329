"""Commands for people who keep the register and evaluate: register, evidence, jaarverslag, evaluation."""

import json as json_module
import sys
from dataclasses import MISSING, asdict, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from flows.commands import output
from flows.commands.formats import print_table
from flows.commands.sandbox import open_published

app_register = typer.Typer(pretty_exceptions_enable=False)
register = typer.Typer(help="The register: import published figures with their source.", no_args_is_help=True)
evidence = typer.Typer(help="The evidence register: add, check, list.", no_args_is_help=True)
jaarverslag = typer.Typer(help="Annual reports: draw a sample, report what was coded.", no_args_is_help=True)
app_register.add_typer(register, name="register")
app_register.add_typer(evidence, name="evidence")
app_register.add_typer(jaarverslag, name="jaarverslag")

Folder = Annotated[
    Path | None, typer.Option("--register", help="Folder of the register; default: the one of the project.")
]


IMPORT_HEADINGS = {
    "add": "To add",
    "correct": "To correct",
    "equal": "There already",
    "conflict": "Conflicts",
    "left_out": "Left out",
}


@register.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV with a figure a row, see the recipe for a fact.", exists=True, dir_okay=False)
    ],
    write: Annotated[
        bool, typer.Option("--write", help="Write what can be added; without it nothing is written.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="With --write: also publish, from what the archive holds.")
    ] = False,
    folder: Folder = None,
    json: Annotated[
        bool, output.json_of("an object with written, release_id, rows (line, outcome, figure, why)")
    ] = False,
) -> None:
    """Add the figures of a facts file to the register: what it adds, what is there, what conflicts, what is left out and why."""
    from flows.refresh import Request, edition_in, refresh
    from flows.settings import load_settings
    from warehouse.register.facts import import_facts

    if publish and (folder or not write):
        raise typer.BadParameter("--publish goes with --write, and with the register of the project")
    planned = import_facts(register_in(folder), file.name, file.read_bytes(), date.today(), write)
    release = None
    if publish:
        settings = load_settings()
        request = Request(edition_in(settings.directory) or "sample", fetch=False)
        with output.steps_shown(json) as progress:
            release = refresh(request, settings, date.today(), progress).published.release
    if json:
        shown = [{name: getattr(one, name) for name in ("line", "outcome", "figure", "why")} for one in planned]
        return output.print_json({"written": write, "release_id": release and release.release_id, "rows": shown})
    for outcome, heading in IMPORT_HEADINGS.items():
        if found := [one for one in planned if one.outcome == outcome]:
            output.lines.print(f"[bold]{heading}[/]: {len(found)}")
        for one in found:
            output.lines.print(f"  line {one.line}  {output.escape(one.figure)}  [dim]{output.escape(one.why)}[/]")
    changes = any(one.cells for one in planned)
    if release:
        output.lines.print(f"{'Written, and published' if changes else 'Published'} as release {release.release_id}.")
    elif not changes:
        output.lines.print("There is nothing to write.")
    else:
        output.lines.print(
            "Written; it counts from the next refresh." if write else "Nothing is written: --write does it."
        )


@evidence.command("list")
def list_(
    goal: Annotated[
        str | None, typer.Argument(help="Goal, such as G07.", autocompletion=output.one_of(*output.GOALS))
    ] = None,
    folder: Folder = None,
    json: Annotated[bool, output.json_of("a list, an object per piece of evidence")] = False,
) -> None:
    """What is known of a goal: source, strength (A to D), for or against, superseded or not."""
    from warehouse.register.evidence import list_evidence

    rows = list_evidence(register_in(folder), output.goal_in(goal) if goal else None)
    if json:
        return output.print_json([asdict(row) for row in rows])
    names = ["id", "strength", "polarity", "direction", "publisher", "published", "statement", "superseded by"]
    print_table(
        names,
        [
            (
                row.evidence_id,
                row.strength,
                row.polarity,
                row.direction,
                row.publisher,
                row.published_on,
                row.statement_en,
                row.superseded_by,
            )
            for row in rows
        ],
    )


@evidence.command("check")
def check(
    folder: Folder = None,
    json: Annotated[bool, output.json_of("an object with in_order, faults")] = False,
) -> None:
    """Check the whole register by its rules; every fault is a sentence with file and line."""
    from schemas.errors import Problem
    from warehouse.register.evidence import EvidenceRefused, check_evidence

    problems = check_evidence(register_in(folder))
    if json:
        output.print_json({"in_order": not problems, "faults": [str(problem) for problem in problems]})
    else:
        for problem in problems:
            output.lines.print(output.escape(str(problem)))
    if problems:
        hint = "correct the lines above and check again"
        raise EvidenceRefused([Problem("the register", "rows that fit its rules", f"{len(problems)} faults", hint)])
    if not json:
        output.lines.print("The register is in order.")


@evidence.command("add")
def add(
    values: Annotated[list[str], typer.Option("--set", help="FIELD=VALUE; may be repeated.")] = [],  # noqa: B006
    source: Annotated[Path | None, typer.Option("--from", help="JSON file with the fields.")] = None,
    folder: Folder = None,
    json: Annotated[bool, output.json_of("an object with evidence_id")] = False,
) -> None:
    """Add a piece of evidence: from --set and --from, and by asking for what is missing. Nothing is written if a rule fails."""
    from warehouse.register.evidence import NewEvidence, add_evidence

    given: dict[str, Any] = json_module.loads(source.read_text()) if source else {}
    for pair in values:
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"expected FIELD=VALUE, found {pair!r}")
        given[name] = value
    known = {field.name: field for field in fields(NewEvidence)}
    if unknown := sorted(set(given) - set(known)):
        raise typer.BadParameter(f"no field {', '.join(unknown)}; the fields are {', '.join(known)}")
    missing = [name for name, field in known.items() if field.default is MISSING and name not in given]
    if missing and not sys.stdin.isatty():
        raise typer.BadParameter(f"give {', '.join(missing)} with --set or --from")
    for name in missing:
        given[name] = typer.prompt(name.replace("_", " "))
    new = NewEvidence(**{name: typed(known[name].type, value) for name, value in given.items()})
    number = add_evidence(register_in(folder), new, date.today())
    if json:
        return output.print_json({"evidence_id": number})
    output.lines.print(f"Added {number}; it counts from the next refresh.")


def register_in(folder: Path | None) -> Path:
    """The folder given, or that of the project's own register."""
    from warehouse.register.loader import REGISTER

    return folder or REGISTER


def typed(kind: Any, value: Any) -> Any:
    """A text as the field wants it: a day, a number, yes or no."""
    kinds = get_args(kind) or (kind,)
    if not isinstance(value, str) or str in kinds:
        return value
    if not value:
        return None
    if date in kinds:
        return date.fromisoformat(value)
    if bool in kinds:
        return value.lower() in ("true", "yes", "ja")
    return float(value) if float in kinds else int(value)


@jaarverslag.command("sample")
def sample(
    boards: Annotated[int, typer.Option(help="How many boards to read.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same sample.")],
    to: Annotated[Path | None, typer.Option(help="Write the plan as CSV.")] = None,
    json: Annotated[bool, output.json_of("a list, an object per board")] = False,
) -> None:
    """Draw boards whose annual reports to read, stratified by size and spread over provinces, with design weights."""
    from warehouse.database import one_row
    from warehouse.files import write_bytes
    from warehouse.jaarverslag.sampling import plan_csv, sampling_frame, sampling_plan

    with open_published(output.data_directory()) as con:
        plan = sampling_plan(sampling_frame(con), boards, seed)
        edition = one_row(con, "SELECT edition, synthetic FROM meta.edition")
    if to:
        write_bytes(to, plan_csv(plan, *edition).encode())
    if json:
        return output.print_json([asdict(one) for one in plan])
    output.lines.print(
        plan_csv(plan, *edition).rstrip() if not to else f"Wrote {len(plan)} boards to {to}.", highlight=False
    )


@jaarverslag.command("report")
def report(
    year: Annotated[int, typer.Argument(help="Report year, such as 2019.")],
    json: Annotated[
        bool, output.json_of("an object with synthetic, coverage, shares, agreement, disagreements")
    ] = False,
) -> None:
    """Coverage of boards and pupils, shares with intervals, agreement of coders (kappa) and their disagreements."""
    from warehouse.jaarverslag.sampling import coverage, sampling_frame
    from warehouse.jaarverslag.statistics import agreements, disagreements, shares

    with open_published(output.data_directory()) as con:
        frame = sampling_frame(con)
        reports = con.execute("FROM goals.jaarverslag").df()
    synthetic = bool(reports["synthetic"].any())
    if synthetic and not json:
        output.console.print(
            "[bold]SYNTHETIC[/]: these coded reports are made up for practice and say nothing about reality.",
            soft_wrap=True,
        )
    covered = coverage(frame, reports, year)
    found = shares(frame, reports, year)
    agreed, open_answers = agreements(reports), disagreements(reports)
    if json:
        parts: dict[str, Any] = {"synthetic": synthetic, "coverage": asdict(covered)}
        parts |= {"shares": [asdict(one) for one in found], "agreement": [asdict(one) for one in agreed]}
        return output.print_json(parts | {"disagreements": [asdict(one) for one in open_answers]})
    for title, rows in (
        ("Coverage", [covered]),
        ("Shares", found),
        ("Agreement", agreed),
        ("Disagreements", open_answers),
    ):
        if rows:
            records = [asdict(row) for row in rows]
            print_table(list(records[0]), [tuple(record.values()) for record in records], title)


@app_register.command()
def evaluation(
    snapshot: Annotated[int, typer.Option(help="Year of the snapshot, such as 2020.")],
    to: Annotated[Path | None, typer.Option(help="Folder; default: releases/evaluation-YEAR.")] = None,
    json: Annotated[bool, output.json_of("an object with folder, files, as_of, basis")] = False,
) -> None:
    """One folder for the evaluators: a document to print (nl, en), a workbook, and the tables as CSV and Parquet."""
    from warehouse.archive.edition import Edition
    from warehouse.database import scalar
    from warehouse.release.snapshots import SnapshotError, latest, snapshots_folder
    from warehouse.report.evaluation import write_evaluation

    data = output.data_directory()
    with data.published.open() as con, output.steps_shown(json) as progress:
        edition = Edition(scalar(con, "SELECT edition FROM meta.release"))
        found = latest(snapshots_folder(data.archive, edition), snapshot)
        if found is None:
            raise SnapshotError(
                f"snapshot {snapshot}: there is none; make it with `sectorakkoord snapshot {snapshot}`."
            )
        progress("writing the evaluators' folder")
        folder = to or data.releases / f"evaluation-{snapshot}"
        paths = write_evaluation(con, found[0].as_of, folder, data.cache)
    if json:
        files = [path.name for path in paths]
        facts = {"folder": str(paths[0].parent), "files": files, "as_of": found[0].as_of, "basis": found[0].basis}
        return output.print_json(facts)
    output.lines.print(
        f"Wrote {len(paths)} files to {paths[0].parent}: as known on {found[0].as_of} ({found[0].basis})."
    )
