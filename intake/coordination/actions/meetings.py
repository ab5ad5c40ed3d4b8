"""Coordination meetings, of a day and of a week or month: opened with its agenda, decided item by item, closed with
its minutes.

What a decision does to a case (accept, dispatch with a slip, merge, guide) is done by the app that composes them;
here stands what the meeting keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from intake.coordination import queries as coordination_queries
from intake.coordination.models import AgendaItem, AgendaReason, CoordinationMeeting, Decision, MeetingKind
from intake.lifecycle import State as CaseState
from intake.models import Case
from intake.permissions import may_meet_at
from intake.transitions import locked, reason_given
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text

AT_REST = (CaseState.WITHDRAWN, CaseState.GUIDED, CaseState.MERGED, CaseState.ARCHIVED)
PRESENT = ("attendees", "absentees", "observers")
NO_POST = "碰头会由综治中心的研判分流岗和负责人主持。"


@dataclass(frozen=True)
class Decided:
    """What was decided on an item."""

    decision: str
    note: str = ""
    lead: Organisation | None = None
    co_handlers: Sequence[Organisation] = ()
    target: Case | None = None


@transaction.atomic
def open_meeting(centre: Organisation, *, actor: User, kind: str = MeetingKind.DAILY) -> CoordinationMeeting:
    """Open today's meeting of a centre, or go on with the one that is open, with all that belongs on its agenda.

    Raises InvalidTransition when today's was closed already.
    """
    require(may_meet_at(actor, centre), NO_POST)
    now = timezone.now()
    meeting, is_new = CoordinationMeeting.objects.get_or_create(
        centre=centre, kind=kind, held_on=timezone.localdate(now), defaults={"opened_by": actor, "opened_at": now}
    )
    meeting = _locked(meeting)
    if not meeting.is_open:
        raise InvalidTransition(f"今天的{meeting.get_kind_display()}已经结束；新的事项请在待办清单办理，或下次上会。")
    added = _fill(meeting)
    if is_new:
        record(actor, Verb.MEETING_OPENED, meeting, centre=centre.pk, items=added)
    return meeting


@transaction.atomic
def put_on_agenda(
    meeting: CoordinationMeeting, case: Case, *, actor: User, reason: str = AgendaReason.ADDED
) -> AgendaItem:
    """Bring a case up for discussion that is not on the agenda by itself: one of the centre, or of its territory where
    the meeting looks at all of it."""
    meeting = _open(meeting, actor)
    if not coordination_queries.is_of(meeting, case):
        raise RuleViolation("只能提请讨论本中心负责的案件。", field="case")
    if case.status in AT_REST:
        raise RuleViolation(f"案件{CaseState(case.status).label}，不用再讨论。", field="case")
    last = meeting.items.count()
    item, _ = AgendaItem.objects.get_or_create(
        meeting=meeting, case=case, defaults={"ordinal": last + 1, "reason": reason}
    )
    return item


def locked_item(item: AgendaItem, *, actor: User) -> AgendaItem:
    """An item of an open meeting, read again and locked for the caller's transaction, its case first.

    Raises PermissionDenied for who does not hold the meeting, InvalidTransition for a closed meeting or an item that
    was decided.
    """
    locked(item.case)
    _open(item.meeting, actor, lock=False)
    rows = AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting__centre", "decided_by", "case")
    fresh = rows.get(pk=item.pk)
    if fresh.is_settled:
        by = f"已由{fresh.decided_by.name}决定" if fresh.decided_by else "不用再决定"
        raise InvalidTransition(f"这一项{by}：{fresh.get_decision_display()}。")
    return fresh


def note_decision(item: AgendaItem, decided: Decided, *, actor: User) -> AgendaItem:
    """Keep what was decided on a locked item, in the transaction that does it.

    Raises BadInput at `note` for a decision that needs its words and has none.
    """
    note = clean_text(decided.note, field="note", max_length=2000, multiline=True)
    if decided.decision in (Decision.DEFER, Decision.FOLLOW):
        note = reason_given(note, field="note")
    item.decision, item.note = decided.decision, note
    item.lead, item.target = decided.lead, decided.target
    item.decided_by, item.decided_at = actor, timezone.now()
    item.save()
    item.co_handlers.set(decided.co_handlers)
    record(actor, Verb.AGENDA_DECIDED, item.case, decision=item.decision, meeting=item.meeting_id)
    return item


@transaction.atomic
def close_meeting(
    meeting: CoordinationMeeting, *, actor: User, chair: str = "", notes: str = "", **present: str
) -> CoordinationMeeting:
    """Close the meeting; what was not decided comes up again the next time. `present` says who was there, who was
    excused and who sat in: `attendees`, `absentees`, `observers`."""
    meeting = _open(meeting, actor)
    meeting.chair = clean_text(chair, field="chair", max_length=50)
    for name in PRESENT:
        setattr(meeting, name, clean_text(present.get(name, ""), field=name, max_length=1000, multiline=True))
    meeting.notes = clean_text(notes, field="notes", max_length=5000, multiline=True)
    meeting.closed_at = timezone.now()
    meeting.save()
    record(actor, Verb.MEETING_CLOSED, meeting, decided=meeting.items.exclude(decision="").count())
    return meeting


def _fill(meeting: CoordinationMeeting) -> int:
    """Put on the agenda what belongs there and is not on it; how many."""
    known = set(meeting.items.values_list("case_id", flat=True))
    new = [found for found in coordination_queries.agenda_candidates(meeting) if found.case_id not in known]
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, case_id=found.case_id, reason=found.reason, ordinal=at)
        for at, found in enumerate(new, start=len(known) + 1)
    )
    return len(new)


def _open(meeting: CoordinationMeeting, actor: User, *, lock: bool = True) -> CoordinationMeeting:
    fresh = _locked(meeting) if lock else CoordinationMeeting.objects.select_related("centre").get(pk=meeting.pk)
    require(may_meet_at(actor, fresh.centre), NO_POST)
    if not fresh.is_open:
        raise InvalidTransition("这次碰头会已经结束，不能再改。")
    return fresh


def _locked(meeting: CoordinationMeeting) -> CoordinationMeeting:
    rows = CoordinationMeeting.objects.select_for_update(of=("self",)).select_related("centre__territory")
    return rows.get(pk=meeting.pk)
