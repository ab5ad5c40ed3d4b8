"""The case and all that hangs on it."""

from intake.models.attachment import Attachment
from intake.models.calendar import CalendarDay, DayKind, OfficeHoursRow
from intake.models.case import (
    Case,
    Channel,
    Complexity,
    ExternalReference,
    Outcome,
    Risk,
    Road,
    Scale,
    Tier,
)
from intake.models.category import Category
from intake.models.change import CaseChange
from intake.models.clock import Clock, ClockKind, ClockPause, ClockRule, ExtensionRequest
from intake.models.counter import Counter
from intake.models.grading import GradeChange
from intake.models.handling import CloseReason, Handling, HandlingKind, HandlingPart, ReturnRequest
from intake.models.party import PaperKind, Party, PartyKind, PartyRole, PartySide
from intake.models.status import StatusChange

__all__ = [
    "Attachment",
    "CalendarDay",
    "Case",
    "CaseChange",
    "Category",
    "Channel",
    "Clock",
    "ClockKind",
    "ClockPause",
    "ClockRule",
    "CloseReason",
    "Complexity",
    "Counter",
    "DayKind",
    "ExtensionRequest",
    "ExternalReference",
    "GradeChange",
    "Handling",
    "HandlingKind",
    "HandlingPart",
    "OfficeHoursRow",
    "Outcome",
    "PaperKind",
    "Party",
    "PartyKind",
    "PartyRole",
    "PartySide",
    "ReturnRequest",
    "Risk",
    "Road",
    "Scale",
    "StatusChange",
    "Tier",
]
