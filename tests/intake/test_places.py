"""A case that lies in several places: one leads, where it counts; all see it, find it, are told, and one answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grids.actions import post_person
from grids.models import Organisation, Role, Territory
from intake import actions, queries
from intake.actions.tiers import centres_below
from intake.coordination import actions as coordination_actions
from intake.counting import queries as counting_queries
from intake.counting.queries import Slice
from intake.entries import PartyEntry
from intake.models import Case, CasePlace
from intake.models.place import other_places_of
from intake.sight import Ground as Why
from intake.sight import cases_in_sight, sight_of, with_level
from referrals.actions import add_co_handlers_with_slips, dispatch_with_slip
from referrals.models import Document
from tests.intake import ways
from tests.intake.api import LAND, address, as_system
from tests.people import STARTS, Ground, an_entry
from workbench.statistics.board import board_of
from workbench.statistics.periods import preset
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, RuleViolation
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db
LUBEI, JURI = "150526100", "150526103"
COMMUNITY, VILLAGE, NEXT_VILLAGE = "150526100001", "150526103200", "150526103201"


def boundary(ground: Ground, **changes: Any) -> Case:
    """A dispute at the boundary of 巨日合 and 鲁北, registered at the county's window."""
    return ways.registered(ground, **({"other_places": (COMMUNITY,)} | changes))


def names(case: Case) -> list[str]:
    return [place.name for place in other_places_of(case)]


def seen(user: User, case: Case) -> bool:
    return queries.cases_visible_to(user).filter(pk=case.pk).exists()


def counted(measure: str, place: str) -> int:
    day = timezone.localdate()
    return counting_queries.counts(Slice(place, day, day)).get((measure, "", ""), 0)


def test_both_towns_see_it_and_a_third_does_not(ground: Ground) -> None:
    only_here, both = ways.registered(ground), boundary(ground)
    stranger, town = ground.stranger, ground.town_dispatcher
    assert (seen(stranger, only_here), seen(stranger, both), seen(town, both)) == (False, True, True)
    assert (sight_of(stranger, both).ground, sight_of(town, both).ground) == (Why.CONCERNED, Why.CENTRE_ABOVE)
    assert sight_of(stranger, both).level == sight_of(town, both).level
    third = Territory.objects.create(code="150526104", name="黄花山镇", full_name="黄花山镇", starts_on=STARTS,
                                     parent=ground.places["150526"])  # fmt: skip
    centre = Organisation.objects.create(
        name="黄花山镇综治中心", short_name="黄花山镇综治中心", kind="centre", territory=third, starts_on=STARTS
    )
    other = create_user(username="third", name="第三镇")
    post_person(other, centre, Role.DISPATCHER, starts_on=STARTS)
    assert not seen(other, both)


def test_who_has_no_territory_reads_lists_as_before(ground: Ground) -> None:
    both = boundary(ground)
    for person in (ground.mediator, ground.handler, ground.grid_worker):
        assert not with_level(cases_in_sight(person), person).filter(pk=both.pk).exists()


def test_the_page_says_where_else_it_lies_and_lists_and_words_find_it_there(ground: Ground) -> None:
    both = boundary(ground)
    client = Client()
    client.force_login(ground.stranger)
    page = client.get(f"/cases/{both.code}/").content.decode()
    assert "<dt>涉及</dt><dd>鲁北镇南环社区</dd>" in page
    for asked in (f"territory={LUBEI}", f"territory={COMMUNITY}", "q=南环社区", f"territory={JURI}"):
        assert str(both.code) in client.get(f"/cases/?{asked}").content.decode(), asked
    assert str(both.code) not in client.get(f"/cases/?territory={NEXT_VILLAGE}").content.decode()


def test_the_centre_of_the_other_place_is_told_who_leads(ground: Ground) -> None:
    boundary(ground)
    deliver_due(timezone.now())
    told = Notice.objects.get(user=ground.stranger)
    assert "涉及鲁北镇南环社区，由旗综治中心受理" in told.title
    assert told.kind.startswith("case_concerns")


