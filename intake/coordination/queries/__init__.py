"""Reads: work of several organisations on one case: joint handling, tasks and meetings."""

from intake.coordination.queries.joint_tasks import (
    counts_by_category,
    handlings_at_red_risk,
    handlings_reopened_twice,
    has_releasable_parts,
    open_tasks,
    releasable_parts,
    tasks_of,
    tasks_to_remind,
    tier_moves_of,
)
from intake.coordination.queries.meetings import (
    Candidate,
    agenda_candidates,
    agenda_for,
    item_for,
    item_of,
    items_of,
    left_over,
    meeting_centres,
    meeting_visible_to,
    meetings_visible_to,
    next_undecided,
)

__all__ = [
    "Candidate",
    "agenda_candidates",
    "agenda_for",
    "counts_by_category",
    "handlings_at_red_risk",
    "handlings_reopened_twice",
    "has_releasable_parts",
    "item_for",
    "item_of",
    "items_of",
    "left_over",
    "meeting_centres",
    "meeting_visible_to",
    "meetings_visible_to",
    "next_undecided",
    "open_tasks",
    "releasable_parts",
    "tasks_of",
    "tasks_to_remind",
    "tier_moves_of",
]
