"""Sessions: planned with mediators and room, parties invited, held with a record, put off or called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from intake.models import Party
from intake.queries.violence import why_not_joint
from mediation.actions._locking import (
    done,
    locked_for,
    parties_named,
    require_open,
    tell_mediators,
    text_of,
    why_over,
)
from mediation.actions.bookings import book, free, release_rest
from mediation.actions.invitations import tell_invited, tell_parties
from mediation.actions.minutes import Minutes, require_minutes, write_minutes
from mediation.actions.opening import check_mediator
from mediation.lifecycle import State
from mediation.models import (
    Attendee,
    Mediation,
    Mediator,
    Room,
    Session,
    SessionKind,
    SessionResult,
    SessionState,
)
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, VersionConflict, refuse_for
from zhongzhi.core.text import clean_text

LONGEST = timedelta(hours=12)
MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Plan:
    """When, where, with whom. `parties` are uids; `others` are (name, capacity) of people who are no parties."""

    starts_at: datetime
    ends_at: datetime
    kind: str = SessionKind.MEETING
    room: Room | None = None
    place: str = ""
    mediators: Sequence[Mediator] = ()
    parties: Sequence[str] = ()
    others: Sequence[tuple[str, str]] = ()


@transaction.atomic
def plan_session(mediation: Mediation, plan: Plan, *, actor: User) -> Session:
    """Set a session: its mediators and room are booked, the parties invited by text message.

    Raises RuleViolation for a time before the mediation was opened or for a party that is not of the case, and
    AlreadyBooked, naming who and when, for time that is taken.
    """
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    check_time(mediation, plan.starts_at, plan.ends_at)
    mediators = chosen_mediators(mediation, plan.mediators)
    place = clean_text(plan.place, field="place", max_length=120)
    if plan.room is None and not place:
        raise RuleViolation("请选择调解室，或填写地点。", field="place")
    parties = parties_named(mediation.case, plan.parties, field="parties")
    check_joint(mediation, plan.kind, parties, "parties")
    session = Session.objects.create(
        mediation=mediation,
        kind=plan.kind,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        room=plan.room,
        place=place,
    )
    book(session, mediators)
    _ask(session, parties, plan.others)
    done(mediation, actor, Verb.SESSION_PLANNED, session=session.pk, starts_at=session.starts_at)
    when = timezone.localtime(session.starts_at)
    tell_mediators(
        mediation,
        "session_planned",
        f"{when:%m月%d日 %H:%M} {session.get_kind_display()}",
        key=f"session:{session.pk}:planned",
        link=f"/mediation/sessions/{session.uid}/",
    )
    return session


@transaction.atomic
def save_minutes(session: Session, minutes: Minutes, *, actor: User, version: int | None = None) -> Session:
    """Keep what has been typed so far; the session is not over by it."""
    session = _locked(session, actor, version)
    _require_unheld(session)
    write_minutes(session, minutes)
    done(session.mediation, actor, Verb.SESSION_NOTED, session=session.pk)
    return session


@transaction.atomic
def hold_session(session: Session, minutes: Minutes, *, actor: User, version: int | None = None) -> Session:
    """The session took place: record and result stand.

    One that was planned for later took place now: both times stand. Mediators and room are free again. Raises
    InvalidTransition while a side has not agreed to be mediated, BadInput without record or result, RuleViolation for
    one that no party came to.
    """
    session = _locked(session, actor, version)
    mediation = session.mediation
    _require_unheld(session)
    refuse_for(why_not_hold(mediation))
    write_minutes(session, minutes)
    require_minutes(session)
    check_joint(mediation, session.kind, _who_came(session), "came")
    _hold(session)
    done(mediation, actor, Verb.SESSION_HELD, session=session.pk, result=session.result)
    return session


def why_not_hold(mediation: Mediation) -> DomainError | None:
    """Why a session of the mediation cannot have taken place: it is over, or a side has not agreed to it."""
    if why := why_over(mediation):
        return why
    if mediation.status != State.RUNNING:
        return InvalidTransition("还有当事人没有表示同意调解，请先记录各方意愿。")
    return None


def check_joint(mediation: Mediation, kind: str, parties: Sequence[Party], field: str) -> None:
    """Who was hurt at home meets the other side only at their own wish; heard one by one they may be on one day."""
    if kind != SessionKind.BACK_TO_BACK:
        refuse_for(why_not_joint(mediation.case, parties, field=field))


def _who_came(session: Session) -> list[Party]:
    rows = session.attendees.filter(party__isnull=False, came=True).select_related("party")
    return [row.party for row in rows if row.party is not None]


def hold_written_sessions(mediation: Mediation) -> None:
    """A planned session of a locked mediation that comes to an agreement, and whose record was written, took place."""
    for session in mediation.sessions.filter(status=SessionState.PLANNED).exclude(record="").order_by("pk"):
        session.result = session.result or SessionResult.AGREED
        session.save(update_fields=["result"])
        _hold(session)


@transaction.atomic
def adjourn_session(session: Session, *, actor: User, reason: str, starts_at: datetime, ends_at: datetime) -> Session:
    """Put a planned session off to another time, with the same people and place; the new one."""
    session = _locked(session, actor, None)
    mediation = session.mediation
    require_open(mediation)
    _require_unheld(session)
    note = text_of(reason, field="reason", what="改期的理由", longest=1000)
    check_time(mediation, starts_at, ends_at)
    mediators = [b.mediator for b in session.bookings.filter(mediator__isnull=False).select_related("mediator")]
    free(session)
    later = Session.objects.create(
        mediation=mediation,
        kind=session.kind,
        starts_at=starts_at,
        ends_at=ends_at,
        room=session.room,
        place=session.place,
    )
    book(later, [m for m in mediators if m])
    asked = list(session.attendees.select_related("party"))
    _ask(later, [a.party for a in asked if a.party], [(a.name, a.capacity) for a in asked if a.party is None])
    session.status, session.result_note, session.adjourned_to = SessionState.ADJOURNED, note, later
    session.save(update_fields=["status", "result_note", "adjourned_to"])
    done(mediation, actor, Verb.SESSION_ADJOURNED, session=session.pk, to=later.pk)
    return later


@transaction.atomic
def cancel_session(session: Session, *, actor: User, reason: str) -> Session:
    """Call a planned session off; its time is free again, and those invited are told."""
    session = _locked(session, actor, None)
    _require_unheld(session)
    session.result_note = text_of(reason, field="reason", what="取消的理由", longest=1000)
    session.status = SessionState.CANCELLED
    session.save(update_fields=["status", "result_note"])
    free(session)
    tell_invited(session, "已取消")
    done(session.mediation, actor, Verb.SESSION_CANCELLED, session=session.pk)
    return session


def _hold(session: Session) -> None:
    """A session that was planned for later began as long ago as it was to last, and after the mediation was opened."""
    now = timezone.now()
    if session.starts_at > now:
        length, opened = session.ends_at - session.starts_at, session.mediation.opened_at
        session.planned_for = session.starts_at
        session.starts_at, session.ends_at = max(now - length, min(opened, now - MOMENT)), now
    session.status = SessionState.HELD
    session.save(update_fields=["status", "planned_for", "starts_at", "ends_at"])
    release_rest(session, now)


def _locked(session: Session, actor: User, version: int | None) -> Session:
    """The session, its case and mediation locked before it."""
    mediation = locked_for(session.mediation, actor)
    fresh = Session.objects.select_for_update(of=("self",)).select_related("room").get(pk=session.pk)
    if version is not None and fresh.version != version:
        raise VersionConflict("您打开之后，这次笔录已有人更新过。您填写的内容仍在，请核对后再提交。")
    fresh.mediation = mediation
    return fresh


def _require_unheld(session: Session) -> None:
    if session.status != SessionState.PLANNED:
        raise InvalidTransition(f"这次{session.get_kind_display()}{SessionState(session.status).label}，不能再改动。")


def check_time(mediation: Mediation, starts_at: datetime, ends_at: datetime) -> None:
    opened = timezone.localtime(mediation.opened_at)
    if starts_at < mediation.opened_at.replace(second=0, microsecond=0):
        raise RuleViolation(f"调解于 {opened:%m月%d日 %H:%M} 受理，会期不能早于受理时间。", field="starts_at")
    if ends_at <= starts_at:
        raise RuleViolation("结束时间应晚于开始时间。", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise RuleViolation("一次调解不超过 12 小时，请核对日期。", field="ends_at")


def chosen_mediators(mediation: Mediation, wanted: Sequence[Mediator]) -> list[Mediator]:
    known = set(mediation.mediators.values_list("pk", flat=True))
    chosen = list(wanted) or list(mediation.mediators.all())
    for mediator in chosen:
        check_mediator(mediator, mediation.body, timezone.localdate())
        if mediator.pk not in known:
            raise RuleViolation(f"{mediator}不在本次调解中，请先加入或另选调解员。", field="mediators")
    return chosen


def _ask(session: Session, parties: Sequence[Party], others: Sequence[tuple[str, str]]) -> None:
    asked = [
        Attendee.objects.create(session=session, party=party, capacity=party.get_side_display()) for party in parties
    ]
    tell_parties(session, asked, "")
    add_others(session, others)


def add_others(session: Session, others: Sequence[tuple[str, str]]) -> None:
    """People who are no parties."""
    rows = [Attendee(session=session, name=name[:40], capacity=capacity[:60]) for name, capacity in others if name]
    Attendee.objects.bulk_create(rows)
