"""The cohort: what became of what was accepted in the period; a rate that cannot pass a hundred, parts that add up."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from intake import actions
from intake.models import Case
from intake.tasks import sweep_clocks
from tests.intake import ways
from tests.people import Ground
from workbench.statistics.board import Board, board_of
from workbench.statistics.periods import preset

pytestmark = pytest.mark.django_db


def board(ground: Ground) -> Board:
    return board_of(ground.places["150526"], preset("year", timezone.localdate()))


def parts(found: Board) -> dict[str, int]:
    return {share.key: share.count for share in found.cohort}


def test_the_parts_add_up_to_what_was_accepted(ground: Ground) -> None:
    ways.closed(ground)
    ways.concluded(ground)
    ways.handling(ground, complexity="hard")
    actions.withdraw_case(ways.accepted(ground), actor=ground.dispatcher, reason="自行和解")
    found = board(ground)
    assert sum(parts(found).values()) == found.values["accepted"].part == 4
    rate = found.values["resolution_cohort"]
    assert (rate.part, rate.whole, rate.number) == (2, 2, 100.0)
    assert found.values["cohort_open"].part == 1
    assert [start for _, start in found.cohort_bar][:2] == [0.0, 50.0]


def test_an_open_case_counts_against_the_rate_once_its_limit_has_passed(ground: Ground) -> None:
    ways.closed(ground)
    case = ways.handling(ground, complexity="simple")
    assert parts(board(ground))["cohort_open"] == 1
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        sweep_clocks()
        case.refresh_from_db()
        assert case.is_past_limit
        found = board(ground)
        assert (parts(found)["cohort_late"], found.values["resolution_cohort"].number) == (1, 50.0)
        case = actions.report_outcome(case, ways.REPORT, actor=ground.handler)
        assert board(ground).values["resolution_cohort"].number == 100.0


def test_a_new_lead_has_a_limit_of_its_own(ground: Ground) -> None:
    case = ways.handling(ground, complexity="simple")
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        sweep_clocks()
        case = actions.report_outcome(Case.objects.get(pk=case.pk), ways.REPORT, actor=ground.handler)
        case = actions.send_back(case, actor=ground.dispatcher, reason="缺少履行凭证")
        case.refresh_from_db()
        assert not case.is_past_limit


def test_the_page_shows_one_bar_with_its_lists(ground: Ground) -> None:
    ways.closed(ground)
    client = Client()
    client.force_login(ground.leader)
    page = client.get("/figures/").content.decode()
    assert "本期受理的 1 件，现在怎样" in page and 'class="cohort_resolved"' in page
