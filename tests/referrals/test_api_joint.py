"""Tasks, meetings and special care in the API: scope, refusals, and each look recorded."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.models import Case
from referrals import actions
from referrals.models import Meeting
from tests.intake.api import address, as_person, as_system, problem_of
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.audit.models import TrailEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(ground: Ground) -> Case:
    return ways.dispatched(ground, ground.labour_bureau)


def task_in(ground: Ground, **changes: Any) -> dict[str, Any]:
    return {"organisation": ground.justice_bureau.pk, "what": "实地丈量", **changes}


def meeting_in(ground: Ground, **changes: Any) -> dict[str, Any]:
    held = {"held_at": timezone.now().isoformat(), "place": "三楼会议室", "decided": "先丈量，再调解"}
    return {**held, "present": [ground.justice_bureau.pk], **changes}


def test_a_task_is_given_listed_and_done(ground: Ground, case: Case) -> None:
    made = as_person(ground.dispatcher).post(address(case, "tasks"), task_in(ground), format="json")
    assert (made.status_code, made.json()["organisation"]["id"]) == (201, ground.justice_bureau.pk)
    handler = as_person(ground.handler)
    assert [row["is_open"] for row in handler.get(address(case, "tasks")).json()] == [True]
    done = f"{address(case, 'tasks')}{made.json()['id']}/done/"
    assert problem_of(as_person(ground.other_handler).post(done, {"result": "已量"}))[:2] == (403, "forbidden")
    assert problem_of(handler.post(done, {"result": " "})) == (400, "invalid", ["result"])
    assert handler.post(done, {"result": "已丈量，附图"}).json()["result"] == "已丈量，附图"
    assert problem_of(handler.post(done, {"result": "再一次"}))[:2] == (409, "wrong_state")


def test_a_task_is_refused_with_the_field_that_is_wrong(ground: Ground, case: Case) -> None:
    client, where = as_person(ground.dispatcher), address(case, "tasks")
    assert problem_of(client.post(where, {}, format="json"))[2] == ["organisation", "what"]
    stranger = task_in(ground, organisation=ground.juri_police.pk)
    assert problem_of(client.post(where, stranger, format="json")) == (422, "rule_broken", ["organisation"])
    late = task_in(ground, due_on="2020-01-01")
    assert problem_of(client.post(where, late, format="json")) == (422, "rule_broken", ["due_on"])
    assert problem_of(as_person(ground.clerk).post(where, task_in(ground), format="json"))[:2] == (403, "forbidden")


def test_a_task_is_released_by_the_centre_with_a_reason(ground: Ground, case: Case) -> None:
    made = as_person(ground.dispatcher).post(address(case, "tasks"), task_in(ground), format="json").json()
    release = f"{address(case, 'tasks')}{made['id']}/release/"
    assert problem_of(as_person(ground.handler).post(release, {"reason": "不必"}))[:2] == (403, "forbidden")
    assert as_person(ground.dispatcher).post(release, {"reason": "已无必要"}).json()["release_reason"] == "已无必要"
    missing = f"{address(case, 'tasks')}999999/done/"
    assert problem_of(as_person(ground.handler).post(missing, {"result": "x"}))[:2] == (404, "not_found")


def test_a_meeting_is_recorded_with_its_tasks_or_not_at_all(ground: Ground, case: Case) -> None:
    client, where = as_person(ground.dispatcher), address(case, "meetings")
    wrong = meeting_in(ground, tasks=[task_in(ground), task_in(ground, organisation=ground.juri_police.pk)])
    assert problem_of(client.post(where, wrong, format="json"))[:2] == (422, "rule_broken")
    assert not Meeting.objects.exists()
    assert problem_of(client.post(where, meeting_in(ground, held_at="2099-01-01T09:00"), format="json"))[2] == [
        "held_at"
    ]
    made = client.post(where, meeting_in(ground, tasks=[task_in(ground)]), format="json")
    assert made.status_code == 201
    listed = as_person(ground.handler).get(where).json()
    assert [(row["place"], len(row["tasks"])) for row in listed] == [("三楼会议室", 1)]
    assert listed[0]["present"][0]["id"] == ground.justice_bureau.pk


def test_lists_cost_as_many_queries_for_many_rows(ground: Ground, case: Case) -> None:
    client = as_person(ground.dispatcher)
    with CaptureQueriesContext(connection) as one:
        client.get(address(case, "meetings"))
    for _ in range(4):
        client.post(address(case, "meetings"), meeting_in(ground, tasks=[task_in(ground)]), format="json")
    client.get(address(case, "meetings"))
    with CaptureQueriesContext(connection) as many:
        client.get(address(case, "meetings"))
    assert len(many) <= len(one) + 3  # tasks, their handlings, who was present
    with CaptureQueriesContext(connection) as tasks:
        assert len(client.get(address(case, "tasks")).json()) == 4
    assert len(tasks) <= len(many)


@pytest.mark.parametrize("act", ["tasks", "meetings", "care"])
def test_out_of_sight_is_not_found(ground: Ground, case: Case, act: str) -> None:
    for person in (ground.stranger, ground.auditor):
        assert problem_of(as_person(person).get(address(case, act)))[:2] == (404, "not_found")


def test_an_outside_system_reads_with_its_scope_and_gives_no_tasks(ground: Ground, case: Case) -> None:
    reader = as_system(ground, "cases:read")
    assert reader.get(address(case, "tasks")).status_code == 200
    assert problem_of(reader.post(address(case, "tasks"), task_in(ground), format="json"))[:2] == (
        403,
        "forbidden",
    )


def test_care_is_marked_and_each_look_leaves_its_reason(ground: Ground, case: Case) -> None:
    manager, where = as_person(ground.manager), address(case, "care")
    assert problem_of(manager.get(where))[:2] == (404, "not_found")
    assert problem_of(manager.post(where, {"reason": "love"}, format="json"))[2] == ["reason"]
    marked = manager.post(where, {"reason": "mental", "danger": 3, "notes": "独居"}, format="json")
    assert (marked.status_code, "notes" in marked.json()) == (201, False)
    assert problem_of(manager.post(where, {"reason": "mental"}, format="json"))[:2] == (409, "wrong_state")
    assert problem_of(manager.post(where + "open/", {"reason": ""}))[2] == ["reason"]
    seen = manager.post(where + "open/", {"reason": "安排随访"}).json()
    assert (seen["notes"], seen["danger"], seen["reason_label"]) == ("独居", 3, "精神卫生")
    looks = TrailEntry.objects.filter(verb="care_record_opened", chain=f"case:{case.pk}")
    assert [entry.facts["reason"] for entry in looks] == ["安排随访"]


def test_care_acts_consent_visit_and_end(ground: Ground, case: Case) -> None:
    actions.mark_care(case, actor=ground.manager, reason="mental")
    manager, where, today = as_person(ground.manager), address(case, "care"), timezone.localdate().isoformat()
    consent = {"guardian": "王父", "relation": "父亲", "means": "written", "given_on": today}
    assert manager.post(where + "consent/", consent).status_code == 204
    bare = {"danger": 2, "diagnosis": "精神分裂症"}
    assert problem_of(manager.post(where + "assess/", bare)) == (422, "rule_broken", ["diagnosed_by"])
    assert manager.post(where + "visit/", {"visited_on": today, "note": "情绪平稳"}).status_code == 204
    seen = manager.post(where + "open/", {"reason": "复核"}).json()
    assert [visit["note"] for visit in seen["visits"]] == ["情绪平稳"]
    taken_back = {"consent": seen["consents"][0]["id"], "reason": "监护人变更"}
    assert manager.post(where + "withdraw-consent/", taken_back).status_code == 204
    assert problem_of(manager.post(where + "withdraw-consent/", taken_back))[:2] == (409, "wrong_state")
    assert problem_of(manager.post(where + "withdraw-consent/", {"consent": 999999, "reason": "x"}))[0] == 404
    assert manager.post(where + "end/", {"reason": "监护已落实"}).status_code == 204
    assert problem_of(manager.get(where))[:2] == (404, "not_found")


def test_care_is_not_there_for_who_is_not_of_the_few(ground: Ground, case: Case) -> None:
    actions.mark_care(case, actor=ground.manager, reason="mental")
    for person in (ground.dispatcher, ground.handler, ground.leader):
        client = as_person(person)
        assert problem_of(client.get(address(case, "care")))[:2] == (404, "not_found")
        for act, given in (("open", {"reason": "看看"}), ("end", {"reason": "x"})):
            assert problem_of(client.post(f"{address(case, 'care')}{act}/", given))[:2] == (404, "not_found")
