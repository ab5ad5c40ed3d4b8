"""Outside systems see the cases chosen for them, without names; a person's data they ask for with a reason."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from grids.actions import post_person
from grids.models import Organisation, Role
from intake import actions
from intake.models import Case
from intake.sight import sight_of
from tests.files.samples import picture, upload
from tests.intake import ways
from tests.intake.api import LAND, address, as_system, problem_of
from tests.people import STARTS, Ground
from zhongzhi.accounts.actions import issue_token, limit_client, register_client
from zhongzhi.accounts.models import ApiClient
from zhongzhi.accounts.security_rules import RuleName
from zhongzhi.audit.queries import trail_of

pytestmark = pytest.mark.django_db
WHY = {"purpose": "contact", "reason": "电话联系当事人"}
SCOPES = ("cases:read", "cases:write")


def a_system(organisation: Organisation, *scopes: str, **limits: str) -> tuple[ApiClient, APIClient]:
    """An outside system of an organisation, and how it calls."""
    outside = register_client("派出所警务平台", scopes or SCOPES)
    if limits:
        limit_client(outside, **({"sight": "organisation"} | limits))
    post_person(outside.user, organisation, Role.API_CLIENT, starts_on=STARTS)
    calls = APIClient()
    calls.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(outside).text}")
    return outside, calls


def codes(calls: APIClient) -> set[str]:
    return {row["code"] for row in calls.get("/api/v1/cases/").json()["results"]}


def three_cases(ground: Ground, calls: APIClient) -> tuple[str, str, str]:
    """One that the system registered, one that its organisation handles, one of its town."""
    own = calls.post("/api/v1/cases/", LAND, format="json").json()["code"]
    handled = ways.dispatched(ground, ground.juri_police)
    return own, str(handled.code), str(ways.registered(ground).code)


@pytest.mark.parametrize(("sight", "number"), [("own", 1), ("organisation", 2), ("subtree", 3)])
def test_a_station_s_system_sees_its_own_entries_its_station_s_cases_or_the_subtree(
    ground: Ground, sight: str, number: int
) -> None:
    outside, calls = a_system(ground.juri_police, sight=sight)
    expected = three_cases(ground, calls)[:number]
    assert codes(calls) == set(expected)
    user = ApiClient.objects.get(pk=outside.pk).user
    assert {str(c.code) for c in Case.objects.all() if sight_of(user, c).level} == set(expected)
    for case in Case.objects.all():
        assert (calls.get(address(case)).status_code == 200) == (str(case.code) in expected)


def test_a_new_system_sees_its_organisation_s_cases(ground: Ground) -> None:
    outside, _ = a_system(ground.juri_police)
    assert outside.sight == "organisation"


def test_names_are_masked_in_what_a_system_registered_itself(ground: Ground) -> None:
    _, calls = a_system(ground.juri_centre, *SCOPES, "personal:read")
    answer = calls.post("/api/v1/cases/", LAND, format="json").json()
    case = Case.objects.get(code=answer["code"])
    for path in (address(case), "/api/v1/cases/", address(case, "timeline")):
        assert "岳某某" not in calls.get(path).content.decode()
    assert calls.get("/api/v1/cases/?q=岳某某").json()["results"] == []


def test_a_person_s_data_are_shown_by_case_with_scope_purpose_and_reason(ground: Ground) -> None:
    _, calls = a_system(ground.juri_centre, *SCOPES, "personal:read")
    case = Case.objects.get(code=calls.post("/api/v1/cases/", LAND, format="json").json()["code"])
    path = address(case, f"parties/{case.parties.get().uid}/reveal")
    assert problem_of(calls.post(path, {"purpose": "contact"}, format="json"))[0] == 400
    shown = calls.post(path, WHY, format="json").json()
    assert (shown["name"], shown["phone"]) == ("岳某某", "13847500001")
    entry = list(trail_of(case))[-1]
    assert (entry.verb, entry.facts["reason"]) == ("personal_data_revealed", "电话联系当事人")


def test_without_the_scope_nothing_of_a_person_is_shown(ground: Ground) -> None:
    _, calls = a_system(ground.juri_centre)
    case = Case.objects.get(code=calls.post("/api/v1/cases/", LAND, format="json").json()["code"])
    path = address(case, f"parties/{case.parties.get().uid}/reveal")
    assert problem_of(calls.post(path, WHY, format="json"))[:2] == (403, "scope_missing")


def test_a_case_of_the_subtree_alone_opens_no_person_s_data(ground: Ground) -> None:
    _, calls = a_system(ground.juri_police, *SCOPES, "personal:read", sight="subtree")
    case = ways.registered(ground)
    path = address(case, f"parties/{case.parties.all()[0].uid}/reveal")
    assert problem_of(calls.post(path, WHY, format="json"))[:2] == (403, "forbidden")


def test_looks_of_a_system_are_counted_by_the_hour(ground: Ground) -> None:
    from zhongzhi.accounts import security_rules

    security_rules.remember({RuleName.LOOKS_AT_MOST: (2, ())}, seconds=float("inf"))
    _, calls = a_system(ground.juri_centre, *SCOPES, "personal:read")
    case = Case.objects.get(code=calls.post("/api/v1/cases/", LAND, format="json").json()["code"])
    path = address(case, f"parties/{case.parties.get().uid}/reveal")
    assert [calls.post(path, WHY, format="json").status_code for _ in range(3)] == [200, 200, 422]


def test_a_file_is_taken_out_with_a_reason_and_named_without_names(
    ground: Ground, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = ways.dispatched(ground, ground.juri_police)
    row = actions.attach_file(case, upload("岳某某身份证.jpg", picture()), actor=ground.dispatcher)
    _, calls = a_system(ground.juri_police, "cases:read", "personal:read")
    assert [r["name"] for r in calls.get(address(case, "attachments")).json()["results"]] == ["岳*某身份证.jpg"]
    path = address(case, f"attachments/{row.file_id}")
    assert problem_of(calls.get(path)) == (422, "rule_broken", ["reason"])
    assert calls.get(path, WHY).status_code == 200
    assert [e.verb for e in trail_of(case)][-2:] == ["personal_data_revealed", "file_downloaded"]


def test_files_stay_closed_without_the_scope(ground: Ground, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = ways.registered(ground)
    row = actions.attach_file(case, upload("界桩.jpg", picture()), actor=ground.dispatcher)
    calls = as_system(ground, "cases:read")
    assert problem_of(calls.get(address(case, f"attachments/{row.file_id}"), WHY))[0] == 403


def test_source_and_highest_risk_are_set_for_a_system(ground: Ground) -> None:
    _, calls = a_system(ground.juri_centre, channel="06", highest_risk="yellow")
    made = calls.post("/api/v1/cases/", LAND | {"channel": "04", "risk": "yellow"}, format="json").json()
    assert (made["channel"], made["risk"]) == ("06", "yellow")
    refused = calls.post("/api/v1/cases/", LAND | {"risk": "red"}, format="json")
    assert problem_of(refused) == (422, "rule_broken", ["risk"])
    assert "最高为黄色" in refused.json()["errors"]["risk"][0]


def test_rows_of_a_system_are_registered_with_the_highest_risk_it_may_give(ground: Ground) -> None:
    _, calls = a_system(ground.juri_centre, highest_risk="orange")
    item = {"number": "J1", "place": "巨日合镇五家子村", "narrative": "与邻居争吵。", "risk": "红色"}
    answer = calls.post("/api/v1/imports/items/", {"kind": "police_call", "items": [item]}, format="json")
    assert answer.status_code in (200, 201), answer.content
    assert Case.objects.get().risk == "orange"
