"""Acts on visits and outreach: plan, drop, record; a talk held."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from grids.entries import VisitEntry
from grids.models import (
    Hazard,
    OutreachEvent,
    OutreachKind,
    PlannedVisit,
    Territory,
    Visit,
    VisitReason,
)
from grids.permissions import may_visit
from grids.queries import find_open_territory
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import clean_text

NOT_MINE = "只有本网格工作人员和上级综治中心可以安排和记录走访。"
MOST_REACHED = 100_000


@transaction.atomic
def plan_visits(
    place: Territory,
    month: date,
    households: Sequence[str],
    *,
    actor: User,
    reason: str = VisitReason.ROUTINE,
    note: str = "",
) -> list[PlannedVisit]:
    """Put households on a grid's list for a month; those on it already are passed over. The new ones."""
    require(may_visit(actor, place), NOT_MINE)
    month = month.replace(day=1)
    if month < timezone.localdate().replace(day=1):
        raise RuleViolation("只能安排本月和以后的走访。", field="month")
    _check_reason(reason)
    names = list(dict.fromkeys(filter(None, (clean_text(h, field="households", max_length=80) for h in households))))
    if not names:
        raise BadInput("请填写走访对象，一行一个。", field="households")
    note = clean_text(note, field="note", max_length=200)
    rows = PlannedVisit.objects.filter(territory=place, month=month, dropped_at=None)
    known = set(rows.values_list("household", flat=True))
    plans = PlannedVisit.objects.bulk_create(
        PlannedVisit(territory=place, month=month, household=name, reason=reason, note=note, created_by=actor)
        for name in names
        if name not in known
    )
    record(actor, Verb.VISITS_PLANNED, place, month=month, number=len(plans))
    return plans


@transaction.atomic
def drop_plan(plan: PlannedVisit, *, actor: User) -> PlannedVisit:
    """Take a household off the list; nothing follows from it."""
    plan = PlannedVisit.objects.select_for_update(of=("self",)).select_related("territory").get(pk=plan.pk)
    require(may_visit(actor, plan.territory), NOT_MINE)
    if Visit.objects.filter(plan=plan).exists():
        raise InvalidTransition("这一户已经走访过，不用取消。")
    plan.dropped_at = plan.dropped_at or timezone.now()
    plan.save(update_fields=["dropped_at"])
    record(actor, Verb.VISIT_PLAN_DROPPED, plan.territory, plan=plan.pk)
    return plan


@transaction.atomic
def record_visit(entry: VisitEntry, *, actor: User) -> Visit:
    """Note a visit. One that was sent before under the same number, or for the same plan, is not noted again."""
    if entry.uid is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [str(entry.uid)])
        if known := Visit.objects.filter(uid=entry.uid, visited_by=actor).first():
            return known
    plan = _plan(entry)
    if plan is not None and (done := Visit.objects.filter(plan=plan).first()):
        return done
    visit = _checked(entry, plan, actor)
    visit.save()
    record(actor, Verb.VISIT_RECORDED, visit.territory, visit=visit.pk)
    return visit


@transaction.atomic
def link_finding(visit: Visit, hazard: Hazard, *, actor: User) -> Visit:
    """Say that a hazard was found on this visit; only one's own."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    require(visit.visited_by_id == actor.pk == hazard.reported_by_id, NOT_MINE)
    visit.hazard = hazard
    visit.save(update_fields=["hazard"])
    return visit


@transaction.atomic
def note_outreach(
    place: Territory, *, kind: str, topic: str, held_on: date, reached: int, actor: User, note: str = ""
) -> OutreachEvent:
    """Note a talk that was held, and how many it reached."""
    require(may_visit(actor, place), NOT_MINE)
    if kind not in OutreachKind.values:
        raise RuleViolation(f"没有“{kind}”这个类别。", field="kind")
    topic = clean_text(topic, field="topic", max_length=100)
    if not topic:
        raise BadInput("请填写主题。", field="topic")
    if held_on > timezone.localdate():
        raise RuleViolation("活动日期不能晚于今天。", field="held_on")
    if not 0 < reached <= MOST_REACHED:
        raise RuleViolation("到场人数应在 1 到 100000 之间。", field="reached")
    note = clean_text(note, field="note", max_length=500, multiline=True)
    event = OutreachEvent.objects.create(
        territory=place, kind=kind, topic=topic, held_on=held_on, reached=reached, note=note, created_by=actor
    )
    record(actor, Verb.OUTREACH_NOTED, place, event=event.pk, reached=reached)
    return event


def _plan(entry: VisitEntry) -> PlannedVisit | None:
    """The plan that is visited, locked."""
    if entry.plan is None:
        return None
    rows = PlannedVisit.objects.select_for_update(of=("self",)).select_related("territory")
    plan = rows.filter(pk=entry.plan, dropped_at=None).first()
    if plan is None:
        raise NotFound("没有这项走访计划，或已取消。")
    return plan


def _checked(entry: VisitEntry, plan: PlannedVisit | None, actor: User) -> Visit:
    place = plan.territory if plan else find_open_territory(entry.place)
    require(may_visit(actor, place), NOT_MINE)
    day = entry.visited_on or timezone.localdate()
    if day > timezone.localdate():
        raise RuleViolation("走访日期不能晚于今天。", field="visited_on")
    household = plan.household if plan else clean_text(entry.household, field="household", max_length=80)
    if not household:
        raise RuleViolation("请填写走访对象。", field="household")
    reason = plan.reason if plan else entry.reason
    _check_reason(reason)
    note = clean_text(entry.note, field="note", max_length=1000, multiline=True)
    facts = {"uid": entry.uid} if entry.uid else {}
    return Visit(
        territory=place,
        plan=plan,
        household=household,
        reason=reason,
        note=note,
        visited_on=day,
        visited_by=actor,
        **facts,
    )


def _check_reason(reason: str) -> None:
    if reason not in VisitReason.values:
        raise RuleViolation(f"没有“{reason}”这个事由。", field="reason")
