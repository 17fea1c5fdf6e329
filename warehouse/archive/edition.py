"""Real data and data whose school level is made up: the two are never mixed."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from warehouse.archive.decisions import Decision
from warehouse.archive.model import Vintage
from warehouse.archive.store import Archive
from warehouse.archive.withdrawals import decisions
from warehouse.sample import REGISTER as SAMPLE_REGISTER


@dataclass(frozen=True)
class Edition:
    """What a warehouse shows: `sample` (school level synthetic) or real data (`mirror`, `live`)."""

    name: str

    @property
    def synthetic(self) -> bool:
        """Is the school level made up?"""
        return self.name == "sample"

    @property
    def register_overlay(self) -> Path | None:
        """The folder of made-up register rows, for the sample edition only."""
        return SAMPLE_REGISTER if self.synthetic else None

    def vintages(self, archive: Archive, leaving_out: Collection[str] = ()) -> list[Vintage]:
        """The archive's vintages of this kind of data: real and synthetic files never meet in one warehouse."""
        return [vintage for vintage in archive.vintages(leaving_out) if vintage.origin.synthetic == self.synthetic]

    def withdrawals(self, archive: Archive) -> list[tuple[Decision, Vintage]]:
        """Every decision to withdraw or restore a vintage of this kind of data, in the order in which they were taken."""
        held = {vintage.sha256: vintage for vintage in archive.all_vintages()}
        taken = [(one, held[one.sha256]) for one in decisions(archive.folder) if one.sha256 in held]
        return [pair for pair in taken if pair[1].origin.synthetic == self.synthetic]
