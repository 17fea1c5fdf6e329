"""A finding of the doctor."""

from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One finding in a sentence. `warning`: stops nothing. `error`: the sentence ends with what to do."""

    check: str
    level: Level
    sentence: str

    def as_json(self) -> dict[str, str]:
        """For machines."""
        return asdict(self)


def ok(check: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", sentence)


def warning(check: str, sentence: str) -> Finding:
    """Stops nothing."""
    return Finding(check, "warning", sentence)


def error(check: str, sentence: str) -> Finding:
    """Something must be corrected."""
    return Finding(check, "error", sentence)
