"""What the doctor says."""

from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["fine", "note", "mend"]


@dataclass(frozen=True)
class Finding:
    """One finding in a sentence. `note`: good to know, stops nothing. `mend`: the sentence ends with the way out."""

    check: str
    level: Level
    sentence: str

    def as_json(self) -> dict[str, str]:
        """For machines."""
        return asdict(self)


def fine(check: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(check, "fine", sentence)


def note(check: str, sentence: str) -> Finding:
    """Good to know."""
    return Finding(check, "note", sentence)


def mend(check: str, sentence: str) -> Finding:
    """Something must be mended."""
    return Finding(check, "mend", sentence)
