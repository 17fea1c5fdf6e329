"""`sectorakkoord doctor`: is everything there, whole and running? It looks, and changes nothing."""

from collections.abc import Callable, Iterator

from flows.doctor import installation, machine, product, schedule
from flows.doctor.finding import Finding
from flows.settings import Settings
from warehouse.steps import OnStep, unseen


def examine(settings: Settings, on_step: OnStep = unseen) -> Iterator[Finding]:
    """Every finding, the quick ones first."""
    data = settings.directory
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("Python and packages", lambda: installation.findings(lake=data.elsewhere is not None)),
        ("the machine", lambda: machine.findings(data)),
        ("publishers", lambda: machine.network(settings, product.edition(data))),
        ("the schedule", lambda: schedule.findings(data)),
        ("the release and the archive", lambda: product.findings(data)),
    )
    for at, (what, look) in enumerate(checks, 1):
        on_step(what, at, len(checks))
        yield from look()
