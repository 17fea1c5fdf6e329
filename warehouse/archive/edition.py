"""Real and synthetic data, which are never mixed in one warehouse."""

from dataclasses import dataclass
from pathlib import Path

from warehouse.archive.model import Vintage
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import Decision, decisions
from warehouse.sample import REGISTER as SAMPLE_REGISTER


@dataclass(frozen=True)
class Edition:
    """What a warehouse shows: the `sample` (school level synthetic), or real data (`mirror`, `live`)."""

    name: str

    @property
    def synthetic(self) -> bool:
        """Is the school level synthetic?"""
        return self.name == "sample"

    @property
    def register_overlay(self) -> Path | None:
        """The folder of synthetic register rows, for the sample edition only."""
        return SAMPLE_REGISTER if self.synthetic else None

    def vintages(self, archive: Archive) -> list[Vintage]:
        """The archive's vintages of this edition, either real or synthetic."""
        return [vintage for vintage in archive.vintages() if vintage.origin.synthetic == self.synthetic]

    def withdrawals(self, archive: Archive) -> list[tuple[Decision, Vintage]]:
        """Every decision to withdraw or restore a vintage of this edition, in the order in which they were taken."""
        known = {vintage.sha256: vintage for vintage in archive.all_vintages()}
        taken = [(one, known[one.sha256]) for one in decisions(archive.folder) if one.sha256 in known]
        return [pair for pair in taken if pair[1].origin.synthetic == self.synthetic]
