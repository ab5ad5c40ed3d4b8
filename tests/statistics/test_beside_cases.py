"""Figures that stand on mediations, agreements, slips of supervision and hazards: counted and opened like cases."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import referrals.actions
from grids.actions import report_hazard, solve_hazard
from grids.entries import HazardEntry
from intake.counting import actions as counting_actions
from intake.counting import queries as counting_queries
from intake.models import Case
from mediation.actions import cancel_mediation, end_without_agreement
from mediation.models import Agreement, Mediation
from mediation.queries.statistics import figures_of_bodies
from tests.mediation.ways import House, a_house, in_force, opened, performed, running
from tests.people import Ground
from tests.referrals import ways as slips
from workbench.statistics.board import Board, board_of
from workbench.statistics.periods import preset

pytestmark = pytest.mark.django_db
GRID = "150526103200001"
BESIDE = ("mediation_success", "performance", "confirmation", "feedback", "hazards_settled", "supervisions", "hazards")


@pytest.fixture
def house(ground: Ground) -> House:
    return a_house(ground)


def board(ground: Ground, place: str = "150526") -> Board:
    return board_of(ground.places[place], preset("year", timezone.localdate()))


def shown(ground: Ground, place: str = "150526") -> dict[str, tuple[int, int | None]]:
    values = board(ground, place).values
    return {name: (values[name].part, values[name].whole) for name in BESIDE}


def a_hazard(ground: Ground, place: str = GRID) -> object:
    return report_hazard(HazardEntry("电线垂到院墙上。", place), actor=ground.grid_worker)


def everything(ground: Ground, house: House) -> None:
    """Four mediations (kept, agreed, failed, cancelled), two slips (one answered), two hazards (one solved)."""
    performed(ground, in_force(ground, running(ground, house)))
    in_force(ground, running(ground, house))
    told = {"reason": "refused", "note": "不愿再调", "told": ["litigation"]}
    end_without_agreement(running(ground, house), actor=ground.town_dispatcher, **told)
    cancel_mediation(opened(ground, house), actor=ground.town_dispatcher, reason="重复受理")
    referrals.actions.answer_document(slips.signed(ground), actor=ground.handler, text="已整改")
    slips.signed(ground)
    slips.draft(ground)
    solve_hazard(a_hazard(ground), actor=ground.grid_worker, result="已请供电所拉紧")
    a_hazard(ground)


def test_each_figure_has_its_numerator_and_denominator(ground: Ground, house: House) -> None:
    everything(ground, house)
    Agreement.objects.filter(status="performed").update(confirmed=True)
    expected = {
        "mediation_success": (2, 3), "performance": (1, 2), "confirmation": (1, 2), "feedback": (1, 2),
        "hazards_settled": (1, 2), "supervisions": (2, None), "hazards": (2, None),
    }  # fmt: skip
    assert shown(ground) == expected
    counting_actions.fold_tallies()
    assert shown(ground) == shown(ground, "150526103") == shown(ground, "150526103200") == expected
    assert shown(ground, "150526100") == {name: (0, None if w is None else 0) for name, (_, w) in expected.items()}
    assert counting_actions.differences() == []


def test_every_number_opens_its_rows(ground: Ground, house: House) -> None:
    everything(ground, house)
    client = Client()
    client.force_login(ground.leader)
    for name in BESIDE:
        value = board(ground).values[name]
        for link, number in ((value.part_link, value.part), (value.whole_link, value.whole)):
            if not link:
                continue
            answer = client.get(link)
            assert (answer.status_code, answer.context["total"].number, len(answer.context["lines"])) == (
                200,
                number,
                number,
            )
            for line in answer.context["lines"]:
                assert client.get(line.link).status_code == 200, line


def test_a_list_shows_what_is_in_sight_only(ground: Ground, house: House) -> None:
    everything(ground, house)
    links = [board(ground).values[name].whole_link for name in ("mediation_success", "performance", "feedback")]
    for who, status in (("stranger", 404), ("town_manager", 404), ("auditor", 403)):
        client = Client()
        client.force_login(ground.people[who])
        assert {client.get(link).status_code for link in links} == {status}


def test_they_are_counted_where_the_case_is_and_go_with_it(ground: Ground, house: House) -> None:
    everything(ground, house)
    before = shown(ground)
    Case.objects.update(territory=ground.places["150526100001"])
    assert counting_actions.differences() == []
    assert shown(ground) == before
    assert shown(ground, "150526100")["mediation_success"] == (2, 3)
    assert shown(ground, "150526103")["feedback"] == (0, 0)
    assert shown(ground, "150526103")["hazards"] == (2, None)


def test_what_is_undone_is_not_counted(ground: Ground, house: House) -> None:
    everything(ground, house)
    document = slips.signed(ground)
    referrals.actions.void_document(document, actor=ground.manager, reason="误发")
    Mediation.objects.filter(status="agreed").update(status="running", ended_at=None)
    assert (shown(ground)["supervisions"], shown(ground)["mediation_success"]) == ((2, None), (0, 1))
    assert counting_actions.differences() == []


def test_they_are_compared_with_the_period_before(ground: Ground, house: House) -> None:
    in_force(ground, running(ground, house))
    long_ago = timezone.now() - timedelta(days=400)
    Agreement.objects.update(in_force_on=long_ago.date())
    Mediation.objects.update(ended_at=long_ago)
    values = board(ground).values
    assert (values["mediation_success"].number, values["mediation_success"].before) == (None, 100.0)
    assert (values["performance"].whole, values["performance"].before) == (0, 0.0)


def test_the_page_of_bodies_says_the_same(ground: Ground, house: House) -> None:
    everything(ground, house)
    period = preset("year", timezone.localdate())
    (line,) = [f for f in figures_of_bodies(ground.leader, period.start, period.end) if f.key == house.body.pk]
    found = shown(ground)
    assert (line.agreed, line.ended) == found["mediation_success"]
    assert (line.kept, line.agreements) == found["performance"]


def test_api_and_recount_know_them(ground: Ground, house: House) -> None:
    everything(ground, house)
    client = Client()
    client.force_login(ground.leader)
    answer = client.get("/api/v1/statistics/mediation_success/").json()
    assert (answer["part"], answer["whole"], answer["value"]) == (2, 3, 66.7)
    period = preset("year", timezone.localdate())
    recount = counting_queries.recount(counting_queries.Slice("150526", period.start, period.end))
    assert recount["supervisions", "", ""] == 2
