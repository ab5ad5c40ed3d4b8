"""Rows and constraints: work of several organisations on one case: joint handling, tasks and meetings."""

from intake.coordination.models.joint_task import (
    Task,
    TaskKind,
)
from intake.coordination.models.meeting import (
    AgendaItem,
    AgendaReason,
    CoordinationMeeting,
    Decision,
    MeetingKind,
)

__all__ = [
    "AgendaItem",
    "AgendaReason",
    "CoordinationMeeting",
    "Decision",
    "MeetingKind",
    "Task",
    "TaskKind",
]
