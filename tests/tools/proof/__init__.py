"""`make proof`: what the warehouse withstands, as figures that anybody can make again; they are written to `docs/proof.md`.

A part is a module of this package, named in `PARTS` in `__main__`, with

    TITLE = "..."                      its heading on the page
    def run(long: bool) -> Result      the figures; `long` is the long form, the short one takes some seconds and runs in CI

The first paragraph of its docstring says on the page what it does. It raises nothing for what falls short: it says so.
"""

from dataclasses import dataclass, field


@dataclass
class Result:
    """What a part found: figures as (what, figure), and sentences for what fell short (none: it holds)."""

    figures: list[tuple[str, str]] = field(default_factory=list)
    short: list[str] = field(default_factory=list)

    def add(self, what: str, figure: object) -> None:
        """One more figure."""
        self.figures.append((what, str(figure)))

    def demand(self, holds: bool, otherwise: str) -> bool:
        """Note a sentence where something does not hold."""
        if not holds and otherwise not in self.short:
            self.short.append(otherwise)
        return holds
