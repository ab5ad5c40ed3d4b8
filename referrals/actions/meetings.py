"""Meetings of joint handling (联席会议、会商): who came, what was decided, and the tasks that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from intake.coordination.actions import add_task
from intake.coordination.models import Task, TaskKind
from intake.models import Case, Handling, HandlingPart
from intake.permissions import may_sort, may_work_on
from referrals.models import CareRecord, Meeting
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.core.text import clean_text


@dataclass(frozen=True)
class Resolved:
    """One decision of a meeting that an organisation carries out."""

    handling: Handling
    what: str
    due_on: date | None = None
    kind: str = TaskKind.ORDINARY


@transaction.atomic
def record_meeting(
    case: Case,
    *,
    actor: User,
    held_at: datetime,
    place: str,
    decided: str,
    present: Sequence[Organisation] = (),
    people: str = "",
    tasks: Sequence[Resolved] = (),
) -> Meeting:
    """Record a meeting about a case; each decision for an organisation becomes its task, all in one transaction.

    Raises RuleViolation at `held_at` for a time to come, at `decided` for none.
    """
    lead = case.handlings.filter(closed_at=None, part=HandlingPart.LEAD).first()
    leads = lead is not None and may_work_on(actor, lead)
    require(may_sort(actor, case) or leads, "会议由综治中心或主办单位记录。")
    if held_at > timezone.now():
        raise RuleViolation("会议时间不能晚于现在；请在会后记录。", field="held_at")
    text = clean_text(decided, field="decided", max_length=5000, multiline=True)
    if not text:
        raise RuleViolation("请写明议定事项。", field="decided")
    meeting = Meeting.objects.create(
        case=case,
        held_at=held_at,
        place=clean_text(place, field="place", max_length=100),
        people=clean_text(people, field="people", max_length=500),
        decided=text,
        recorded_by=actor,
        recorded_at=timezone.now(),
    )
    meeting.present.set(present)
    made = [give_task(case, r.handling, actor=actor, what=r.what, due_on=r.due_on, kind=r.kind) for r in tasks]
    meeting.tasks.set(made)
    record(actor, Verb.MEETING_HELD, case, meeting=meeting.pk, tasks=[task.pk for task in made])
    return meeting


@transaction.atomic
def give_task(
    case: Case,
    handling: Handling | None,
    *,
    actor: User,
    what: str,
    due_on: date | None = None,
    kind: str = TaskKind.ORDINARY,
) -> Task:
    """Give an organisation that handles the case a task; a transfer of a person under special care waits for the
    guardian's consent. Raises RuleViolation at `handling` for none."""
    if handling is None:
        raise RuleViolation("请选择由哪个单位完成。", field="handling")
    marked = CareRecord.objects.filter(case=case, ended_at__isnull=True).first()
    transfer = kind == TaskKind.TRANSFER and marked is not None
    consent = marked.consents.filter(withdrawn_at=None).first() if transfer and marked is not None else None
    task = add_task(case, handling, actor=actor, what=what, kind=kind, due_on=due_on, needs_consent=transfer)
    if consent is not None:
        task.consented_at = consent.recorded_at
        task.save(update_fields=["consented_at"])
    return task
