"""Acts, each in one transaction.

Time limits of a case: the calendar, rules with dates of effect, clocks and their sweeps.
"""

from intake.deadlines.actions.breaches import (
    take_breaches,
)
from intake.deadlines.actions.calendar import (
    announced_year,
    reckoned_year,
    write_days,
)
from intake.deadlines.actions.clocks import (
    mark_due_clocks,
    recompute_running_clocks,
)

__all__ = [
    "announced_year",
    "mark_due_clocks",
    "reckoned_year",
    "recompute_running_clocks",
    "take_breaches",
    "write_days",
]
