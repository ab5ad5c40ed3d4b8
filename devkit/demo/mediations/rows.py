"""The rows of past mediations, written in bulk, as the acts would have left them."""

from collections import Counter as Count
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, F, Model, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Least

from devkit.demo.mediations.agreed import Agreed, agreed_rows
from devkit.demo.mediations.deals import deal_of
from devkit.demo.mediations.past import Past
from intake.deadlines.models import Clock, ClockKind, ClockRule
from intake.deadlines.queries import work_calendar
from intake.models import CloseReason, Counter, Handling, HandlingKind, HandlingPart, Road
from mediation.actions.file import recheck_file
from mediation.actions.opening import LABOUR, MODES_OF_BODY
from mediation.lifecycle import State
from mediation.models import (
    Agreement,
    Attendee,
    Booking,
    Consent,
    EndReason,
    Mediation,
    Origin,
    Performance,
    Session,
    SessionKind,
    SessionResult,
    SessionState,
)
from mediation.verbs import Verb
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core import worktime
from zhongzhi.core.worktime import SHANGHAI, Unit

APART = "双方分歧较大，多次调解未能达成一致。"
FAILED_ROADS = [Road.MEDIATION, Road.LITIGATION]


@dataclass(frozen=True)
class Row:
    """A past mediation and its row."""

    past: Past
    mediation: Mediation


def write(pasts: list[Past], now: datetime) -> None:
    """Write everything, and let every file say what it lacks."""
    rows = [Row(past, mediation) for past, mediation in zip(pasts, _mediations(pasts), strict=True)]
    through = Mediation.mediators.through
    _create(through, (through(mediation=r.mediation, mediator=r.past.mediator) for r in rows))
    _create(Consent, (consent for r in rows for consent in _consents(r)))
    _write_sessions(rows)
    today = now.astimezone(SHANGHAI).date()
    _write_agreements([Agreed(r.past, r.mediation, deal_of(r.past, today)) for r in rows if r.past.is_agreed], now)
    record_all([AuditEvent(None, Verb.DEMO_MADE, r.past.case, {"mediation": r.mediation.pk}) for r in rows])
    _take_stock()
    for case in {r.past.case.pk: r.past.case for r in rows}.values():
        recheck_file(case)


def _take_stock() -> None:
    """Let the database see how much there is now: all of it came in this one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _create(model: type[Model], rows: Iterable[Model]) -> None:
    model._default_manager.bulk_create(list(rows), batch_size=1000)


def _mediations(pasts: list[Past]) -> list[Mediation]:
    handlings = [past.lead if past.lead.organisation == past.body.organisation else _handling(past) for past in pasts]
    _create(Handling, (handling for handling in handlings if handling.pk is None))
    found = [_mediation(past, handling) for past, handling in zip(pasts, handlings, strict=True)]
    _create(Mediation, found)
    rules = {rule.kind: rule for rule in ClockRule.objects.filter(kind__in={m.clock for m in found})}
    _create(Clock, (_clock(m, rules[ClockKind(m.clock)]) for m in found))
    return found


def _handling(past: Past) -> Handling:
    """The piece of work of a body that did not have the case in hand."""
    return Handling(
        case=past.case, kind=HandlingKind.MEDIATION, part=HandlingPart.CO, organisation=past.body.organisation,
        opened_at=past.opened, opened_by=past.lead.opened_by, signed_at=past.opened, signed_by=past.lead.opened_by,
        closed_at=past.ended, close_reason=CloseReason.CONCLUDED,
    )  # fmt: skip


def _mediation(past: Past, handling: Handling) -> Mediation:
    assert past.lead.opened_by
    is_labour = (past.case.category_id or "").startswith(LABOUR)
    row = Mediation(
        case=past.case, handling=handling, body=past.body, mode=MODES_OF_BODY[past.body.kind][0],
        origin=Origin.APPLICATION, clock=ClockKind.MED_LABOUR if is_labour else ClockKind.MEDIATE,
        opened_by=past.lead.opened_by, opened_at=past.opened, started_at=past.opened, ended_at=past.ended,
        rights_told_on=_day(past.opened), status=State.AGREED if past.is_agreed else State.FAILED,
    )  # fmt: skip
    if not past.is_agreed:
        row.end_reason, row.end_note, row.told_roads = EndReason.APART, APART, [str(road) for road in FAILED_ROADS]
        row.road = past.case.road
    return row


def _clock(mediation: Mediation, rule: ClockRule) -> Clock:
    started = mediation.opened_at
    return Clock(
        case=mediation.case, handling=mediation.handling, organisation=mediation.body.organisation, kind=rule.kind,
        rule=rule, amount=rule.amount, unit=rule.unit, started_at=started, stopped_at=mediation.ended_at,
        due_at=worktime.due(work_calendar(), started, rule.amount, Unit(rule.unit)),
    )  # fmt: skip


def _consents(row: Row) -> Iterator[Consent]:
    for party in row.past.case.parties.all():
        yield Consent(mediation=row.mediation, party=party, agreed=True, on=_day(row.past.opened), how="当面")


def _write_sessions(rows: list[Row]) -> None:
    held = [(r, _session(r, kind, span)) for r in rows for kind, span in r.past.sessions]
    _create(Session, (session for _, session in held))
    _create(Booking, (booking for r, session in held for booking in _bookings(r.past, session)))
    _create(
        Attendee,
        (
            Attendee(session=session, party=party, capacity=party.get_side_display(), came=True)
            for r, session in held
            for party in r.past.case.parties.all()
        ),
    )


def _session(row: Row, kind: SessionKind, span: tuple[datetime, datetime]) -> Session:
    past, is_survey = row.past, kind == SessionKind.SURVEY
    place = f"{past.case.territory.full_name}" if past.case.territory else "现场"
    end = SessionResult.AGREED if past.is_agreed else SessionResult.NO_AGREEMENT
    told = f"申请人：{past.case.request}被申请人对事情经过作了说明。"
    return Session(
        mediation=row.mediation, kind=kind, starts_at=span[0], ends_at=span[1], status=SessionState.HELD,
        room=None if is_survey else past.room, place=place if is_survey or not past.room else "",
        record=f"到现场逐处查看，双方指认。{told}" if is_survey else f"{told}{past.case.outcome_note}",
        facts=past.case.narrative, result=SessionResult.FACTS if is_survey else end, recorder=past.mediator.name,
    )  # fmt: skip


def _bookings(past: Past, session: Session) -> Iterator[Booking]:
    period = (session.starts_at, session.ends_at)
    yield Booking(session=session, mediator=past.mediator, period=period)
    if session.room:
        yield Booking(session=session, room=session.room, period=period)


def _write_agreements(agreed: list[Agreed], now: datetime) -> None:
    serials: Count[str] = Count()
    for one in agreed:
        series = f"agreement:{one.past.body.pk}:{one.deal.reached_on.year}"
        serials[series] += 1
        one.serial = serials[series]
    Counter.objects.bulk_create(Counter(series=series, last=last) for series, last in serials.items())
    for model, rows in agreed_rows(agreed, now):
        _create(model, rows)
    ended = Mediation.objects.filter(pk=OuterRef("mediation")).values("ended_at")
    Agreement.objects.update(created_at=Subquery(ended))
    that_day = Cast(F("on"), DateTimeField()) + timedelta(hours=2)
    Performance.objects.update(recorded_at=Least(that_day, Value(now)))


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
