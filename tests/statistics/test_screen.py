"""The wall: opened by a link without a login, ended by those who may, holding nothing personal."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.intake import ways
from tests.people import Ground
from workbench.actions import make_screen_link, revoke_screen_link
from workbench.models import ScreenLink
from zhongzhi.core.errors import InvalidTransition, NotFound, PermissionDenied

pytestmark = pytest.mark.django_db


def link(ground: Ground, place: str = "150526103") -> str:
    return make_screen_link(ground.places[place], actor=ground.leader, ends_on=timezone.localdate() + timedelta(days=9))


def test_a_link_shows_the_figures_of_its_place_to_anyone(ground: Ground) -> None:
    ways.closed(ground)
    ways.closed(ground, territory="150526100001")
    token = link(ground)
    page, data = Client().get(f"/screen/{token}/"), Client().get(f"/screen/{token}/data/")
    assert "巨日合镇" in page.content.decode()
    assert data.json()["values"]["accepted"]["part"] == 1
    assert "岳某某" not in data.content.decode()
    assert "付某" not in data.content.decode()


def test_every_box_of_the_wall_has_its_figure_and_few_are_told_as_few(ground: Ground) -> None:
    ways.closed(ground)
    token = link(ground)
    page = Client().get(f"/screen/{token}/").content.decode()
    values = Client().get(f"/screen/{token}/data/").json()["values"]
    boxes = set(re.findall(r'data-(?:value|bar|parts)="(\w+)"', page))
    assert boxes <= set(values)
    assert boxes >= {"mediation_success", "performance", "confirmation", "supervisions", "feedback", "hazards_settled"}
    assert (values["resolution"]["small"], values["mediation_success"]["small"]) == (True, False)


def test_links_end_are_revoked_and_cannot_be_guessed(ground: Ground) -> None:
    token = link(ground)
    guessed = token[:-1] + ("y" if token.endswith("x") else "x")
    assert Client().get(f"/screen/{guessed}/data/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert Client().get(f"/screen/{token}/").status_code == 404
    row = ScreenLink.objects.get()
    assert token.encode() not in bytes(row.token_hash)
    revoke_screen_link(row.pk, actor=ground.leader)
    assert Client().get(f"/screen/{token}/data/").status_code == 404
    with pytest.raises(InvalidTransition):
        revoke_screen_link(row.pk, actor=ground.leader)


def test_who_may_open_a_wall(ground: Ground) -> None:
    ends = timezone.localdate() + timedelta(days=9)
    make_screen_link(ground.places["150526103"], actor=ground.town_manager, ends_on=ends)
    for who, place in (("clerk", "150526"), ("town_manager", "150526"), ("handler", "150526"), ("auditor", "150526")):
        with pytest.raises(PermissionDenied):
            make_screen_link(ground.places[place], actor=ground.people[who], ends_on=ends)
    with pytest.raises(NotFound):
        revoke_screen_link(ScreenLink.objects.get().pk, actor=ground.stranger)


def test_the_page_of_links_shows_the_address_once(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.leader)
    shown = client.post("/figures/screens/", {"place": "150526"}).content.decode()
    assert "/screen/" in shown
    again = client.get("/figures/screens/").content.decode()
    assert "http://testserver/screen/" not in again
    assert client.post(f"/figures/screens/{ScreenLink.objects.get().pk}/revoke/").status_code == 302
    assert "已停用" in client.get("/figures/screens/").content.decode()
