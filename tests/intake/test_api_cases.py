"""Cases over REST: listed, read, registered, settled; who may not, and what is refused."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from intake.models import Case, Counter
from tests.intake import ways
from tests.intake.api import LAND, address, anonymous, as_person, as_system, problem_of
from tests.intake.ways import copies
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.idnumbers import resident_check

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


# --- reading ---------------------------------------------------------------------------------------------


def test_the_list_holds_what_the_caller_may_see(ground: Ground) -> None:
    case = ways.registered(ground)
    body = as_person(ground.clerk).get(CASES).json()
    assert [row["code"] for row in body["results"]] == [case.code]
    assert body["next"] is None
    row = body["results"][0]
    assert (row["status"], row["status_label"], row["risk_label"]) == ("registered", "已登记", "蓝")
    assert row["territory"] == {"code": "150526103200", "code12": "150526103200", "full_name": "巨日合镇五家子村"}
    assert row["registered_at"].endswith("+08:00")
    assert row["applicants"] == ["岳某某"]
    assert as_person(ground.stranger).get(CASES).json()["results"] == []


def test_names_are_masked_for_those_who_do_not_handle_the_case(ground: Ground) -> None:
    case = ways.registered(ground)
    assert as_person(ground.leader).get(CASES).json()["results"][0]["applicants"] == ["岳*某"]
    body = as_person(ground.leader).get(address(case)).json()
    assert body["parties"][0]["name"] == "岳*某"
    assert as_person(ground.clerk).get(address(case)).json()["parties"][0]["name"] == "岳某某"


def test_numbers_are_masked_for_everyone(ground: Ground) -> None:
    case = ways.registered(ground)
    for person in (ground.clerk, ground.leader):
        text = as_person(person).get(address(case)).content.decode()
        assert "152327196503152419" not in text
        assert "13847500001" not in text
        assert "152***********2419" in text
        assert "1965" not in text


def test_a_stranger_gets_404_for_everything_of_a_case(ground: Ground) -> None:
    case = ways.registered(ground)
    stranger = as_person(ground.stranger)
    party = case.parties.first()
    assert party is not None
    for path in ("", "timeline", "attachments", "attachments/00000000-0000-4000-8000-000000000000"):
        assert problem_of(stranger.get(address(case, path)))[:2] == (404, "not_found")
    for act in ("accept", "sign", "withdraw", f"parties/{party.uid}/reveal"):
        answer = stranger.post(address(case, act), {"reason": "x"}, format="json")
        assert problem_of(answer)[:2] == (404, "not_found")


def test_without_a_login_the_answer_is_401(ground: Ground) -> None:
    case = ways.registered(ground)
    for path in (CASES, address(case), "/api/v1/territories/", "/api/v1/organisations/"):
        answer = anonymous().get(path)
        assert problem_of(answer)[:2] == (401, "not_authenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_address_that_is_none_is_404_as_a_problem(ground: Ground) -> None:
    for path in ("/api/v1/nothing/", CASES + "ZJ1505262026112400001A/", CASES + "x/"):
        assert problem_of(as_person(ground.clerk).get(path))[0] == 404


def test_the_detail_tells_the_acts_that_are_open_to_the_caller(ground: Ground) -> None:
    case = ways.registered(ground)
    acts = as_person(ground.dispatcher).get(address(case)).json()["acts"]
    assert acts[0] == "accept"
    always = {"accept", "guide", "regrade", "merge", "link-repeat", "withdraw", "recuse", "restrict"}
    assert set(acts) == always | {"write-note", "supplement"}
    assert as_person(ground.leader).get(address(case)).json()["acts"] == ["direct"]


def test_a_known_etag_is_answered_304_and_a_step_changes_it(ground: Ground) -> None:
    case = ways.registered(ground)
    clerk = as_person(ground.clerk)
    tag = clerk.get(address(case))["ETag"]
    assert clerk.get(address(case), HTTP_IF_NONE_MATCH=tag).status_code == 304
    ways.actions.accept_case(case, actor=ground.dispatcher)
    assert clerk.get(address(case), HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_the_timeline_tells_who_did_what_when(ground: Ground) -> None:
    steps = as_person(ground.clerk).get(address(ways.closed(ground), "timeline")).json()["results"]
    assert [step["event"] for step in steps] == ["register", "accept", "dispatch", "sign", "conclude", "close"]
    assert steps[2]["actor"] == "韩冰"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=registered", 1),
        ("status=closed", 1),
        ("status=closed&status=registered", 2),
        ("open=true", 1),
        ("open=false", 1),
        ("overdue=true", 0),
        ("territory=150526103", 2),
        ("territory=150526100", 0),
        ("category=09", 2),
        ("category=0901", 2),
        ("category=0202", 0),
        ("risk=blue", 2),
        ("tier=county", 2),
        ("channel=04", 0),
        ("registered_from=2020-01-01", 2),
        ("registered_to=2020-01-01", 0),
        ("registered_to=2199-12-31", 2),
        ("ordering=due", 2),
        ("q=三垄", 2),
        ("q=岳某", 2),
        ("q=没有", 0),
        ("q=ZJ150526", 2),
    ],
)
def test_filters(query: str, found: int, ground: Ground) -> None:
    ways.registered(ground)
    ways.closed(ground)
    assert len(as_person(ground.clerk).get(f"{CASES}?{query}").json()["results"]) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=lost", "status"),
        ("registered_from=yesterday", "registered_from"),
        ("stauts=closed", "stauts"),
        ("ordering=name", "ordering"),
        ("fields=code,secret", "fields"),
        ("limit=0", "limit"),
        ("holder=1.5", "holder"),
        ("limit=1000", "limit"),
        ("fields=", "fields"),
        ("ordering=", "ordering"),
    ],
)
def test_what_is_not_known_is_refused_at_its_name(query: str, field: str, ground: Ground) -> None:
    ways.registered(ground)
    assert problem_of(as_person(ground.clerk).get(f"{CASES}?{query}")) == (400, "invalid", [field])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("category=9999", "category"),
        ("territory=999999999", "territory"),
        ("cursor=broken", "cursor"),
    ],
)
def test_what_is_well_formed_and_names_nothing_is_no_fault_of_the_shape(query: str, field: str, ground: Ground) -> None:
    assert problem_of(as_person(ground.clerk).get(f"{CASES}?{query}")) == (422, "rule_broken", [field])


def test_fields_can_be_chosen(ground: Ground) -> None:
    ways.registered(ground)
    rows = as_person(ground.clerk).get(f"{CASES}?fields=code,status").json()["results"]
    assert list(rows[0]) == ["code", "status"]


def test_pages_hold_every_case_once(ground: Ground) -> None:
    copies(ways.registered(ground), 24)
    clerk, seen, url = as_person(ground.clerk), [], f"{CASES}?limit=10"
    while url:
        body = clerk.get(url).json()
        seen += [row["code"] for row in body["results"]]
        url = body["next"]
    assert len(seen) == len(set(seen)) == 25


def test_the_list_runs_the_same_queries_for_10_and_for_500_cases(ground: Ground) -> None:
    case = ways.registered(ground)
    copies(case, 9)
    clerk = as_person(ground.clerk)
    clerk.get(CASES)

    def queries(limit: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert len(clerk.get(f"{CASES}?limit={limit}").json()["results"]) == limit
        return len(caught)

    few = queries(10)
    copies(case, 490, after=100)
    assert queries(200) == few


def test_the_whole_selection_streams_as_ndjson(ground: Ground) -> None:
    copies(ways.registered(ground), 30)
    answer = as_person(ground.clerk).get(f"{CASES}?limit=5", HTTP_ACCEPT="application/x-ndjson")
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]  # type: ignore[attr-defined]
    assert len(lines) == 31
    assert len({line["code"] for line in lines}) == 31


def test_csv_cannot_become_a_formula(ground: Ground) -> None:
    ways.registered(ground, title="=HYPERLINK(1)")
    answer = as_person(ground.clerk).get(CASES, HTTP_ACCEPT="text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["title"] == "'=HYPERLINK(1)"
    assert row["territory_full_name"] == "巨日合镇五家子村"


def test_a_stream_refuses_unknown_fields_and_orders_and_an_empty_one_has_its_head(ground: Ground) -> None:
    person = as_person(ground.clerk)
    for accept in ("text/csv", "application/x-ndjson"):
        assert person.get(f"{CASES}?fields=nope", HTTP_ACCEPT=accept).status_code == 400
        assert person.get(f"{CASES}?ordering=nope", HTTP_ACCEPT=accept).status_code == 400
    answer = person.get(f"{CASES}?fields=code,holder", HTTP_ACCEPT="text/csv")
    assert b"".join(answer.streaming_content).decode("utf-8-sig") == "code,holder_name\r\n"  # type: ignore[attr-defined]


def test_a_look_at_sealed_data_is_never_answered_from_a_kept_answer(ground: Ground) -> None:
    case, person = ways.registered(ground), as_person(ground.clerk)
    party = case.parties.first()
    assert party is not None
    path = f"{address(case)}parties/{party.uid}/reveal/"
    for _ in range(2):
        answer = person.post(path, {"purpose": "identity", "reason": "核对身份"}, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, "Idempotent-Replayed" in answer) == (200, False)
    assert [entry.verb for entry in trail_of(case)].count("personal_data_revealed") == 2


# --- registering -----------------------------------------------------------------------------------------


def test_a_case_is_registered(ground: Ground) -> None:
    answer = as_person(ground.clerk).post(CASES, LAND, format="json")
    assert answer.status_code == 201, answer.content
    case = Case.objects.get()
    assert answer["Location"] == address(case)
    assert answer["ETag"].startswith(f'"{case.version}-')
    assert answer.json()["parties"][0]["sex_label"] == "男"
    assert case.channel == "11"


def test_a_simple_case_is_settled_in_one_call(ground: Ground) -> None:
    body = {**LAND, "outcome": "settlement", "note": "当场退还，双方签字。"}
    answer = as_person(ground.clerk).post(CASES + "settle/", body, format="json")
    assert (answer.status_code, answer.json()["status"]) == (201, "closed")


def test_the_same_key_registers_once(ground: Ground) -> None:
    clerk = as_person(ground.clerk)
    first = clerk.post(CASES, LAND, format="json", HTTP_IDEMPOTENCY_KEY="k-1")
    again = clerk.post(CASES, LAND, format="json", HTTP_IDEMPOTENCY_KEY="k-1")
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.json()["code"] == first.json()["code"]
    assert Case.objects.count() == 1


def test_those_who_do_not_register_get_403(ground: Ground) -> None:
    answer = as_person(ground.leader).post(CASES, LAND, format="json")
    assert problem_of(answer)[:2] == (403, "forbidden")
    assert not Case.objects.exists()


BAD_BODY = "15232719650315241"
FUTURE = "15232720990315241"
TITLE = {"title": "长" * 5000}


def with_party(**changes: Any) -> dict[str, Any]:
    return {"parties": [{**LAND["parties"][0], **changes}]}


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        (with_party(paper_number="152327196503152418"), 422, "parties.0.paper_number"),
        (with_party(paper_number=FUTURE + resident_check(FUTURE)), 422, "parties.0.paper_number"),
        (with_party(paper_number=BAD_BODY[:16]), 422, "parties.0.paper_number"),
        (with_party(phone="12"), 422, "parties.0.phone"),
        (with_party(name=""), 422, "parties.0.name"),
        (with_party(side="friend"), 400, "parties.0.side"),
        (with_party(name="王\x00明"), 400, "parties.0.name"),
        ({"category": "9999"}, 422, "category"),
        ({"category": "09"}, 422, "category"),
        ({"territory": "150526999"}, 422, "territory"),
        ({"territory": "15"}, 422, "territory"),
        (TITLE, 400, "title"),
        ({"narrative": "字" * 5001}, 400, "narrative"),
        ({"narrative": ""}, 400, "narrative"),
        ({"narrative": "甲\x00乙"}, 400, "narrative"),
        ({"narrative": "甲\x07乙"}, 400, "narrative"),
        ({"occurred_on": "2099-01-01"}, 422, "occurred_on"),
        ({"occurred_on": "2026-02-30"}, 400, "occurred_on"),
        ({"amount": "-1"}, 422, "amount"),
        ({"amount": "viel"}, 400, "amount"),
        ({"risk": "purple"}, 400, "risk"),
        ({"parties": []}, 422, "parties"),
        ({"parties": "岳某"}, 400, "parties.non_field_errors"),
        ({"external_number": "1"}, 422, "external_system"),
        ({"centre": 999999}, 422, "centre"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_written(
    changes: dict[str, Any], status: int, field: str, ground: Ground
) -> None:
    answer = as_person(ground.clerk).post(CASES, {**LAND, **changes}, format="json")
    assert answer.status_code == status, answer.content.decode()
    assert problem_of(answer)[2] == [field]
    assert not Case.objects.exists()
    assert not Counter.objects.filter(series__startswith="case:").exists()


def test_a_closed_place_is_refused(ground: Ground) -> None:
    ground.places["150526103200"].ends_on = ground.places["150526103200"].starts_on.replace(year=2026)
    ground.places["150526103200"].save()
    answer = as_person(ground.clerk).post(CASES, LAND, format="json")
    assert problem_of(answer) == (422, "rule_broken", ["territory"])
    assert "已停用" in answer.json()["detail"]


def test_characters_of_four_bytes_are_welcome(ground: Ground) -> None:
    answer = as_person(ground.clerk).post(CASES, {**LAND, **with_party(name="𠮷某😀")}, format="json")
    assert answer.status_code == 201
    assert answer.json()["parties"][0]["name"] == "𠮷某😀"


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"a": NaN}', '{"narrative": 1, "narrative": 2}', "[" * 2000])
def test_what_is_no_such_json_is_refused(body: str, ground: Ground) -> None:
    answer = as_person(ground.clerk).post(CASES, body, content_type="application/json")
    assert problem_of(answer)[0] == 400


def test_another_content_type_is_415(ground: Ground) -> None:
    answer = as_person(ground.clerk).post(CASES, "a=1", content_type="text/plain")
    assert problem_of(answer)[0] == 415


# --- outside systems -------------------------------------------------------------------------------------


def test_an_outside_system_registers_and_sees_what_it_registered(ground: Ground) -> None:
    system = as_system(ground, "cases:read", "cases:write")
    answer = system.post(CASES, LAND, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["centre"]["name"] == "五家子村综治中心"
    assert system.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(("scopes", "status"), [((), 403), (("cases:read",), 403), (("cases:write",), 201)])
def test_writing_needs_its_scope(scopes: tuple[str, ...], status: int, ground: Ground) -> None:
    assert as_system(ground, *scopes).post(CASES, LAND, format="json").status_code == status


def test_revealing_needs_the_scope_of_personal_data(ground: Ground) -> None:
    system = as_system(ground, "cases:read", "cases:write")
    case = system.post(CASES, LAND, format="json").json()
    path = f"{CASES}{case['code']}/parties/{case['parties'][0]['uid']}/reveal/"
    assert problem_of(system.post(path, {"reason": "核对"}, format="json"))[:2] == (403, "scope_missing")


def test_calls_are_counted_and_refused_past_the_limit(ground: Ground, settings: Any) -> None:
    settings.API_PERSON_PER_MINUTE = 2
    clerk = as_person(ground.clerk)
    assert [clerk.get(CASES)["RateLimit-Remaining"] for _ in range(2)] == ["1", "0"]
    answer = clerk.get(CASES)
    assert problem_of(answer)[0] == 429
    assert int(answer["Retry-After"]) > 0
