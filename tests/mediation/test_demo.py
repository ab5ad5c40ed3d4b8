"""The demo county's mediation: bodies tied to the accounts that exist, mediations up to now, work for a mediator."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db.models import F, Q
from django.utils import timezone

from devkit.demo.cases import make_cases
from devkit.demo.cases.plan import ZONE, year_before
from devkit.demo.documents import make_documents
from devkit.demo.mediations import make_bodies, make_mediations
from devkit.management.commands.load_demo_county import go_round, look_at_dates
from grids.models import Organisation, OrganisationKind
from intake.counting import actions as counting_actions
from intake.counting import queries as counting_queries
from intake.counting.queries import Slice
from intake.deadlines import queries as deadlines_queries
from intake.models import Case
from mediation.models import Agreement, Body, Booking, Instalment, Mediation, Mediator, Session
from mediation.queries.signatures import missing_signatures
from mediation.queries.workspace import today_of, workspace_of
from tests.people import STARTS, Ground, make_demo_ground
from workbench.statistics.board import board_of
from workbench.statistics.periods import preset
from workbench.statistics.permissions import place_for
from zhongzhi.accounts.models import User
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.notices.queries import notices_of, oldest_due

OF_CASES = ("registered", "accepted", "concluded", "resolved", "unresolved", "closed", "open", "in_time")


def test_rooms_and_committees_are_made_once_with_the_mediators_that_have_accounts(ground: Ground) -> None:
    Organisation.objects.create(
        name="巨日合镇人民调解委员会",
        short_name="巨日合镇调委会",
        kind=OrganisationKind.MEDIATION_COMMITTEE,
        territory=ground.places["150526103"],
        starts_on=STARTS,
    )
    assert make_bodies() == 2
    assert make_bodies() == 0
    assert set(Body.objects.values_list("kind", flat=True)) == {"branded", "town"}
    assert Mediator.objects.get(name="那顺").user == ground.mediator


def test_without_cases_there_are_no_mediations(ground: Ground) -> None:
    make_bodies()
    assert make_mediations(look_at_dates) == 0
    assert not Mediation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["2027-03-01T01:20", "2026-10-06T10:30"])
def test_the_demo_has_mediations_of_two_years_and_some_that_are_alive(moment: str) -> None:
    """In the night after a weekend, and in the long holiday."""
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=ZONE), tick=False):
        make_demo_ground()
        make_bodies()
        make_cases()
        make_documents(go_round)
        before = _counts_of_cases()
        made = make_mediations(look_at_dates)
        assert made == Mediation.objects.count() > 300
        assert make_mediations(look_at_dates) == 0
        assert _counts_of_cases() == before
        _figures_are_those_of_a_county()
        _nothing_lies_ahead_and_everything_is_told()
        _a_mediator_finds_work()
        _what_is_not_kept_never_takes_a_closed_case_up_again()


def _counts_of_cases() -> dict[str, int]:
    today = timezone.localdate()
    found = counting_queries.counts(Slice("150526", year_before(today), today))
    return {name: found.get((name, "", ""), 0) for name in OF_CASES}


def _figures_are_those_of_a_county() -> None:
    place = place_for(User.objects.get(username="lingdao"), "")
    shown = board_of(place, preset("year", timezone.localdate())).values
    part = {name: float(shown[name].text) for name in ("mediation_success", "performance", "confirmation")}
    assert 96 < part["mediation_success"] < 98.5, part
    assert 92 < part["performance"] < 98, part
    assert 8 < part["confirmation"] < 20, part
    assert shown["mediation_success"].whole > 200
    assert counting_actions.differences() == []


def _nothing_lies_ahead_and_everything_is_told() -> None:
    now, today = timezone.now(), timezone.localdate()
    assert not Mediation.objects.filter(Q(opened_at__gt=now) | Q(ended_at__gt=now)).exists()
    assert not Mediation.objects.filter(opened_at__lt=F("case__accepted_at")).exists()
    assert not Mediation.objects.filter(ended_at__gt=F("case__concluded_at")).exists()
    assert not Mediation.objects.filter(ended_at__lte=F("opened_at")).exists()
    assert not Session.objects.filter(status="held", ends_at__gt=now).exists()
    assert not Session.objects.filter(starts_at__lt=F("mediation__opened_at")).exists()
    assert not Agreement.objects.filter(Q(created_at__gt=now) | Q(in_force_on__gt=today)).exists()
    assert not Agreement.objects.filter(obligations__instalments__performances__recorded_at__gt=now).exists()
    assert not Agreement.objects.filter(confirmations__ruled_on__gt=today).exists()
    assert not Agreement.objects.filter(confirmations__applied_on__gt=F("confirm_by")).exists()
    assert Booking.objects.filter(mediator__isnull=False).count() == Session.objects.count()
    assert oldest_due(now) is None
    assert list(verify(Counts())) == []


def _a_mediator_finds_work() -> None:
    now, today, mediator = timezone.now(), timezone.localdate(), User.objects.get(username="tiaojie")
    desk = workspace_of(mediator, now)
    planned = Session.objects.get(status="planned")
    assert planned.starts_at > now
    assert deadlines_queries.work_calendar().is_workday(timezone.localdate(planned.starts_at))
    assert planned in desk.sessions or timezone.localdate(planned.starts_at) >= today + timedelta(days=7)
    draft = Agreement.objects.get(status="draft")
    assert draft.mediation in desk.mediations
    assert draft.signings.exists() and missing_signatures(draft)
    near = desk.obligations
    assert any(today < row.due_on <= today + timedelta(days=7) and row.reminded for row in near)
    day = today_of(mediator, now)
    assert day is not None and day.obligations
    assert len(desk.at_court) == 1
    late = Agreement.objects.get(status="breached", confirmed=False)
    assert late.mediation.case.status == "handling"
    assert Mediation.objects.filter(status="opened").count() == 1
    assert notices_of(mediator).filter(title__contains="请您调解").count() == 3


def _what_is_not_kept_never_takes_a_closed_case_up_again() -> None:
    at_risk = Instalment.objects.filter(next_at__isnull=False, obligation__agreement__confirmed=False)
    assert not at_risk.filter(obligation__agreement__mediation__case__status="closed").exists()
    closed = Case.objects.filter(status="closed").count()
    with time_machine.travel(timezone.now() + timedelta(days=200), tick=False):
        look_at_dates()
        assert not Instalment.objects.filter(next_at__isnull=False).exists()
    assert Case.objects.filter(status="closed").count() == closed
