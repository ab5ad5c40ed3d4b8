"""The pages of bodies: who finds them, what they offer, refusals beside their field, a fixed number of queries."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grids.models import Organisation
from mediation import actions
from mediation.models import Body, Mediator, Room, Team
from tests.browsing import signed_in
from tests.mediation import ways
from tests.mediation.test_pages import number_of_queries, text
from tests.mediation.ways import House
from tests.people import Ground

HEAD = "/mediation/bodies/"


def page(house: House) -> str:
    return f"{HEAD}{house.body.pk}/"


def dialog(client: Client, path: str, **given: Any) -> Any:
    return client.post(path, given, headers={"hx-request": "true"})


def test_managers_and_system_administrators_find_the_page_in_the_menu(ground: Ground, house: House) -> None:
    for person in (ground.system_admin, ground.manager, ground.town_manager):
        client = signed_in(person)
        assert f'href="{HEAD}"' in client.get("/").content.decode(), person
        assert "设立调解组织" in text(client.get(HEAD)), person
        assert "聘任调解员" in text(client.get(page(house))), person
    for person in (ground.town_mediator, ground.clerk):
        client = signed_in(person)
        assert "设立调解组织" not in text(client.get(HEAD))
        answer = client.get(page(house))
        assert "巨日合调" in text(answer)
        assert "聘任调解员" not in text(answer)
        assert client.get(f"{HEAD}body/{house.body.pk}/appoint/").status_code == 403
        assert client.get(f"{HEAD}new/").status_code == 403
    assert signed_in(ground.stranger).get(page(house)).status_code == 404
    assert signed_in(ground.auditor).get(page(house)).status_code == 403


def test_a_body_is_set_up_with_a_new_organisation_or_one_that_is_there(ground: Ground) -> None:
    client = signed_in(ground.manager)
    given = {"kind": "branded", "seal": "新", "doc_mark": "新调", "starts_on": "2026-01-01"}
    refused = dialog(client, f"{HEAD}new/", **given)
    assert refused.status_code == 422
    assert "填写新机构的机构名称" in text(refused)
    new = {"name": "新金牌调解室", "organisation_kind": "branded_room", "territory": "150526"}
    taken = dialog(client, f"{HEAD}new/", **given, **(new | {"name": ground.branded_room.name}))
    assert "已有同名的机构" in text(taken)
    assert dialog(client, f"{HEAD}new/", **given, **(new | {"territory": "99"})).status_code == 422
    done = dialog(client, f"{HEAD}new/", **given, **new)
    assert done.headers["HX-Redirect"] == HEAD
    assert Body.objects.get().organisation.name == "新金牌调解室"
    before = Organisation.objects.count()
    given |= {"organisation": str(ground.branded_room.pk), "doc_mark": "新调"}
    assert "文书代字已由另一个" in text(dialog(client, f"{HEAD}new/", **given))
    assert dialog(client, f"{HEAD}new/", **(given | {"doc_mark": "那调"})).status_code == 200
    assert (Body.objects.count(), Organisation.objects.count()) == (2, before)


def test_nothing_is_half_registered_when_the_body_is_refused(ground: Ground, house: House) -> None:
    new = {"name": "新室", "organisation_kind": "branded_room", "territory": "150526103"}
    given = new | {"kind": "town", "seal": "新", "doc_mark": "巨日合调", "starts_on": "2026-01-01"}
    assert dialog(signed_in(ground.manager), f"{HEAD}new/", **given).status_code == 422
    assert not Organisation.objects.filter(name="新室").exists()


def test_the_dialogs_change_and_end(ground: Ground, house: House) -> None:
    client = signed_in(ground.town_manager)
    body, mediator, room = house.body, house.second, house.room
    shown = client.get(f"{HEAD}mediator/{mediator.pk}/change/").content.decode()
    assert 'name="version" value="1"' in shown
    entry = {"name": "付德柱", "kind": "expert", "specialities": ["09"], "version": 1}
    path = f"{HEAD}mediator/{mediator.pk}/change/"
    assert dialog(client, path, **entry).headers["HX-Redirect"] == page(house)
    assert "已有人更新过" in text(dialog(client, path, **entry))
    day = timezone.localdate().isoformat()
    appointed = {"name": "新人", "kind": "part_time", "starts_on": day}
    assert "没有用户名为" in text(dialog(client, f"{HEAD}body/{body.pk}/appoint/", **appointed, username="x"))
    assert dialog(client, f"{HEAD}body/{body.pk}/appoint/", **appointed).status_code == 200
    assert dialog(client, f"{HEAD}body/{body.pk}/add-room/", name="二室", place="").status_code == 200
    assert dialog(client, f"{HEAD}room/{room.pk}/close/", version=1).status_code == 200
    assert not Room.objects.get(pk=room.pk).is_active
    end = {"ends_on": day, "reason": "离任", "version": 2}
    assert dialog(client, f"{HEAD}mediator/{mediator.pk}/end/", **end).status_code == 200
    assert "曾任调解员" in text(client.get(page(house)))
    assert dialog(client, f"{HEAD}body/{body.pk}/end/", **(end | {"version": 1})).status_code == 200
    assert "巨日合镇人民调解委员会" in text(client.get(f"{HEAD}?ended=1"))
    assert "巨日合镇人民调解委员会" not in text(client.get(HEAD))
    for path in (f"{HEAD}body/{body.pk}/nothing/", f"{HEAD}case/1/change/", f"{HEAD}mediator/99999/end/"):
        assert client.get(path).status_code == 404


def test_teams_are_changed_by_the_countys_manager(ground: Ground) -> None:
    client = signed_in(ground.manager)
    given = {"name": "警司联调", "members": "派出所\n司法所", "use": ""}
    assert dialog(client, f"{HEAD}teams/new/", **given).status_code == 200
    team = Team.objects.get(name="警司联调")
    assert dialog(client, f"{HEAD}team/{team.pk}/retire/", version=1).status_code == 200
    assert "已停用" in text(client.get(HEAD))
    assert "警司联调" not in text(signed_in(ground.town_manager).get(HEAD))
    assert signed_in(ground.town_manager).get(f"{HEAD}team/{team.pk}/change/").status_code == 403


@pytest.mark.parametrize("path", [HEAD, "body"])
def test_queries_do_not_grow_with_people_and_recusals(path: str, ground: Ground, house: House) -> None:
    client = signed_in(ground.manager)
    address = page(house) if path == "body" else path
    client.get(address)
    first = number_of_queries(client, address)
    for at in range(5):
        ways.appointed(ground, house.body, f"调解员{at}")
        mediation = ways.running(ground, house, mediators=[house.mediator, Mediator.objects.latest("pk")])
        actions.recuse_mediator(
            mediation, actor=ground.town_dispatcher, mediator=house.mediator, reason="亲属", granted=True
        )
    client.get(address)  # what is remembered is read anew
    assert number_of_queries(client, address) == first
