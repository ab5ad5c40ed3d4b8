"""Sessions: planned with mediators and room, parties invited, held with a record, put off or called off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from intake.models import Party
from mediation.actions._locking import done, locked_for, parties_named, require_open, tell_mediators, text_of
from mediation.actions.bookings import book, free
from mediation.actions.opening import check_mediator
from mediation.lifecycle import State
from mediation.models import (
    Attendee,
    Measurement,
    Mediation,
    Mediator,
    Room,
    Session,
    SessionKind,
    SessionResult,
    SessionState,
)
from mediation.queries.mediation_sessions import text_key
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, VersionConflict
from zhongzhi.core.text import clean_text
from zhongzhi.notices.actions import post_text_message

LONGEST = timedelta(hours=12)


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


@dataclass(frozen=True)
class Measured:
    """One measurement as typed; `party` is a uid or empty."""

    what: str
    measured: Decimal
    unit: str
    by_ledger: Decimal | None = None
    party: str = ""
    note: str = ""


@dataclass(frozen=True)
class Minutes:
    """What a session brought: who came (by attendee), the record, facts, measurements."""

    record: str = ""
    facts: str = ""
    result: str = ""
    result_note: str = ""
    recorder: str = ""
    came: Mapping[int, bool] | None = None
    measurements: Sequence[Measured] | None = None


@transaction.atomic
def plan_session(mediation: Mediation, plan: Plan, *, actor: User) -> Session:
    """Set a session: its mediators and room are booked, the parties invited by text message.

    Raises RuleViolation for a time before the mediation was opened or for a party that is not of the case, and
    AlreadyBooked, naming who and when, for time that is taken.
    """
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    _check_time(mediation, plan.starts_at, plan.ends_at)
    mediators = _mediators(mediation, plan.mediators)
    place = clean_text(plan.place, field="place", max_length=120)
    if plan.room is None and not place:
        raise RuleViolation("请选择调解室，或填写地点。", field="place")
    parties = parties_named(mediation.case, plan.parties, field="parties")
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
    _write(session, minutes)
    done(session.mediation, actor, Verb.SESSION_NOTED, session=session.pk)
    return session


@transaction.atomic
def hold_session(session: Session, minutes: Minutes, *, actor: User, version: int | None = None) -> Session:
    """The session took place: record and result stand.

    Raises InvalidTransition while a side has not agreed to be mediated, BadInput without record or result,
    RuleViolation for a session that lies ahead, or that no party came to.
    """
    session = _locked(session, actor, version)
    mediation = session.mediation
    require_open(mediation)
    _require_unheld(session)
    if mediation.status != State.RUNNING:
        raise InvalidTransition("还有当事人没有表示同意调解，请先记录各方意愿。")
    if session.starts_at > timezone.now():
        raise RuleViolation("会期还没到，不能记为已举行；提前进行的请先改期。", field="record")
    _write(session, minutes)
    if not session.record:
        raise BadInput("请填写笔录。", field="record")
    if session.result not in SessionResult.values:
        raise BadInput("请选择本次结果。", field="result")
    if not session.attendees.filter(party__isnull=False, came=True).exists():
        raise RuleViolation("请勾选到场的当事人；无人到场的请改期或取消。", field="came")
    session.status = SessionState.HELD
    session.save(update_fields=["status"])
    done(mediation, actor, Verb.SESSION_HELD, session=session.pk, result=session.result)
    return session


@transaction.atomic
def adjourn_session(session: Session, *, actor: User, reason: str, starts_at: datetime, ends_at: datetime) -> Session:
    """Put a planned session off to another time, with the same people and place; the new one."""
    session = _locked(session, actor, None)
    mediation = session.mediation
    require_open(mediation)
    _require_unheld(session)
    note = text_of(reason, field="reason", what="改期的理由", longest=1000)
    _check_time(mediation, starts_at, ends_at)
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
    _tell(session, list(session.attendees.filter(party__isnull=False).select_related("party")), "已取消")
    done(session.mediation, actor, Verb.SESSION_CANCELLED, session=session.pk)
    return session


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


def _check_time(mediation: Mediation, starts_at: datetime, ends_at: datetime) -> None:
    opened = timezone.localtime(mediation.opened_at)
    if starts_at < mediation.opened_at.replace(second=0, microsecond=0):
        raise RuleViolation(f"调解于 {opened:%m月%d日 %H:%M} 受理，会期不能早于受理时间。", field="starts_at")
    if ends_at <= starts_at:
        raise RuleViolation("结束时间应晚于开始时间。", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise RuleViolation("一次调解不超过 12 小时，请核对日期。", field="ends_at")


def _mediators(mediation: Mediation, wanted: Sequence[Mediator]) -> list[Mediator]:
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
    _tell(session, asked, "")
    rows = [Attendee(session=session, name=name[:40], capacity=capacity[:60]) for name, capacity in others if name]
    Attendee.objects.bulk_create(rows)


def _tell(session: Session, attendees: Sequence[Attendee], what: str) -> None:
    """Word to the parties by text message; the mediators hear whom they have to phone."""
    to_phone = [a for a in attendees if not _send(session, a, what)]
    if to_phone:
        sides = "、".join(dict.fromkeys(a.capacity for a in to_phone))
        words = f"{session.get_kind_display()}{what or '会期'}没有短信可发，请电话告知：{sides}"
        key = f"session:{session.pk}:{what or 'invite'}:phone"
        link = f"/mediation/sessions/{session.uid}/"
        tell_mediators(session.mediation, "session_to_phone", words, key=key, link=link)


def _send(session: Session, attendee: Attendee, what: str) -> bool:
    """An invitation by text message (outbox), or word that it is off; whether there is a number that takes one. Names
    and numbers stay sealed."""
    party = attendee.party
    if party is None or not party.phone_sealed:
        return False
    when = timezone.localtime(session.starts_at)
    head = f"【{session.mediation.body.organisation.short_name}】"
    text = f"{head}{when:%m月%d日 %H:%M} {session.get_kind_display()}{what}，地点：{session.where}。"
    text += "" if what else "请携带身份证件准时到场，不能到场请提前告知。"
    if not post_text_message(party.phone, text, key=text_key(session, attendee, what)):
        return False
    attendee.invited_at = timezone.now()
    attendee.save(update_fields=["invited_at"])
    return True


def _write(session: Session, minutes: Minutes) -> None:
    """Put what was typed into a locked session."""
    session.record = clean_text(minutes.record, field="record", max_length=20000, multiline=True)
    session.facts = clean_text(minutes.facts, field="facts", max_length=5000, multiline=True)
    session.result, session.recorder = minutes.result, clean_text(minutes.recorder, field="recorder", max_length=40)
    session.result_note = clean_text(minutes.result_note, field="result_note", max_length=1000, multiline=True)
    session.version += 1
    session.save(update_fields=["record", "facts", "result", "recorder", "result_note", "version"])
    for attendee in session.attendees.all() if minutes.came is not None else ():
        attendee.came = bool((minutes.came or {}).get(attendee.pk, False))
        attendee.save(update_fields=["came"])
    if minutes.measurements is not None:
        _measure(session, minutes.measurements)


def _measure(session: Session, rows: Sequence[Measured]) -> None:
    session.measurements.all().delete()
    parties = {str(p.uid): p for p in parties_named(session.mediation.case, {r.party for r in rows}, field="party")}
    Measurement.objects.bulk_create(
        Measurement(
            session=session,
            party=parties.get(row.party),
            what=text_of(row.what, field="what", what="测量项目", longest=60, multiline=False),
            by_ledger=row.by_ledger,
            measured=row.measured,
            unit=text_of(row.unit, field="unit", what="测量单位", longest=10, multiline=False),
            note=clean_text(row.note, field="note", max_length=200),
        )
        for row in rows
    )
