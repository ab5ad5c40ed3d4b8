"""Rows and constraints: time limits of a case: the calendar, rules with dates of effect, clocks and their sweeps."""

from intake.deadlines.models.calendar import (
    CalendarDay,
    DayKind,
    OfficeHoursRow,
)
from intake.deadlines.models.clock import (
    PROCEDURES,
    Clock,
    ClockKind,
    ClockPause,
    ClockRule,
    ExtensionRequest,
)

__all__ = [
    "PROCEDURES",
    "CalendarDay",
    "Clock",
    "ClockKind",
    "ClockPause",
    "ClockRule",
    "DayKind",
    "ExtensionRequest",
    "OfficeHoursRow",
]
