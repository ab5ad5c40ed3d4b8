"""The bar holds six entries at most; the box at the head opens every page; none stays in the browser."""

import pytest
from django.test import Client

from tests.browsing import signed_in
from tests.people import Ground
from workbench.context import MOST_IN_BAR

pytestmark = pytest.mark.django_db
WHO = ("clerk", "dispatcher", "manager", "leader", "handler", "town_manager", "village_manager", "grid_worker")


def labels(client: Client, name: str) -> list[str]:
    return [item.label for item in client.get("/").context[name]]


@pytest.mark.parametrize("who", WHO)
def test_the_bar_holds_six_entries_at_most_and_loses_none(who: str, ground: Ground) -> None:
    client = signed_in(ground.people[who])
    bar, more = labels(client, "navigation"), labels(client, "navigation_more")
    assert len(bar) <= MOST_IN_BAR == 6
    assert not set(bar) & set(more)
    assert bar[:2] == ["待办", "案件"]


def test_the_window_registers_from_the_bar(ground: Ground) -> None:
    assert labels(signed_in(ground.clerk), "navigation")[2] == "登记"


@pytest.mark.parametrize("typed", ["督办台账", "台账", "dbtz"])
def test_a_page_is_opened_from_the_box_at_the_head(typed: str, ground: Ground) -> None:
    found = signed_in(ground.dispatcher).post("/cases/parts/search/", {"q": typed}).content.decode()
    assert 'href="/documents/board/"' in found
    assert "没有找到" not in found


def test_the_box_shows_no_page_that_the_person_cannot_go_to(ground: Ground) -> None:
    for typed in ("运行", "审计"):
        assert "页面" not in signed_in(ground.clerk).post("/cases/parts/search/", {"q": typed}).content.decode()


def test_no_page_behind_the_login_stays_in_the_browser(ground: Ground) -> None:
    for path in ("/", "/cases/", "/notices/", "/grids/", "/documents/"):
        assert "no-store" in signed_in(ground.dispatcher).get(path)["Cache-Control"], path
