"""The two worlds that are never mixed: the real one, and the one whose school level is made up."""

from dataclasses import dataclass
from pathlib import Path

from warehouse.archive.model import Vintage
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import Decision, decisions
from warehouse.sample import REGISTER as SAMPLE_REGISTER


@dataclass(frozen=True)
class Edition:
    """Which world a warehouse shows: `sample` (school level synthetic) or the real one (`mirror`, `live`)."""

    name: str

    @property
    def synthetic(self) -> bool:
        """Is the school level made up?"""
        return self.name == "sample"

    @property
    def register_overlay(self) -> Path | None:
        """The folder of made-up register rows, for the sample edition only."""
        return SAMPLE_REGISTER if self.synthetic else None

    def vintages(self, archive: Archive) -> list[Vintage]:
        """The archive's vintages of this world: real and synthetic files never meet in one warehouse."""
        return [vintage for vintage in archive.vintages() if vintage.origin.synthetic == self.synthetic]

    def withdrawals(self, archive: Archive) -> list[tuple[Decision, Vintage]]:
        """Every decision to withdraw or restore a vintage of this world, in the order in which they were taken."""
        held = {vintage.sha256: vintage for vintage in archive.all_vintages()}
        taken = [(one, held[one.sha256]) for one in decisions(archive.folder) if one.sha256 in held]
        return [pair for pair in taken if pair[1].origin.synthetic == self.synthetic]
