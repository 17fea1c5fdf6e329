"""The command line `sectorakkoord`. Every command has --help; errors are one sentence, --debug shows where they arose.

Modules of commands import what their commands need when they run: help and completion load none of it.
"""

import gc
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from flows import exit_codes
from flows.commands import output
from flows.commands.archive import app_archive
from flows.commands.figures import app_figures
from flows.commands.health import app_health
from flows.commands.mcp_server import app_mcp
from flows.commands.plan import app_plan
from flows.commands.publications import app_people
from flows.commands.query import app_read
from flows.commands.refresh import app_make
from flows.commands.register import app_register
from flows.commands.schedule import app_schedule
from flows.commands.sources import app_sources
from flows.commands.status import app_status
from flows.commands.vintages import app_vintages

app = typer.Typer(
    name="sectorakkoord",
    help="Warehouse for the fifteen goals of the Sectorakkoord VO 2018-2020: refresh, freeze, ask, explain.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for commands in (
    app_make,
    app_plan,
    app_status,
    app_read,
    app_figures,
    app_mcp,
    app_vintages,
    app_register,
    app_people,
    app_sources,
    app_archive,
    app_schedule,
    app_health,
):
    app.add_typer(commands)
state = {"debug": False}


@app.callback()
def options(debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False) -> None:
    """Options for all commands."""
    state["debug"] = debug


def main() -> None:
    """Run the command line: expected faults become one sentence and an exit code (see `flows.exit_codes.MEANINGS`).

    With --json an error is an object on standard error, a wrong option included.
    """
    # Rows and pages are made by the million and next to none is garbage: looking for it took a tenth of a refresh.
    gc.set_threshold(100_000)
    try:
        # Standalone, Typer itself prints a wrong option, in a box.
        code = app(standalone_mode=not output.wants_json())
    except TyperException as fault:
        output.print_error(fault.format_message(), exit_codes.USAGE, exit_codes.MEANINGS[exit_codes.USAGE])
        sys.exit(exit_codes.USAGE)
    except Exception as fault:
        if state["debug"]:
            raise
        code = exit_codes.exit_code(fault)
        output.print_error(exit_codes.sentence(fault), code, exit_codes.MEANINGS[code])
    sys.exit(code)


if __name__ == "__main__":
    main()
