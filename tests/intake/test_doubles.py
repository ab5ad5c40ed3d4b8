"""The same person or matter, open elsewhere, is told at registration, on the case page and before accepting."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from intake import actions, queries
from intake.actions import Report
from intake.available_actions import ACTS, Situation, available_acts
from intake.entries import PartyEntry
from intake.models import Case, FollowUp
from intake.queries.archive import archive_gaps
from tests.intake import ways
from tests.people import Ground, an_entry
from zhongzhi.core.errors import PermissionDenied, RuleViolation
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db
OTHERS = (PartyEntry(name="别人", phone="13847500077"), PartyEntry(side="respondent", name="付某", phone="13847500002"))


def titles(user: object) -> list[str]:
    deliver_due(timezone.now())
    return list(Notice.objects.filter(user=user).values_list("title", flat=True))


def test_one_person_at_two_windows_is_told_to_both(ground: Ground) -> None:
    first = actions.register_case(an_entry(), actor=ground.town_clerk)
    second = actions.register_case(an_entry(category="0202"), actor=ground.clerk)
    assert [row.pk for row in queries.doubles_of(ground.clerk, second).seen] == [first.pk]
    assert any("今天又在旗综治中心登记" in title for title in titles(ground.town_dispatcher))


def test_the_same_matter_today_at_the_same_village_is_told_without_a_common_person(ground: Ground) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        actions.register_case(an_entry(), actor=ground.clerk)
    second = actions.register_case(an_entry(parties=OTHERS), actor=ground.clerk)
    assert queries.doubles_of(ground.clerk, second).is_empty
    third = actions.register_case(an_entry(), actor=ground.clerk)
    assert [row.pk for row in queries.doubles_of(ground.clerk, second).seen] == [third.pk]


def test_what_is_over_linked_or_only_shares_the_other_side_is_no_double(ground: Ground) -> None:
    ways.closed(ground)
    case = actions.register_case(an_entry(category="0202"), actor=ground.clerk)
    assert queries.doubles_of(ground.clerk, case).is_empty
    later = actions.register_case(an_entry(category="0301"), actor=ground.clerk)
    assert not queries.doubles_of(ground.clerk, later).is_empty
    actions.link_repeat(later, actor=ground.clerk, earlier=str(case.code), note="又来")
    assert queries.doubles_of(ground.clerk, later).is_empty


def test_of_a_case_out_of_sight_only_the_centre_is_told_and_nothing_of_what_is_restricted(ground: Ground) -> None:
    hidden = actions.register_case(an_entry(), actor=ground.clerk)
    case = actions.register_case(an_entry(territory="150526100001", category="0202"), actor=ground.stranger)
    found = queries.doubles_of(ground.stranger, case)
    assert (found.seen, found.elsewhere) == ([], ["旗综治中心"])
    Case.objects.filter(pk=hidden.pk).update(is_restricted=True)
    assert queries.doubles_of(ground.stranger, case).is_empty


def test_the_page_says_so_at_registration_on_the_case_and_in_the_dialog_of_acceptance(ground: Ground) -> None:
    first = actions.register_case(an_entry(), actor=ground.clerk)
    case = actions.register_case(an_entry(category="0202"), actor=ground.clerk)
    client = Client()
    client.force_login(ground.dispatcher)
    page = client.get(f"/cases/{case.code}/").content.decode()
    assert "同一当事人、同一事项的在办案件" in page and str(first.code) in page
    assert str(first.code) in client.get(f"/cases/{case.code}/acts/accept/").content.decode()
    asked = ACTS.named("accept").asked
    assert asked is not None and asked(Situation(ground.dispatcher, case)) is not None


def missed(case: Case, ground: Ground, minutes: int) -> None:
    made_at = (case.closed_at or timezone.now()) + timedelta(minutes=minutes)
    FollowUp.objects.create(
        case=case, way="phone", reached=False, note="无人接听", made_by=ground.clerk, made_at=made_at
    )


def test_two_calls_within_the_hour_are_one_try(ground: Ground) -> None:
    case = ways.closed(ground)
    missed(case, ground, 1)
    missed(case, ground, 40)
    assert "还差 1 次" in str(archive_gaps(case))
    missed(case, ground, 61)
    assert not any("回访" in gap for gap in archive_gaps(case))


def test_the_clerk_who_took_a_simple_case_up_closes_it_another_clerk_does_not(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.clerk)
    case = actions.accept_case(case, actor=ground.clerk)
    case = actions.take_up_case(case, actor=ground.clerk)
    case = actions.report_outcome(case, Report("settlement", "当场归还。"), actor=ground.clerk)
    assert "close" in {act.name for act in available_acts(ground.clerk, Case.objects.get(pk=case.pk))}
    with pytest.raises(PermissionDenied):
        actions.close_case(case, actor=ground.town_clerk)
    assert actions.close_case(case, actor=ground.clerk).status == "closed"


def test_a_police_station_registers_for_its_beat_a_department_of_the_hall_for_the_county(ground: Ground) -> None:
    officer, far = ground.town_handler, "150526100001"
    case = actions.register_case(an_entry(channel="06"), actor=officer)
    assert case.created_by == officer and case.centre == ground.village_centre
    with pytest.raises(RuleViolation) as refused:
        actions.register_case(an_entry(territory=far), actor=officer)
    assert "territory" in refused.value.errors
    assert actions.register_case(an_entry(territory=far), actor=ground.handler).centre == ground.lubei_centre
