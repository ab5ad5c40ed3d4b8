"""Acts, each in one transaction.

Time limits of a case: the calendar, rules with dates of effect, clocks and their sweeps.
"""

from intake.deadlines.actions.breaches import (
    take_breaches,
)
from intake.deadlines.actions.calendar import (
    announced_year,
    import_announcement,
    reckoned_year,
    set_office_hours,
    write_days,
)
from intake.deadlines.actions.clocks import (
    mark_due_clocks,
    recompute_running_clocks,
)
from intake.deadlines.actions.limit_rules import LimitCase, LimitTerms, set_time_limit, withdraw_time_limit

__all__ = [
    "LimitCase",
    "LimitTerms",
    "announced_year",
    "import_announcement",
    "mark_due_clocks",
    "reckoned_year",
    "recompute_running_clocks",
    "set_office_hours",
    "set_time_limit",
    "take_breaches",
    "withdraw_time_limit",
    "write_days",
]
