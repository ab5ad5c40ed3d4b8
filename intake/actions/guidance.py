"""Guidance: a matter that belongs elsewhere goes to a named receiver, who signs, takes it over or refuses (受理兜底).

What is refused comes back to the centre, which then decides itself: nobody is sent away twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation, OutsideOrganisation
from grids.queries import members_of, members_with
from grids.roles import Capability
from intake.actions.complaints import require_may_handle
from intake.actions.restricting import open_to_organisation
from intake.deadlines.actions.clocks import start_clock
from intake.deadlines.models import ClockKind
from intake.deadlines.queries import rule_for, work_calendar
from intake.extension_points import Way
from intake.lifecycle import Event, State
from intake.models import Case, DeclineGround, Guidance, GuidanceEnd, GuidanceWay, Road
from intake.notifications import announce, notify, notify_dispatchers, office_opening
from intake.permissions import may_note_receipt, may_receive_guidance, may_sort
from intake.queries import open_guidance_of, overdue_guidance
from intake.transitions import come_to_rest, locked, move, reason_given, touch, words
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core import worktime
from zhongzhi.core.errors import InvalidTransition, RuleViolation, Unfit, require
from zhongzhi.core.worktime import Unit
from zhongzhi.set_aside import Share, Sweep

NOT_RECEIVER = "由接收单位的经办人签收、答复。"


@dataclass(frozen=True)
class Destination:
    """Where a matter is led: how, to whom, by which road; `ground` says which procedure has it already."""

    receiver: Organisation | None = None
    outside: OutsideOrganisation | None = None
    way: str = GuidanceWay.GUIDE
    road: str = ""
    ground: str = ""


@transaction.atomic
def guide_case(
    case: Case,
    *,
    actor: User,
    receiver: Organisation | None = None,
    outside: OutsideOrganisation | None = None,
    way: str = GuidanceWay.GUIDE,
    road: str = "",
    ground: str = "",
    note: str,
    version: int | None = None,
) -> Case:
    """Lead a matter that belongs elsewhere to a named receiver (受理兜底: never without one), inside the county or in
    the book of outside organisations. Who still supports the case, or helps with it, is released.

    Raises RuleViolation at `receiver` for none, and for a case that a receiver refused; at `ground` where it is
    declined without one.
    """
    case = locked(case, version=version)
    require(may_sort(actor, case))
    where = _checked(case, Destination(receiver, outside, way or GuidanceWay.GUIDE, road, ground))
    note = reason_given(note, field="note")
    name = receiver or outside
    label = GuidanceWay(where.way).label
    move(
        case,
        Event.GUIDE,
        actor=actor,
        reason=f"{label}至{name}：{note}" if where.way != GuidanceWay.DECLINE else _declined(where, note),
        columns={"guided_to": receiver, "guided_outside": outside},
    )
    announce(case, "case_guided", f"已{label}至{name}", actor=actor)
    come_to_rest(case, Way.GUIDE, actor=actor, reason=f"案件已{label}至{name}")
    row = _write(case, where, note, actor)
    record(actor, Verb.GUIDED, case, guidance=row.pk, way=row.way, receiver=row.receiver_id, outside=row.outside_id)
    if receiver is not None:
        open_to_organisation(case, receiver, actor)
        _notify_receiver(row, "guided_here", f"{label}到本单位，请签收")
    return case


@transaction.atomic
def sign_guidance(case: Case, *, actor: User, version: int | None = None) -> Guidance:
    """The receiver confirms that the matter is there; the limit of the answer begins."""
    case, row = _open(case, version)
    require(may_receive_guidance(actor, row), NOT_RECEIVER)
    if row.signed_at is not None:
        raise InvalidTransition("已经签收，请答复是否接收办理。")
    row.signed_at, row.signed_by = timezone.now(), actor
    row.due_at, row.overdue_at = _due(case, ClockKind.GUIDE_ANSWER, row.signed_at), None
    row.save(update_fields=["signed_at", "signed_by", "due_at", "overdue_at"])
    touch(case)
    record(actor, Verb.GUIDANCE_SIGNED, case, guidance=row.pk)
    return row


@transaction.atomic
def take_over_guidance(case: Case, *, actor: User, note: str = "", version: int | None = None) -> Guidance:
    """The receiver takes the matter over: it has arrived. It counts as signed for, where it was not."""
    case, row = _open(case, version)
    require(may_receive_guidance(actor, row), NOT_RECEIVER)
    _sign(row, actor)
    return _arrive(case, row, actor, words(note))


@transaction.atomic
def refuse_guidance(case: Case, *, actor: User, reason: str, version: int | None = None) -> Case:
    """The receiver refuses, with a reason: the case is with the centre again, which decides within a working day and
    sends it away no more."""
    case, row = _open(case, version)
    require(may_receive_guidance(actor, row), NOT_RECEIVER)
    reason = reason_given(reason)
    _sign(row, actor)
    return _come_back(case, row, actor, reason)


@transaction.atomic
def record_guidance_receipt(
    case: Case, *, actor: User, taken: bool, answered_on: date, note: str = "", version: int | None = None
) -> Guidance:
    """What an outside receiver answered on paper (回执): taken, or refused, on which day. Where nobody of an inside
    receiver works in the system, the same.

    Raises RuleViolation at `answered_on` for a day ahead or before the guidance, at `note` for a refusal without one.
    """
    case, row = _open(case, version)
    require(may_note_receipt(actor, row), "回执由负责中心的窗口登记；本系统内的单位自己签收、答复。")
    if not timezone.localdate(row.guided_at) <= answered_on <= timezone.localdate():
        raise RuleViolation("回执日期应在导引之后、今天以前。", field="answered_on")
    said = words(note) if taken else reason_given(note, field="note")
    row.answered_on = answered_on
    if taken:
        return _arrive(case, row, actor, said)
    _come_back(case, row, actor, said)
    return row


def note_overdue_guidance(now: datetime, *, limit: int = 50) -> int:
    """One batch of the sweep: tell receiver and centre, once a step, of guidance whose limit has passed; how many.
    What others hold is passed over; guidance at which this fails is set aside."""

    def take(share: Share) -> int:
        rows = share.of(overdue_guidance(now)).select_for_update(of=("self",), skip_locked=True)
        return _note_overdue(list(rows[:limit]), now)

    return Sweep("guidance", partial(overdue_guidance, now), take, limit).run(now)


def _note_overdue(rows: Sequence[Guidance], now: datetime) -> int:
    for row in rows:
        row.overdue_at = now
        row.save(update_fields=["overdue_at"])
        record(None, Verb.GUIDANCE_OVERDUE, row.case, guidance=row.pk, due_at=row.due_at)
        what = f"{row.get_way_display()}{'尚未答复' if row.signed_at else '尚未签收'}，已超期"
        people = set(members_with(row.case.centre_id or 0, Capability.SORT))
        if row.receiver is not None:
            people |= set(members_with(row.receiver, Capability.HANDLE))
        notify(people, row.case, f"guidance_overdue_{row.pk}", what, not_before=office_opening(row.case))
    return len(rows)


def _checked(case: Case, where: Destination) -> Destination:
    """A destination that is whole; refused for a case that came back."""
    if case.guidances.filter(end=GuidanceEnd.REFUSED).exists():
        raise RuleViolation("本案导引后已被退回一次，由本中心决定并受理，不再导引。", field="receiver")
    _check_receiver(case, where)
    if where.way not in GuidanceWay.values:
        raise Unfit("请选择方式。", field="way")
    if where.road and where.road not in Road.values:
        raise Unfit("没有这条途径。", field="road")
    declines = where.way == GuidanceWay.DECLINE
    if declines and where.ground not in DeclineGround.values:
        raise RuleViolation("不予受理的，请选择已进入的法定程序。", field="ground")
    return where if declines else Destination(where.receiver, where.outside, where.way, where.road)


def _check_receiver(case: Case, where: Destination) -> None:
    """One receiver, which is not the centre itself nor whom the case is about."""
    if where.receiver is None and where.outside is None:
        raise RuleViolation("请写明导引至哪个单位；不得只告知“不归我们管”。", field="receiver")
    if where.receiver is None:
        return
    if where.outside is not None:
        raise RuleViolation("本旗单位和外单位只选一个。", field="outside")
    if where.receiver.pk == case.centre_id:
        raise RuleViolation("不能导引给本中心；由本中心办理的请受理。", field="receiver")
    require_may_handle(case, where.receiver)


def _declined(where: Destination, note: str) -> str:
    return f"不予受理（{DeclineGround(where.ground).label}），请向{where.receiver or where.outside}提出：{note}"


def _write(case: Case, where: Destination, note: str, actor: User) -> Guidance:
    now = timezone.now()
    kind = ClockKind.GUIDE_SIGN if where.receiver is not None else ClockKind.GUIDE_ANSWER
    return Guidance.objects.create(
        case=case, note=note, guided_at=now, guided_by=actor, due_at=_due(case, kind, now), **where.__dict__
    )


def _due(case: Case, kind: ClockKind, start: datetime) -> datetime | None:
    rule = rule_for(case, kind, on=timezone.localdate(start))
    return worktime.due(work_calendar(), start, rule.amount, Unit(rule.unit)) if rule is not None else None


def _open(case: Case, version: int | None) -> tuple[Case, Guidance]:
    """The locked case and its open guidance; InvalidTransition for none."""
    case = locked(case, version=version)
    row = open_guidance_of(case) if case.status == State.GUIDED else None
    if row is None:
        raise InvalidTransition("这件案件没有在途的导引，可能已经到位或被退回，请刷新后查看。")
    return case, row


def _sign(row: Guidance, actor: User) -> None:
    if row.signed_at is None:
        row.signed_at, row.signed_by = timezone.now(), actor


def _end(row: Guidance, end: GuidanceEnd, actor: User, said: str) -> None:
    row.end, row.ended_at, row.ended_by, row.answer, row.due_at = end, timezone.now(), actor, said, None
    row.save()


def _arrive(case: Case, row: Guidance, actor: User, said: str) -> Guidance:
    _end(row, GuidanceEnd.ARRIVED, actor, said)
    touch(case)
    record(actor, Verb.GUIDANCE_ARRIVED, case, guidance=row.pk)
    notify_dispatchers(case, f"guidance_arrived_{row.pk}", f"{row.receiver_name}已接收")
    return row


def recall_guidance(case: Case, *, actor: User, reason: str) -> None:
    """The centre takes a locked case back that it led elsewhere; who has it, or is to sign for it, hears so first."""
    row = open_guidance_of(case)
    if row is not None:
        _end(row, GuidanceEnd.RECALLED, actor, reason)
    last = case.guidances.select_related("receiver", "case").last()
    if last is not None and last.receiver is not None and case.guided_to_id == last.receiver_id:
        _notify_receiver(last, "guidance_recalled", "导引已由中心收回，不再由本单位办理")


def limits_of_return(case: Case, unsorted: ClockKind) -> None:
    """The limits of a case that is with its centre again: those of what is accepted, or the one to decide by."""
    assert case.centre is not None
    is_accepted = case.status == State.ACCEPTED
    for kind in (ClockKind.TIER, ClockKind.DISPATCH) if is_accepted else (unsorted,):
        start_clock(case, kind, organisation=case.centre)


def _come_back(case: Case, row: Guidance, actor: User, reason: str) -> Case:
    """The case stands where it stood, with new limits; the centre decides itself within a working day."""
    assert case.centre is not None
    _end(row, GuidanceEnd.REFUSED, actor, reason)
    back = {"guided_to": None, "guided_outside": None, "holder": case.centre}
    move(case, Event.GUIDE_BACK, actor=actor, organisation=row.receiver, reason=reason, columns=back)
    limits_of_return(case, ClockKind.FALLBACK)
    record(actor, Verb.GUIDANCE_REFUSED, case, guidance=row.pk)
    notify_dispatchers(case, f"guidance_refused_{row.pk}", f"{row.receiver_name}退回，请一个工作日内决定受理")
    return case


def _notify_receiver(row: Guidance, kind: str, what: str) -> None:
    assert row.receiver is not None
    notify(members_of(row.receiver, Capability.HANDLE), row.case, f"{kind}_{row.pk}", what)
