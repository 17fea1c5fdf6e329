"""`sectorakkoord doctor`: is everything there, whole and running? It looks, and changes nothing."""

from collections.abc import Callable, Iterator

from flows.health import data_directory, installation, machine, schedule
from flows.health.finding import Finding
from flows.settings import Settings
from warehouse.progress import ProgressCallback, no_progress


def examine(settings: Settings, progress: ProgressCallback = no_progress) -> Iterator[Finding]:
    """Every finding, the quick ones first."""
    data = settings.directory
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("Python and packages", lambda: installation.findings(lake=data.elsewhere is not None)),
        ("the machine", lambda: machine.findings(data)),
        ("publishers", lambda: machine.network(settings, data_directory.edition(data))),
        ("the schedule", lambda: schedule.findings(data)),
        ("the release and the archive", lambda: data_directory.findings(data)),
    )
    for at, (what, look) in enumerate(checks, 1):
        progress(what, at, len(checks))
        yield from look()
