"""When the publisher renews a dataset: what the release calendar is made from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cadence:
    """What is known of how a dataset is renewed; None is not known.

    `renewal`: yearly, monthly, stopped or unknown. A yearly file is expected by the end of `due_month`, the first one after its
    period has ended, or `due_weeks` after that end; a monthly one by the end of the month after the last. `grace_weeks` is a choice of
    ours: how much later it may come before it counts as overdue. `stopped_on` is a day, a month or a year, as it is known.
    """

    renewal: str
    due_month: int | None = None
    due_weeks: int | None = None
    grace_weeks: int = 13
    stopped_on: str | None = None


YEARLY = Cadence("yearly")
IN_AUTUMN = Cadence("yearly", due_month=11)
"""Autumn is all the publisher says: November is its last whole month."""
MONTHLY = Cadence("monthly", grace_weeks=8)
UNKNOWN = Cadence("unknown")