@pytest.mark.parametrize(
    ("others", "what"),
    [
        ((JURI,), "互相包含"),
        ((VILLAGE,), "互相包含"),
        ((COMMUNITY, LUBEI), "互相包含"),
        (("999999999",), "没有"),
        ((COMMUNITY, NEXT_VILLAGE, "150526", COMMUNITY), "最多"),
    ],
)
def test_a_place_is_named_once_and_lies_outside_of_the_others(
    others: tuple[str, ...], what: str, ground: Ground
) -> None:
    with pytest.raises(RuleViolation) as refused:
        boundary(ground, other_places=others)
    assert list(refused.value.errors) == ["other_places"]
    assert any(what in text for text in refused.value.errors["other_places"])
    assert not Case.objects.exists()


def test_figures_count_it_once_where_it_is_led_and_show_it_as_concerned_elsewhere(ground: Ground) -> None:
    actions.accept_case(boundary(ground), actor=ground.dispatcher)
    assert [counted("accepted", place) for place in ("150526", JURI, LUBEI)] == [1, 1, 0]
    assert [counted("concerned", place) for place in ("150526", JURI, LUBEI)] == [1, 0, 1]
    board = board_of(ground.places["150526"], preset("year", timezone.localdate()))
    rows = {row.code: (row.accepted, row.open, row.concerned) for row in board.places}
    assert rows == {JURI: (1, 1, 0), LUBEI: (0, 0, 1)}
    client = Client()
    client.force_login(ground.leader)
    shown = client.get(next(row.links["concerned"] for row in board.places if row.code == LUBEI)).content.decode()
    assert "由巨日合镇五家子村牵头" in shown
    day = timezone.localdate()
    assert counting_queries.apart(Slice("150526", day - timedelta(days=1), day)) == {}


def test_a_draft_concerns_nobody_until_it_is_a_case(ground: Ground) -> None:
    draft = actions.save_draft(an_entry(other_places=(COMMUNITY, NEXT_VILLAGE)), actor=ground.clerk)
    assert len(names(draft)) == 2
    assert (seen(ground.stranger, draft), counted("concerned", LUBEI)) == (False, 0)
    case = actions.register_case(an_entry(other_places=(COMMUNITY,)), actor=ground.clerk, uid=draft.uid)
    assert len(names(case)) == 1
    assert (seen(ground.stranger, case), counted("concerned", LUBEI)) == (True, 1)
    other = actions.save_draft(an_entry(other_places=(COMMUNITY,)), actor=ground.clerk)
    actions.discard_draft(other, actor=ground.clerk)
    assert CasePlace.objects.count() == 1


def test_a_place_put_to_a_case_later_leaves_a_trace_and_one_taken_off_sees_it_no_more(ground: Ground) -> None:
    case = ways.registered(ground)
    actions.supplement_case(case, {"other_places": (COMMUNITY,)}, actor=ground.clerk)
    assert seen(ground.stranger, case)
    deliver_due(timezone.now())
    assert Notice.objects.filter(user=ground.stranger).count() == 1
    with pytest.raises(BadInput):
        actions.supplement_case(case, {"other_places": ()}, actor=ground.clerk)
    actions.supplement_case(case, {"other_places": ()}, actor=ground.clerk, reason="边界已查清")
    assert not seen(ground.stranger, case)
    first, second = [c.values.get(field="other_places") for c in case.corrections.order_by("pk")]
    assert (first.label, first.old, first.new) == ("涉及的其他地方", "", "鲁北镇南环社区")
    assert (second.old, second.new) == ("鲁北镇南环社区", "")
    assert trail_of(case).filter(verb="case_amended").last().facts["fields"] == ["other_places"]  # type: ignore[union-attr]


def test_a_retired_place_stays_with_the_case_that_names_it(ground: Ground) -> None:
    case = boundary(ground)
    Territory.objects.filter(code=COMMUNITY).update(ends_on=timezone.localdate() - timedelta(days=1))
    actions.supplement_case(case, {"request": "重新立界桩。"}, actor=ground.clerk, reason="当事人补充")
    assert len(names(case)) == 1


def test_programs_hand_it_in_and_read_it(ground: Ground) -> None:
    system = as_system(ground, "cases:read", "cases:write")
    made = system.post("/api/v1/cases/", LAND | {"other_places": [COMMUNITY]}, format="json")
    assert made.status_code == 201, made.content
    case = Case.objects.get()
    shown = system.get(address(case)).json()
    assert [(place["code"], shown["territory"]["code"]) for place in shown["other_places"]] == [(COMMUNITY, VILLAGE)]
    refused = system.post("/api/v1/cases/", LAND | {"other_places": [VILLAGE]}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["other_places"])


