"""The acts over REST: done, not open to everyone, in the wrong state, too late."""

from typing import Any

import pytest
from django.urls import resolve

from grids.models import Organisation
from intake.available_actions import ACTS
from intake.models import Case
from tests.intake import ways
from tests.intake.api import address, as_person, as_system, problem_of
from tests.people import Ground

pytestmark = pytest.mark.django_db
HEARD = {"way": "phone", "reached": True, "performance": "done", "satisfaction": 4}
REPORT = {"outcome": "peoples_mediation", "note": "重新丈量，各自归还。"}


def do(user: Any, case: Case, act: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
    return as_person(user).post(address(case, act), body or {}, format="json", **headers)


def test_a_case_goes_its_whole_way_by_calls(ground: Ground) -> None:
    case = ways.registered(ground)
    steps: tuple[tuple[Any, str, dict[str, Any], str], ...] = (
        (ground.dispatcher, "accept", {"risk": "yellow", "note": "涉地"}, "accepted"),
        (ground.dispatcher, "dispatch", {"organisation": ground.juri_justice.pk}, "dispatched"),
        (ground.town_handler, "sign", {}, "handling"),
        (ground.town_handler, "ask-extension", {"reason": "等待降雪停止"}, "handling"),
        (ground.dispatcher, "decide-extension", {"granted": True}, "handling"),
        (ground.dispatcher, "suspend", {"reason": "等待鉴定"}, "suspended"),
        (ground.dispatcher, "resume", {}, "handling"),
        (ground.town_handler, "report-outcome", REPORT, "concluded"),
        (ground.dispatcher, "send-back", {"reason": "缺少照片"}, "handling"),
        (ground.town_handler, "report-outcome", REPORT, "concluded"),
        (ground.manager, "close", {"note": "同意"}, "closed"),
        (ground.manager, "reopen", {"reason": "未按约归还"}, "handling"),
        (ground.town_handler, "report-outcome", REPORT, "concluded"),
        (ground.manager, "close", {}, "closed"),
        (
            ground.manager,
            "follow-up",
            {"way": "phone", "reached": True, "performance": "done", "satisfaction": 4},
            "closed",
        ),
        (ground.manager, "archive", {}, "archived"),
    )
    Case.objects.filter(pk=case.pk).update(complexity="ordinary")
    for user, act, body, state in steps:
        answer = do(user, case, act, body)
        assert answer.status_code == 200, (act, answer.content.decode())
        assert answer.json()["status"] == state, act


@pytest.mark.parametrize("act", [act for act in ACTS if act.event and act.in_api], ids=lambda act: act.name)
def test_a_move_that_the_table_does_not_hold_is_409(act: Any, ground: Ground) -> None:
    case = ways.in_state(ground, ways.State.HANDLING if act.name == "restore" else ways.State.ARCHIVED)
    body = {
        "reason": "x",
        "note": "x",
        "outcome": "settlement",
        "organisation": ground.justice_bureau.pk,
        "receiver": ground.justice_bureau.pk,
        "target": ways.registered(ground).code,
        "review_on": "2099-01-01",
        "centre": ground.juri_centre.pk,
        "text": "x",
        "on": "2026-01-01",
        "words": "x",
        "answer": "x",
        "taken": True,
        "answered_on": "2026-01-01",
    }
    taken = resolve(address(case, act.name)).func.view_class.serializer_class().fields
    answer = do(ground.manager, case, act.name, {name: value for name, value in body.items() if name in taken})
    assert problem_of(answer)[:2] == (409, "wrong_state"), act.name
    case.refresh_from_db()
    assert case.status == ("handling" if act.name == "restore" else "archived")


@pytest.mark.parametrize(
    ("state", "act", "body"),
    [
        ("registered", "accept", {}),
        ("registered", "guide", {"receiver": 0, "note": "x"}),
        ("accepted", "dispatch", {"organisation": 0}),
        ("concluded", "close", {}),
        ("concluded", "send-back", {"reason": "x"}),
        ("dispatched", "sign", {}),
        ("handling", "report-outcome", REPORT),
    ],
)
def test_what_ones_post_does_not_include_is_403(state: str, act: str, body: dict[str, Any], ground: Ground) -> None:
    case = ways.in_state(ground, ways.State(state))
    Case.objects.filter(pk=case.pk).update(complexity="hard")
    filled = {k: ground.labour_bureau.pk if v == 0 else v for k, v in body.items()}
    answer = do(ground.clerk, case, act, filled)
    assert problem_of(answer)[:2] == (403, "forbidden")
    case.refresh_from_db()
    assert case.status == state


def test_who_saw_an_older_version_is_told_who_was_faster(ground: Ground) -> None:
    case = ways.registered(ground)
    tag = as_person(ground.dispatcher).get(address(case))["ETag"]
    assert do(ground.manager, case, "accept").status_code == 200
    answer = do(ground.dispatcher, case, "withdraw", {"reason": "x"}, HTTP_IF_MATCH=tag)
    assert problem_of(answer)[:2] == (412, "changed_meanwhile")
    assert "李建国" in answer.json()["detail"]


def test_an_if_match_that_is_no_version_is_400(ground: Ground) -> None:
    answer = do(ground.dispatcher, ways.registered(ground), "accept", HTTP_IF_MATCH="latest")
    assert problem_of(answer) == (400, "invalid", ["If-Match"])


@pytest.mark.parametrize(
    ("act", "body", "status", "field"),
    [
        ("dispatch", {}, 400, "organisation"),
        ("dispatch", {"organisation": 999999}, 422, "organisation"),
        ("guide", {"note": "x"}, 422, "receiver"),
        ("suspend", {}, 400, "reason"),
        ("suspend", {"reason": " "}, 400, "reason"),
        ("regrade", {"risk": "purple", "reason": "x"}, 400, "risk"),
        ("regrade", {"reason": "x"}, 422, "risk"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    act: str, body: dict[str, Any], status: int, field: str, ground: Ground
) -> None:
    case = ways.accepted(ground)
    answer = do(ground.dispatcher, case, act, body)
    assert (answer.status_code, problem_of(answer)[2]) == (status, [field])
    case.refresh_from_db()
    assert case.status == "accepted"


def test_an_unresolved_case_names_the_road_it_was_led_to(ground: Ground) -> None:
    answer = do(ground.handler, ways.handling(ground), "report-outcome", {"outcome": "unresolved", "note": "谈不拢"})
    assert problem_of(answer) == (422, "rule_broken", ["road"])


def test_an_organisation_that_has_ended_is_no_choice(ground: Ground) -> None:
    case = ways.accepted(ground)
    Organisation.objects.filter(pk=ground.labour_bureau.pk).update(ends_on="2026-01-01")
    answer = do(ground.dispatcher, case, "dispatch", {"organisation": ground.labour_bureau.pk})
    assert problem_of(answer)[2] == ["organisation"]


def test_the_same_key_signs_once(ground: Ground) -> None:
    case = ways.dispatched(ground)
    first = do(ground.handler, case, "sign", HTTP_IDEMPOTENCY_KEY="s-1")
    again = do(ground.handler, case, "sign", HTTP_IDEMPOTENCY_KEY="s-1")
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (200, 200, "true")


def test_an_outside_system_does_no_acts_of_the_office(ground: Ground) -> None:
    system = as_system(ground, "cases:read", "cases:write")
    answer = system.post(address(ways.registered(ground), "accept"), {}, format="json")
    assert problem_of(answer)[:2] == (403, "forbidden")


def test_to_reveal_is_an_act_with_a_reason_and_recorded(ground: Ground) -> None:
    case = ways.registered(ground)
    party = case.parties.order_by("ordinal").first()
    assert party is not None
    path = address(case, f"parties/{party.uid}/reveal")
    clerk = as_person(ground.clerk)
    assert problem_of(clerk.post(path, {"purpose": "contact", "reason": " "}, format="json")) == (
        400,
        "invalid",
        ["reason"],
    )
    assert problem_of(clerk.post(path, {"reason": "电话通知到场"}, format="json")) == (400, "invalid", ["purpose"])
    body = clerk.post(path, {"purpose": "contact", "reason": "电话通知到场"}, format="json").json()
    assert body["paper_number"] == "152327196503152419"
    assert (
        problem_of(as_person(ground.leader).post(path, {"purpose": "other", "reason": "看看"}, format="json"))[0] == 403
    )
