"""Imports, meetings and the query by code in the API."""

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from intake.coordination.actions import open_meeting
from intake.imports.actions import work_on_imports
from intake.models import Case
from tests.intake import ways
from tests.intake.api import as_person, as_system, problem_of
from tests.intake.tables import POLICE, a_call, bad_calls, xlsx
from tests.intake.test_citizen import code_of
from tests.people import Ground
from zhongzhi.core.querycodes import new_query_code

pytestmark = pytest.mark.django_db
IMPORTS = "/api/v1/imports/"
ITEM = {
    "number": "J1",
    "narrative": "邻里争吵。",
    "place": "巨日合镇五家子村",
    "person": "王某",
    "phone": "13847500001",
}


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> None:
    cache.clear()


def test_an_outside_system_hands_a_table_in_watches_and_confirms(ground: Ground) -> None:
    client = as_system(ground, "cases:read", "cases:write")
    sent = {"kind": POLICE, "file": xlsx([a_call(1), *bad_calls()])}
    answer = client.post(IMPORTS, sent, format="multipart")
    assert (answer.status_code, answer.json()["state"]) == (201, "checking")
    address = f"{IMPORTS}{answer.json()['uid']}/"
    work_on_imports(seconds=30)
    seen = client.get(address).json()
    assert (seen["state"], seen["total_rows"], seen["bad_rows"]) == ("checked", 6, 5)
    assert problem_of(client.post(f"{address}confirm/", {"mode": "all"})) == (422, "rule_broken", ["mode"])
    assert client.post(f"{address}confirm/", {"mode": "valid"}).json()["state"] == "running"
    work_on_imports(seconds=30)
    assert client.get(address).json()["new_cases"] == 1
    remarks = client.get(f"{address}remarks/").json()["results"]
    assert [(r["row"], r["column"]) for r in remarks][:2] == [(3, "内容"), (4, "发生地")]
    assert [row["state_label"] for row in client.get(IMPORTS).json()["results"]] == ["已完成"]
    assert client.post(f"{address}cancel/").status_code == 409


def test_items_are_registered_at_once_each_with_its_answer(ground: Ground) -> None:
    client = as_system(ground, "cases:read", "cases:write")
    items = [ITEM, {**ITEM, "number": "J2", "place": "没有的村", "phone": "12"}, {**ITEM, "number": "J1"}]
    answer = client.post(f"{IMPORTS}items/", {"kind": "hotline", "items": items})
    first, second, third = answer.json()["results"]
    case = Case.objects.get()
    assert first == {"number": "J1", "case": case.code, "is_repeat": False, "faults": {}, "notes": {}}
    assert (second["case"], [*second["faults"]]) == (None, ["place"])
    assert (third["case"], third["is_repeat"]) == (case.code, True)
    again = client.post(f"{IMPORTS}items/", {"kind": "hotline", "items": [ITEM]}).json()["results"]
    assert (again[0]["case"], again[0]["is_repeat"], Case.objects.count()) == (case.code, True, 1)
    assert (case.channel, case.centre) == ("04", ground.county_centre)


def test_who_may_not_import(ground: Ground) -> None:
    reader = as_system(ground, "cases:read")
    assert reader.post(f"{IMPORTS}items/", {"kind": "hotline", "items": [ITEM]}).status_code == 403
    for who in ("handler", "leader"):
        client = as_person(ground.people[who])
        assert client.post(f"{IMPORTS}items/", {"kind": "hotline", "items": [ITEM]}).status_code == 403
    assert APIClient().get(IMPORTS).status_code == 401
    assert not Case.objects.exists()


def test_too_many_items_and_unknown_kinds_are_refused(ground: Ground) -> None:
    client = as_system(ground, "cases:read", "cases:write")
    many = [{**ITEM, "number": str(at)} for at in range(201)]
    assert problem_of(client.post(f"{IMPORTS}items/", {"kind": "hotline", "items": many}))[0] == 400
    assert problem_of(client.post(f"{IMPORTS}items/", {"kind": "letter", "items": [ITEM]})) == (
        400,
        "invalid",
        ["kind"],
    )


def test_meetings_are_read(ground: Ground) -> None:
    case = ways.registered(ground)
    meeting = open_meeting(ground.county_centre, actor=ground.dispatcher)
    client = as_system(ground, "cases:read")
    row = client.get("/api/v1/meetings/").json()["results"][0]
    assert (row["id"], row["total"], row["decided"], row["is_open"]) == (meeting.pk, 1, 0, True)
    seen = client.get(f"/api/v1/meetings/{meeting.pk}/").json()
    assert [(i["case"], i["reason_label"], i["decision"]) for i in seen["items"]] == [(case.code, "待研判", "")]
    assert as_person(ground.stranger).get(f"/api/v1/meetings/{meeting.pk}/").status_code == 404


def test_a_query_code_answers_without_a_token_and_guesses_are_throttled(ground: Ground) -> None:
    case = ways.handling(ground)
    code = code_of(case, ground)
    client = APIClient()
    answer = client.post("/api/v1/public/progress/", {"code": code})
    seen = answer.json()
    assert (seen["code"], seen["headline"], seen["holder"]["name"]) == (case.code, "正在办理", "司法局")
    assert "岳某某" not in answer.content.decode()
    wrong = [client.post("/api/v1/public/progress/", {"code": new_query_code()}) for _ in range(20)]
    assert {problem_of(a)[:2] for a in wrong} == {(404, "not_found")}
    throttled = client.post("/api/v1/public/progress/", {"code": code})
    assert problem_of(throttled)[:2] == (429, "throttled")
    assert int(throttled["Retry-After"]) > 0
