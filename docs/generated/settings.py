"""Every setting, from the models that read them."""

from docs.generated import markdown
from flows.prefect_ops.schedule_settings import ScheduleSettings
from flows.settings import PREFIX, Settings


def table(kind: str) -> str:
    """The settings of a kind, `pulling` or `schedule`, with default and meaning."""
    return markdown.table(
        ("setting", "default", "meaning"),
        [(markdown.code(name), markdown.code(default), meaning) for name, default, meaning in rows(kind)],
    )


def rows(kind: str) -> list[tuple[str, str, str]]:
    """(variable, default, meaning) of the settings that the schedule adds, or of all others."""
    found = []
    for name, field in ScheduleSettings.model_fields.items():
        if (name in Settings.model_fields) == (kind == "pulling"):
            default = ", ".join(field.default) if isinstance(field.default, tuple) else field.default
            found.append((PREFIX + name.upper(), "" if default is None else str(default), field.description or ""))
    return found
