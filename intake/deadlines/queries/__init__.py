"""Reads: time limits of a case: the calendar, rules with dates of effect, clocks and their sweeps."""

from intake.deadlines.queries.calendar import (
    calendar_warning,
    work_calendar,
    years_kept,
)
from intake.deadlines.queries.clocks import (
    breaches_not_taken_up,
    clocks_not_taken,
    due_clocks,
    due_if_started,
    in_procedure,
    late_by_organisation,
    lock_cases_with_due_clocks,
    lock_cases_with_lapses,
    longest_overdue,
    open_extension_request,
    overdue_cases_of,
    rule_for,
    rules_for,
    running_clocks,
    time_limit,
    time_limits,
)

__all__ = [
    "breaches_not_taken_up",
    "calendar_warning",
    "clocks_not_taken",
    "due_clocks",
    "due_if_started",
    "in_procedure",
    "late_by_organisation",
    "lock_cases_with_due_clocks",
    "lock_cases_with_lapses",
    "longest_overdue",
    "open_extension_request",
    "overdue_cases_of",
    "rule_for",
    "rules_for",
    "running_clocks",
    "time_limit",
    "time_limits",
    "work_calendar",
    "years_kept",
]
