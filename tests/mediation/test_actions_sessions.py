"""Sessions: planned, invited to, booked once, held with a record, put off, called off."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mediation import actions
from mediation.actions import AlreadyBooked, Measured, Minutes, Plan
from mediation.models import Booking, Session
from mediation.queries.mediation_sessions import people_of
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation, VersionConflict
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import OutboxMessage

HOUR = timedelta(hours=1)


def test_planning_books_mediator_and_room_and_invites_the_parties(
    ground: Ground, house: House, settings: object, tmp_path: object
) -> None:
    settings.TEXT_MESSAGE_DIR = str(tmp_path)  # type: ignore[attr-defined]
    session = ways.planned(ground, ways.opened(ground, house), house)
    assert session.bookings.count() == 2
    sent = OutboxMessage.objects.filter(topic="text_message")
    assert sent.count() == 3
    assert "13847500001" not in str(list(sent.values_list("payload", flat=True)))
    deliver_due(timezone.now() + HOUR)
    texts = [path.read_text() for path in sorted(tmp_path.glob("*.json"))]  # type: ignore[attr-defined]
    assert len(texts) == 3
    assert "第一调解室" in texts[0]
    assert any("13847500001" in text for text in texts)


def test_a_session_before_the_mediation_was_opened_is_refused(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    with pytest.raises(RuleViolation, match="不能早于受理时间") as refusal:
        ways.planned(ground, mediation, house, starts_at=mediation.opened_at - HOUR)
    assert refusal.value.field == "starts_at"
    assert not Session.objects.exists()


def test_a_party_that_is_not_of_the_case_is_refused(ground: Ground, house: House) -> None:
    mediation, other = ways.opened(ground, house), ways.accepted(ground)
    stranger = str(other.parties.first().uid)
    with pytest.raises(RuleViolation, match="不是本案当事人"):
        ways.planned(ground, mediation, house, parties=[stranger])


@pytest.mark.parametrize("shift", [timedelta(0), HOUR, -HOUR, timedelta(minutes=119)])
def test_a_mediator_is_never_booked_twice_and_the_refusal_says_who_and_when(
    shift: timedelta, ground: Ground, house: House
) -> None:
    starts = ways.at(timezone.localdate() + timedelta(days=1), 10)
    ways.planned(ground, ways.opened(ground, house), house, starts_at=starts)
    other = ways.opened(ground, house)
    with pytest.raises(AlreadyBooked) as refusal:
        ways.planned(ground, other, house, starts_at=starts + shift, room=None, place="村委会")
    assert refusal.value.field == "mediators"
    assert "乌云" in refusal.value.message
    assert f"{starts:%m月%d日} 10:00—12:00" in refusal.value.message
    assert Session.objects.count() == 1


def test_a_room_is_never_booked_twice_and_times_that_touch_are_no_clash(ground: Ground, house: House) -> None:
    starts = ways.at(timezone.localdate() + timedelta(days=1), 9)
    ways.planned(ground, ways.opened(ground, house), house, starts_at=starts)
    other = ways.opened(ground, house, mediators=[house.second])
    with pytest.raises(AlreadyBooked, match="第一调解室"):
        ways.planned(ground, other, house, starts_at=starts + HOUR)
    assert ways.planned(ground, other, house, starts_at=starts + 2 * HOUR)


def test_the_database_itself_refuses_an_overlap(ground: Ground, house: House) -> None:
    session = ways.planned(ground, ways.opened(ground, house), house)
    with pytest.raises(IntegrityError, match="mediator_booked_once"), transaction.atomic():
        Booking.objects.create(
            session=session, mediator=house.mediator, period=(session.starts_at + HOUR, session.ends_at + HOUR)
        )


def test_a_session_is_held_with_record_result_and_somebody_who_came(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    session = ways.planned(ground, mediation, house)
    came = {a.pk: True for a in session.attendees.all()}
    for minutes, wrong in (
        (Minutes(result="agreed", came=came), "笔录"),
        (Minutes(record="谈了", came=came), "结果"),
        (Minutes(record="谈了", result="agreed", came={}), "到场"),
    ):
        with pytest.raises((BadInput, RuleViolation), match=wrong):
            actions.hold_session(session, minutes, actor=ground.town_mediator)
    session.refresh_from_db()
    assert (session.status, session.record) == ("planned", "")
    held = actions.hold_session(session, Minutes(record="谈了", result="agreed", came=came), actor=ground.town_mediator)
    assert held.status == "held"
    with pytest.raises(InvalidTransition):
        actions.hold_session(session, Minutes(record="改", result="agreed", came=came), actor=ground.town_mediator)


def test_no_session_is_held_without_the_consent_of_all_sides(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    session = ways.planned(ground, mediation, house)
    came = {a.pk: True for a in session.attendees.all()}
    with pytest.raises(InvalidTransition, match="同意调解"):
        actions.hold_session(session, Minutes(record="谈", result="agreed", came=came), actor=ground.town_mediator)


def test_two_who_write_the_record_at_once_lose_no_text(ground: Ground, house: House) -> None:
    session = ways.planned(ground, ways.running(ground, house), house)
    actions.save_minutes(session, Minutes(record="一"), actor=ground.town_mediator, version=1)
    with pytest.raises(VersionConflict):
        actions.save_minutes(session, Minutes(record="二"), actor=ground.town_dispatcher, version=1)
    session.refresh_from_db()
    assert session.record == "一"


def test_a_survey_keeps_measurements_beside_the_ledger_and_photos(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    session = ways.planned(ground, mediation, house, kind="survey", room=None, place="五家子村东地块")
    fu = str(mediation.case.parties.get(name="付某").uid)
    rows = [Measured(what="付某地块", party=fu, by_ledger=Decimal(12), measured=Decimal(13), unit="垄")]
    came = {a.pk: True for a in session.attendees.all()}
    minutes = Minutes(record="逐块丈量", result="facts", came=came, measurements=rows)
    actions.hold_session(session, minutes, actor=ground.town_mediator)
    row = session.measurements.get()
    assert (row.by_ledger, row.measured, row.unit) == (12, 13, "垄")
    material = actions.add_material(mediation, ways.photo(), actor=ground.town_mediator, kind="survey", session=session)
    assert mediation.case.attachments.get() == material.attachment


def test_putting_off_frees_the_time_and_takes_everybody_along(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    starts = ways.at(timezone.localdate() + timedelta(days=1), 9)
    session = ways.planned(ground, mediation, house, starts_at=starts, others=[("村主任老张", "村干部")])
    later = actions.adjourn_session(
        session, actor=ground.town_mediator, reason="徐某外出", starts_at=starts + 24 * HOUR, ends_at=starts + 26 * HOUR
    )
    session.refresh_from_db()
    assert (session.status, session.adjourned_to) == ("adjourned", later)
    assert later.attendees.count() == 4
    assert not session.bookings.exists()
    other = ways.opened(ground, house)
    assert ways.planned(ground, other, house, starts_at=starts)


def test_calling_off_frees_the_time_and_tells_those_invited(ground: Ground, house: House) -> None:
    session = ways.planned(ground, ways.running(ground, house), house)
    actions.cancel_session(session, actor=ground.town_mediator, reason="当事人撤回")
    assert not Booking.objects.exists()
    assert OutboxMessage.objects.filter(topic="text_message").count() == 6


def test_strangers_plan_nothing(ground: Ground, house: House) -> None:
    mediation = ways.opened(ground, house)
    plan = Plan(starts_at=timezone.now(), ends_at=timezone.now() + HOUR, room=house.room)
    for person in (ground.stranger, ground.clerk, ground.leader, ground.mediator):
        with pytest.raises(PermissionDenied):
            actions.plan_session(mediation, plan, actor=person)


def test_a_landline_is_never_texted_and_the_mediator_is_asked_to_phone(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    first, second = mediation.case.parties.order_by("pk")[:2]
    first.seal_phone("0475-7221234")
    first.save()
    second.seal_phone("13847500002")
    second.save()
    session = ways.planned(ground, mediation, house, parties=[str(first.uid), str(second.uid)])
    texts = OutboxMessage.objects.filter(topic="text_message")
    assert texts.count() == 1
    told = OutboxMessage.objects.get(payload__kind="session_to_phone")
    assert f"请电话告知：{first.get_side_display()}" in told.payload["title"]
    assert [a.told for a in people_of(session)] == ["请电话告知", "短信待发出"]  # type: ignore[attr-defined]
    texts.update(delivered_at=timezone.now())
    assert [a.told for a in people_of(session)] == ["请电话告知", "已通知"]  # type: ignore[attr-defined]