def test_what_is_merged_brings_its_place_and_takes_it_away_again(ground: Ground) -> None:
    target = ways.registered(ground)
    case = ways.registered(ground, territory=COMMUNITY, parties=(PartyEntry(name="徐某", phone="13847500009"),))
    actions.merge_case(case, actor=ground.clerk, target=str(target.code), reason="同一处边界")
    assert len(names(target)) == 1
    assert seen(ground.stranger, target)
    actions.split_case(Case.objects.get(pk=case.pk), actor=ground.clerk, reason="两回事")
    assert (names(target), seen(ground.stranger, target)) == ([], False)


def test_the_county_decides_which_town_answers_and_its_place_leads(ground: Ground) -> None:
    case = actions.accept_case(boundary(ground), actor=ground.dispatcher)
    assert centres_below(case) == [ground.juri_centre, ground.lubei_centre]
    actions.hand_down_case(case, actor=ground.dispatcher, centre=ground.lubei_centre, reason="界桩在鲁北一侧")
    case.refresh_from_db()
    assert (case.centre, case.territory) == (ground.lubei_centre, ground.places[COMMUNITY])
    assert other_places_of(case) == [ground.places[VILLAGE]]
    assert [counted("accepted", place) for place in (JURI, LUBEI)] == [0, 1]
    assert [counted("concerned", place) for place in (JURI, LUBEI)] == [1, 0]
    facts = trail_of(case).filter(verb="case_handed_down").get().facts
    assert (facts["from_place"], facts["to_place"]) == (VILLAGE, COMMUNITY)
    assert seen(ground.town_dispatcher, case)


def test_the_town_that_answers_gives_the_other_one_a_slip_of_its_own(ground: Ground) -> None:
    case = actions.accept_case(boundary(ground, other_places=(COMMUNITY,)), actor=ground.dispatcher)
    plain = actions.accept_case(ways.registered(ground), actor=ground.dispatcher)
    for one in (case, plain):
        actions.hand_down_case(one, actor=ground.dispatcher, centre=ground.juri_centre, reason="请镇里办")
    case, plain = (Case.objects.get(pk=one.pk) for one in (case, plain))
    give: dict[str, Any] = {"organisation": ground.juri_justice, "instruction": "请会同丈量"}
    give |= {"actor": ground.town_manager, "co_handlers": [ground.lubei_centre]}
    with pytest.raises(RuleViolation):
        dispatch_with_slip(plain, **give)
    dispatch_with_slip(case, **give)
    slip = Document.objects.get(case=case, addressee=ground.lubei_centre)
    assert slip.number
    assert list(queries.cases_to_sign(ground.stranger)) == [case]
    coordination_actions.sign_for_part(Case.objects.get(pk=case.pk), actor=ground.stranger)
    assert sight_of(ground.stranger, case).is_full


def test_who_supports_may_be_given_a_slip_of_its_own_and_be_released_from_it(ground: Ground) -> None:
    case = actions.register_case(an_entry(), actor=ground.town_clerk)
    actions.accept_case(case, actor=ground.town_manager)
    actions.escalate_case(case, actor=ground.town_manager, reason="跨镇")
    support = case.handlings.get(kind="support")
    case = actions.take_up_case(Case.objects.get(pk=case.pk), actor=ground.dispatcher)
    add_co_handlers_with_slips(
        case, actor=ground.dispatcher, co_handlers=[ground.juri_centre], instruction="请通知双方到场"
    )
    support.refresh_from_db()
    part = case.handlings.get(closed_at=None, part="co")
    assert (support.close_reason, part.kind, part.organisation) == ("released", "dispatch", ground.juri_centre)
    assert {clock.kind for clock in part.clocks.filter(stopped_at=None)} == {"sign", "handle"}
    assert Document.objects.get(handling=part).number
    assert list(queries.cases_to_sign(ground.town_manager)) == [case]
    coordination_actions.release_part(Case.objects.get(pk=case.pk), part, actor=ground.dispatcher, reason="已另行安排")
    assert not queries.cases_to_sign(ground.town_manager).exists()
    assert not part.clocks.filter(stopped_at=None).exists()
    assert Document.objects.get(handling=part).status == "done"
