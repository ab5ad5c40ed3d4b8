"""Mediation as it happens: before the planned hour, at the survey, entered afterwards; in whatever order the acts come,
a signed case has a way to its archive."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from intake import actions as cases
from intake.models import Case
from mediation import actions
from mediation.actions import Minutes, Plan
from mediation.available_actions.mediations import MEDIATION_ACTS
from mediation.models import Agreement, Mediation, Session
from mediation.queries.file import missing_of
from tests.mediation import ways
from tests.mediation.ways import House
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(ground: Ground) -> House:
    return ways.a_house(ground)


def came(session: Session) -> dict[int, bool]:
    return {a.pk: True for a in session.attendees.all()}


def entered(ground: Ground, mediation: Mediation, starts_at: datetime, **changes: Any) -> Session:
    parties = [str(p.uid) for p in mediation.case.parties.all()]
    plan = Plan(starts_at, starts_at + HOUR, place="村委会", parties=parties, **changes)
    return actions.enter_session(
        mediation, plan, Minutes(record="握手言和。", result="agreed"), actor=ground.town_mediator
    )


def sign(ground: Ground, agreement: Agreement) -> None:
    actions.sign_agreement(agreement, ways.all_signatures(agreement), actor=ground.town_mediator)


def archived(ground: Ground, mediation: Mediation) -> bool:
    """Performed, closed, followed up, archived, as far as its file lets it."""
    agreement = mediation.agreements.exclude(status="replaced").get()
    case = Case.objects.get(pk=mediation.case_id)
    if case.status == "concluded":
        case = cases.close_case(case, actor=ground.town_dispatcher)
    ways.performed(ground, agreement)
    ways.followed_up(ground, case)
    case.refresh_from_db()
    return cases.archive_case(case, actor=ground.town_dispatcher).status == "archived"


def test_a_session_held_before_its_hour_keeps_both_times_and_frees_mediator_and_room(
    ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    later = timezone.now() + 2 * DAY
    session = ways.planned(ground, mediation, house, starts_at=later)
    minutes = Minutes(record="提前谈成。", result="agreed", came=came(session))
    actions.hold_session(session, minutes, actor=ground.town_mediator)
    session.refresh_from_db()
    assert (session.status, session.planned_for) == ("held", later)
    assert session.starts_at < session.ends_at <= timezone.now()
    other = ways.planned(ground, mediation, house, starts_at=later)
    assert other.status == "planned"
    assert {b.mediator for b in session.bookings.filter(mediator__isnull=False)} == {house.mediator}


def test_holding_a_session_frees_the_rest_of_its_time(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    session = ways.planned(ground, mediation, house)
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        actions.hold_session(session, Minutes("谈", result="go_on", came=came(session)), actor=ground.town_mediator)
        assert ways.planned(ground, mediation, house, starts_at=timezone.now()).status == "planned"


def test_a_session_written_before_its_hour_is_held_and_not_cancelled_by_the_last_signature(
    ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    session = ways.planned(ground, mediation, house, starts_at=timezone.now() + HOUR)
    written = Minutes(record="当场谈成。", came=came(session))
    actions.save_minutes(session, written, actor=ground.town_mediator)
    sign(ground, ways.drafted(ground, mediation))
    session.refresh_from_db()
    assert (session.status, session.result) == ("held", "agreed")
    assert archived(ground, mediation)


def test_an_agreement_reached_at_the_survey_reaches_the_archive(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    survey = ways.planned(ground, mediation, house, kind="survey", room=None, place="村东地块")
    written = Minutes(record="丈量后双方当场同意。", result="agreed", came=came(survey))
    actions.hold_session(survey, written, actor=ground.town_mediator)
    sign(ground, ways.drafted(ground, mediation))
    assert archived(ground, mediation)


def test_what_was_signed_without_a_session_is_completed_afterwards(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    begun = timezone.now()
    with time_machine.travel(begun + 2 * HOUR, tick=False):
        sign(ground, ways.drafted(ground, mediation))
    with time_machine.travel(begun + 12 * DAY, tick=False):
        mediation.refresh_from_db()
        assert any("笔录" in line for line in missing_of(mediation))
        session = entered(ground, mediation, begun + timedelta(minutes=30), mediators=[house.mediator])
        assert session.entered_at == timezone.now() and session.starts_at == begun + timedelta(minutes=30)
        assert archived(ground, mediation)
        case = Case.objects.get(pk=mediation.case_id)
        assert case.status == "archived"
        with pytest.raises((PermissionDenied, InvalidTransition)):
            entered(ground, Mediation.objects.get(pk=mediation.pk), begun)


def test_the_time_that_is_proposed_for_an_entry_is_taken_days_after_the_agreement_too(
    ground: Ground, house: House
) -> None:
    mediation = ways.running(ground, house)
    with time_machine.travel(timezone.now() + 2 * HOUR, tick=False):
        sign(ground, ways.drafted(ground, mediation))
    with time_machine.travel(timezone.now() + 12 * DAY, tick=False):
        page = Client()
        page.force_login(ground.town_mediator)
        form = page.get(f"/mediation/mediation/{mediation.uid}/acts/enter/").context["form"]
        entered(ground, mediation, form.get_initial_for_field(form.fields["starts_at"], "starts_at"))


def test_an_entry_invites_nobody_takes_no_time_and_stands_in_the_trail(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    begun, sent = timezone.now(), OutboxMessage.objects.count()
    with time_machine.travel(begun + 3 * HOUR, tick=False):
        session = entered(ground, mediation, begun + HOUR)
    assert OutboxMessage.objects.count() == sent
    assert ways.planned(ground, mediation, house, starts_at=begun + HOUR).status == "planned"
    last = [e for e in trail_of(mediation.case) if e.verb == "session_entered"]
    assert last[0].facts["session"] == session.pk


@pytest.mark.parametrize("ago", [-1, 8 * 24])
def test_only_the_last_seven_days_are_entered(ground: Ground, house: House, ago: int) -> None:
    begun = timezone.now()
    mediation = ways.running(ground, house)
    with time_machine.travel(begun + 9 * DAY, tick=False), pytest.raises(RuleViolation) as refusal:
        entered(ground, mediation, timezone.now() - ago * HOUR)
    assert refusal.value.field == "starts_at"


def test_an_entry_needs_consent_a_record_and_who_may_mediate(ground: Ground, house: House) -> None:
    opened = ways.opened(ground, house)
    begun = timezone.now()
    with time_machine.travel(begun + 3 * HOUR, tick=False):
        with pytest.raises(InvalidTransition):
            entered(ground, opened, begun + HOUR)
        with pytest.raises(PermissionDenied):
            plan = Plan(begun + HOUR, begun + 2 * HOUR, place="村委会")
            actions.enter_session(opened, plan, Minutes("谈", result="agreed"), actor=ground.other_handler)
    mediation = ways.running(ground, house, ways.accepted(ground), mediators=[house.second])
    with time_machine.travel(timezone.now() + 3 * HOUR, tick=False), pytest.raises((BadInput, RuleViolation)):
        plan = Plan(timezone.now() - HOUR, timezone.now(), place="村委会")
        actions.enter_session(mediation, plan, Minutes("谈", result="agreed"), actor=ground.town_mediator)


STEPS = ("plan", "write", "draft")


@pytest.mark.parametrize("order", list(permutations(STEPS)), ids="-".join)
@pytest.mark.parametrize("kind", ["meeting", "survey"])
@pytest.mark.parametrize("hold", ["held", "signed away"])
def test_every_order_of_acts_reaches_the_archive(
    ground: Ground, house: House, order: tuple[str, ...], kind: str, hold: str
) -> None:
    """Planned for later, written, drafted in any order; held by its act, or left to the signatures; then signed."""
    mediation, sessions = ways.running(ground, house), []
    begun = timezone.now()
    for step in order:
        if step == "plan":
            place = {"room": None, "place": "村东"} if kind == "survey" else {}
            sessions.append(ways.planned(ground, mediation, house, kind=kind, starts_at=begun + DAY, **place))
        elif step == "write" and sessions:
            written = Minutes(record="谈成。", result="agreed", came=came(sessions[0]))
            act = actions.hold_session if hold == "held" else actions.save_minutes
            act(sessions[0], written, actor=ground.town_mediator)
        elif step == "draft":
            ways.drafted(ground, mediation)
    with time_machine.travel(begun + 2 * HOUR, tick=False):
        sign(ground, mediation.agreements.get())
    with time_machine.travel(begun + 3 * HOUR, tick=False):
        mediation.refresh_from_db()
        if missing_of(mediation) and any("笔录" in line for line in missing_of(mediation)):
            entered(ground, mediation, begun + timedelta(minutes=30))
        assert archived(ground, mediation)


def test_each_party_consents_in_a_way_of_its_own_and_what_was_said_stays(ground: Ground, house: House) -> None:
    mediation, today = ways.opened(ground, house, origin="committee"), timezone.localdate()
    yue, fu, xu = mediation.case.parties.order_by("ordinal", "pk")
    first = {str(yue.uid): True, str(fu.uid): True}
    terms: dict[str, Any] = {"actor": ground.town_mediator, "told_on": today}
    actions.record_consent(mediation, first, on=today, how="当面", hows={str(fu.uid): "电话"}, **terms)
    with time_machine.travel(timezone.now() + DAY, tick=False):
        later = timezone.localdate()
        everybody = {**first, str(xu.uid): True}
        actions.record_consent(mediation, everybody, on=later, how="当面", hows={str(fu.uid): "电话"}, **terms)
    said = {c.party: (c.how, c.on) for c in mediation.consents.all()}
    assert said == {yue: ("当面", today), fu: ("电话", today), xu: ("当面", later)}


def test_the_dialog_of_what_was_held_proposes_a_time_that_is_taken(ground: Ground, house: House) -> None:
    """Two hours ago; before the agreement that ended the mediation; of one that is replaced again two hours ago."""

    def proposed(mediation: Mediation) -> datetime:
        first = MEDIATION_ACTS.form(MEDIATION_ACTS.named("enter"), mediation).initial["starts_at"]
        return timezone.localtime(first).replace(tzinfo=timezone.get_current_timezone())

    now = timezone.localtime().replace(second=0, microsecond=0)
    with time_machine.travel(now - timedelta(days=20), tick=False):
        mediation = ways.running(ground, house)
        assert proposed(mediation) == now - timedelta(days=20)  # not before it was taken up
    with time_machine.travel(now - timedelta(days=12), tick=False):
        agreement = ways.in_force(ground, mediation)
    mediation.refresh_from_db()
    assert timezone.localdate(proposed(mediation)) == agreement.in_force_on
    with time_machine.travel(now, tick=False):
        case = cases.close_case(agreement.mediation.case, actor=ground.town_dispatcher)
        cases.reopen_case(case, actor=ground.town_dispatcher, reason="变更协议")
        mediation = actions.revise_agreement(agreement, actor=ground.town_mediator, reason="法院驳回确认")
        assert proposed(mediation) == now - timedelta(hours=2)
        entered(ground, mediation, proposed(mediation))
