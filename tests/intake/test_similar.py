"""Earlier cases like one: the same family of categories, ended, in sight, the likest first."""

import pytest
from django.test import Client

from intake.models import Case
from intake.queries.similar import Commonness, forget_commonness, rare_windows, similar_cases, windows_of
from tests.intake import ways
from tests.people import Ground

pytestmark = pytest.mark.django_db
MAIZE = "羊群进了玉米地，啃食青苗，要求赔偿。"


@pytest.fixture(autouse=True)
def _fresh_statistics() -> None:
    forget_commonness()


def ended(ground: Ground, title: str, narrative: str, category: str = "0901") -> Case:
    return ways.closed(ground, title=title, narrative=narrative, category=category)


def test_the_likest_that_ended_stands_first_and_other_families_are_left_out(ground: Ground) -> None:
    near = ended(ground, "羊吃玉米", MAIZE)
    far = ended(ground, "地界", "地界不清，羊群走过。")
    ended(ground, "羊吃玉米", MAIZE, category="0201")
    ways.registered(ground, title="羊吃玉米", narrative=MAIZE)
    case = ways.registered(ground, title="羊进地", narrative="邻居羊群进了玉米地，青苗被啃食。")
    found = similar_cases(ground.dispatcher, case)
    assert [row.case.pk for row in found] == [near.pk, far.pk]
    assert (found[0].days, found[0].case.outcome) == (0, "peoples_mediation")


def test_who_does_not_see_a_case_does_not_find_it_here(ground: Ground) -> None:
    near = ended(ground, "羊吃玉米", MAIZE)
    case = ways.registered(ground, title="羊进地", narrative=MAIZE)
    assert len(similar_cases(ground.dispatcher, case)) == 1
    Case.objects.filter(pk=near.pk).update(is_restricted=True)
    assert similar_cases(ground.dispatcher, case) == []


def test_what_both_say_is_told_to_those_alone_who_see_the_case_in_full(ground: Ground) -> None:
    ended(ground, "羊吃玉米", MAIZE)
    case = ways.registered(ground, title="羊进地", narrative=MAIZE)
    assert similar_cases(ground.dispatcher, case)[0].shared
    assert similar_cases(ground.leader, case)[0].shared == ""


def test_the_rarest_words_are_looked_up_and_few_rows_are_read() -> None:
    common = Commonness({"土地": 0.3, "玉米": 0.001, "青苗": 0.0005}, 0.0004, 1_000_000.0)
    assert rare_windows({"土地", "玉米", "青苗", "莳萝"}, common) == ["青苗", "玉米"]
    assert "，羊" not in windows_of(Case(title="a羊", narrative="，羊群"))


def test_the_part_is_loaded_beside_the_page(ground: Ground, client: Client) -> None:
    ended(ground, "羊吃玉米", MAIZE)
    case = ways.registered(ground, title="羊进地", narrative=MAIZE)
    client.force_login(ground.dispatcher)
    assert f"/cases/{case.code}/similar/" in client.get(f"/cases/{case.code}/").content.decode()
    assert "羊吃玉米" in client.get(f"/cases/{case.code}/similar/").content.decode()
    client.force_login(ground.grid_worker)
    assert client.get(f"/cases/{case.code}/similar/").status_code == 404
