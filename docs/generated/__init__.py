"""The parts of pages that are made from the code and from a published warehouse, each by name."""

from collections.abc import Callable

from docs.generated import errors, model, schedule, settings
from docs.generated.commands import markdown as commands

GENERATORS: dict[str, Callable[..., str]] = {
    "commands": commands,
    "settings": settings.table,
    "deployments": schedule.deployments,
    "fault": errors.fault,
    "audit": errors.audit,
    "diagram": model.diagram,
    "schema": model.schema,
}
