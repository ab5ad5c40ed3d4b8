"""The case and all that hangs on it."""

from intake.models.archive import ArchiveCondition, ConditionSource
from intake.models.attachment import Attachment
from intake.models.attention import LeaderInCharge, Rest, RestKind
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
from intake.models.change import CaseChange, FeedEpoch
from intake.models.citizen import CitizenRating, QueryCode
from intake.models.clock import Clock, ClockKind, ClockPause, ClockRule, ExtensionRequest
from intake.models.counter import Counter
from intake.models.follow_up import ContactWay, FollowUp, Performance, Satisfaction
from intake.models.grading import GradeChange
from intake.models.handling import CloseReason, Handling, HandlingKind, HandlingPart, ReturnRequest
from intake.models.hazard import HazardCase
from intake.models.imports import ImportBatch, ImportKind, ImportMode, RowRemark
from intake.models.meeting import AgendaItem, AgendaReason, CoordinationMeeting, Decision
from intake.models.merging import Merger, RepeatLink
from intake.models.own import SavedView, TypedEntry
from intake.models.party import PaperKind, Party, PartyKind, PartyRole, PartySide
from intake.models.road import RoadCorrection, RoadTaken
from intake.models.status import StatusChange
from intake.models.tally import Grain, Tally, TallyDelta
from intake.models.task import Task, TaskKind
from intake.models.tier import MoveCause, TierMove

__all__ = [
    "AgendaItem",
    "AgendaReason",
    "ArchiveCondition",
    "Attachment",
    "CalendarDay",
    "Case",
    "CaseChange",
    "Category",
    "Channel",
    "CitizenRating",
    "Clock",
    "ClockKind",
    "ClockPause",
    "ClockRule",
    "CloseReason",
    "Complexity",
    "ConditionSource",
    "ContactWay",
    "CoordinationMeeting",
    "Counter",
    "DayKind",
    "Decision",
    "ExtensionRequest",
    "ExternalReference",
    "FeedEpoch",
    "FollowUp",
    "GradeChange",
    "Grain",
    "Handling",
    "HandlingKind",
    "HandlingPart",
    "HazardCase",
    "ImportBatch",
    "ImportKind",
    "ImportMode",
    "LeaderInCharge",
    "Merger",
    "MoveCause",
    "OfficeHoursRow",
    "Outcome",
    "PaperKind",
    "Party",
    "PartyKind",
    "PartyRole",
    "PartySide",
    "Performance",
    "QueryCode",
    "RepeatLink",
    "Rest",
    "RestKind",
    "ReturnRequest",
    "Risk",
    "Road",
    "RoadCorrection",
    "RoadTaken",
    "RowRemark",
    "Satisfaction",
    "SavedView",
    "Scale",
    "StatusChange",
    "Tally",
    "TallyDelta",
    "Task",
    "TaskKind",
    "Tier",
    "TierMove",
    "TypedEntry",
]
