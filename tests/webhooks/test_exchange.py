"""Systems above and beside hand in and are told by their profiles: once, in order, refused with a reason."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from grids.actions.api_clients import ClientTerms, open_client
from intake import actions as cases
from intake.models import Case
from tests.browsing import signed_in
from tests.intake import ways
from tests.intake.api import problem_of
from tests.people import Ground
from tests.webhooks.conftest import Receiver, a_hook
from tests.webhooks.test_webhooks import tell
from workbench.exchange.actions import note_result
from workbench.exchange.shaping import as_xml, from_xml, shaped
from workbench.models import ExchangeItem, ReportedCase, WebhookDelivery
from workbench.operations.actions.rotating import SEALED
from workbench.webhooks.actions import send_again
from zhongzhi.accounts.actions import issue_token
from zhongzhi.accounts.models import ApiClient
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db
SCOPES = ("cases:read", "cases:register", "cases:supplement", "changes:read")


def a_partner(ground: Ground, name: str = "12345", sight: str = "own") -> tuple[ApiClient, APIClient]:
    """An outside system of the centre, and how it calls."""
    client = open_client(name, ground.county_centre, ClientTerms(SCOPES, sight=sight), actor=ground.system_admin)
    calls = APIClient()
    calls.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(client).text}")
    return client, calls


def an_order(key: str, sequence: int, **changes: Any) -> dict[str, Any]:
    """An order of the hotline."""
    order: dict[str, Any] = {
        "xxid": key, "gdbh": "GD-118", "xh": sequence, "bt": "土地少三垄", "nr": "自家土地少了3垄，怀疑邻地农户多种。",
        "qhdm": "150526103200", "lb": "0901", "sqr": {"xm": "岳某某", "lxdh": "13847500001"},
    }  # fmt: skip
    return order | changes


def push(calls: APIClient, message: Any, profile: str = "hotline") -> Any:
    return calls.post(f"/api/v1/exchange/{profile}/", message, format="json")


def settled(ground: Ground, case: Case) -> Case:
    """Handled as people handle it, until the outcome is reported: a system's case is at the centre of its place."""
    accepted = cases.accept_case(case, actor=ground.village_manager)
    out = cases.dispatch_case(
        accepted, actor=ground.village_manager, organisation=ground.justice_bureau, instruction="请实地丈量"
    )
    return cases.report_outcome(cases.sign_for_case(out, actor=ground.handler), ways.REPORT, actor=ground.handler)


def test_a_hotline_pushes_corrects_and_hears_the_result_by_webhook(ground: Ground, receiver: Receiver) -> None:
    client, calls = a_partner(ground)
    a_hook(ground, receiver, client=client, profile="hotline", token="theirs")
    first = push(calls, an_order("m1", 1)).json()
    assert (first["state"], first["number"], first["times"]) == ("taken", "GD-118", 1)
    second = push(calls, an_order("m2", 2, nr="土地少了5垄。", gzly="来电补充")).json()
    assert second["case"] == first["case"]
    case = Case.objects.get()
    assert (case.code, case.narrative) == (first["case"], "土地少了5垄。")
    tell(1)
    assert receiver.taken == [], "nothing to say before there is a result"
    settled(ground, case)
    tell(2)
    tell(3)
    ((headers, body),) = receiver.taken
    assert headers["authorization"] == "Bearer theirs"
    assert headers["webhook-signature"].startswith("v1,")
    result = json.loads(body)
    assert (result["gdbh"], result["blzt"], result["bljg"]) == ("GD-118", "2", "03")
    assert result["dfnr"] == ways.REPORT.note
    assert {item.state for item in ExchangeItem.objects.all()} == {"answered"}
    case.refresh_from_db()
    cases.close_case(case, actor=ground.village_manager)
    tell(4)
    assert [json.loads(body)["blzt"] for _, body in receiver.taken] == ["2", "3"]


def test_the_same_message_again_does_nothing_and_a_late_one_does_not_undo_a_later(ground: Ground) -> None:
    _, calls = a_partner(ground)
    push(calls, an_order("m1", 1))
    push(calls, an_order("m3", 3, nr="土地少了5垄。", gzly="来电补充"))
    assert push(calls, an_order("m3", 3, nr="别的", gzly="-")).json()["times"] == 2
    late = push(calls, an_order("m2", 2, nr="土地少了4垄。", gzly="来电补充")).json()
    assert (late["state"], "更新" in late["note"]) == ("taken", True)
    assert [case.narrative for case in Case.objects.all()] == ["土地少了5垄。"]


def test_what_cannot_be_taken_is_refused_with_a_reason_kept_shown_and_taken_when_it_was_mended(ground: Ground) -> None:
    _, calls = a_partner(ground)
    answer = push(calls, an_order("m1", 1, lb="9999"))
    assert problem_of(answer)[:2] == (422, "rule_broken")
    item = ExchangeItem.objects.get()
    assert (item.state, item.reason) == ("refused", answer.json()["detail"])
    assert not Case.objects.exists()
    page = signed_in(ground.system_admin).get("/system/exchange/").content.decode()
    assert item.reason in page
    assert push(calls, an_order("m1", 1)).json()["state"] == "taken"
    assert (ExchangeItem.objects.get().state, ExchangeItem.objects.get().reason, Case.objects.count()) == (
        "taken",
        "",
        1,
    )


@pytest.mark.parametrize("without", ["xxid", "gdbh"])
def test_a_message_without_key_or_number_is_refused_and_not_kept(without: str, ground: Ground) -> None:
    _, calls = a_partner(ground)
    answer = push(calls, {name: value for name, value in an_order("m1", 1).items() if name != without})
    assert problem_of(answer) == (422, "rule_broken", [without])
    assert not ExchangeItem.objects.exists()


def test_the_court_hands_over_in_xml_and_gets_the_result_in_xml(ground: Ground, receiver: Receiver) -> None:
    client, calls = a_partner(ground, "法院调解平台")
    a_hook(ground, receiver, client=client, profile="court")
    said = as_xml(
        {
            "xxbs": "w1", "ajbs": "（2026）内0526诉前调118号", "ajmc": "土地纠纷", "jyqk": "被告多种三垄。",
            "fsddqh": "150526103200", "mdjflx": "0901", "yg": {"xm": "岳某某"}, "bg": {"xm": "付某"},
        },
        "tjxx",
    )  # fmt: skip
    answer = calls.post("/api/v1/exchange/court/", said, content_type="application/xml")
    assert answer.json()["state"] == "taken", answer.content.decode()
    settled(ground, Case.objects.get())
    tell(1)
    ((headers, body),) = receiver.taken
    assert headers["content-type"].startswith("application/xml")
    told = from_xml(body)
    assert (told["ajbs"], told["tjjg"], told["tjsm"]) == ("（2026）内0526诉前调118号", "1", ways.REPORT.note)


def test_what_the_other_side_refuses_is_shown_with_its_reason_and_sent_again_on_demand(
    ground: Ground, receiver: Receiver
) -> None:
    client, _ = a_partner(ground, "盟综治平台", sight="subtree")
    hook = a_hook(ground, receiver, client=client, profile="upper").hook
    receiver.answers, receiver.says = [422], json.dumps({"detail": "没有这个区划。"}).encode()
    case = ways.registered(ground)
    tell(1)
    row = WebhookDelivery.objects.get()
    assert (row.sent_at, row.reason) == (None, "422 没有这个区划。")
    cases.accept_case(case, actor=ground.dispatcher)
    tell(2)
    assert [event["case"]["status"] for event in receiver.events] == ["accepted"], "the next one does not wait"
    browser = signed_in(ground.system_admin)
    assert "没有这个区划。" in browser.get("/system/exchange/").content.decode()
    send_again(client.pk, hook.pk, row.pk, actor=ground.system_admin)
    tell(3)
    assert [event["id"] for event in receiver.events][-1] == str(row.uid)
    assert "没有卡住的消息" in browser.get("/system/exchange/").content.decode()


def test_an_answer_stands_with_the_message_it_is_to(ground: Ground, receiver: Receiver) -> None:
    client, calls = a_partner(ground, "盟综治平台", sight="subtree")
    _, others = a_partner(ground, "别的平台")
    a_hook(ground, receiver, client=client, profile="upper")
    ways.registered(ground)
    tell(1)
    said = {"event": receiver.events[0]["id"], "answer": "请三日内报告。"}
    assert problem_of(others.post("/api/v1/exchange/answers/", said, format="json"))[0] == 404
    assert calls.post("/api/v1/exchange/answers/", said, format="json").status_code == 200
    row = WebhookDelivery.objects.get()
    assert (row.answer, row.answered_at is not None) == ("请三日内报告。", True)


def test_reports_of_a_county_are_kept_as_they_stand_last(ground: Ground) -> None:
    client, calls = a_partner(ground, "扎鲁特旗")

    def report(key: str, sequence: int, version: int | None) -> Any:
        case = {"code": None} if version is None else {"code": "ZJ1", "version": version, "status": "handling"}
        return push(calls, {"id": key, "sequence": sequence, "code": "ZJ1", "kind": "changed", "case": case}, "upper")

    assert report("e1", 1, 4).json()["state"] == "taken"
    assert report("e3", 3, 6).json()["state"] == "taken"
    assert report("e2", 2, 5).json()["note"] != ""
    kept = ReportedCase.objects.get()
    assert (kept.client, kept.version, kept.sequence, kept.left) == (client, 6, 3, False)
    report("e4", 4, None)
    kept.refresh_from_db()
    assert (kept.left, kept.facts) == (True, {})


def test_a_profile_that_is_not_there_is_404_and_people_do_not_hand_in(ground: Ground) -> None:
    _, calls = a_partner(ground)
    assert problem_of(push(calls, {}, "mars"))[0] == 404
    own = APIClient()
    own.force_login(ground.dispatcher)
    assert problem_of(push(own, an_order("m1", 1)))[0] == 403


def test_a_code_without_a_word_in_the_map_is_refused_not_guessed() -> None:
    maps = {"status": {"closed": "3"}}
    assert shaped({"a": ["$x|status", "fixed"]}, {"x": "closed"}, maps) == {"a": ["3", "fixed"]}
    assert shaped("$x.0.y", {"x": [{"y": 7}]}, maps) == 7
    with pytest.raises(RuleViolation, match="status"):
        shaped("$x|status", {"x": "open"}, maps)


def test_xml_that_reaches_out_of_itself_reaches_nothing() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b>&x;</b></a>'
    assert "root:" not in str(from_xml(bomb))
    with pytest.raises(RuleViolation):
        from_xml(b"<a>")


def test_a_token_of_the_other_side_is_kept_sealed_and_comes_along_when_keys_change(
    ground: Ground, receiver: Receiver
) -> None:
    hook = a_hook(ground, receiver, profile="upper", token="theirs").hook
    assert b"theirs" not in bytes(hook.token_sealed or b"")
    assert "workbench_webhook.token_sealed" in map(str, SEALED)


def test_what_came_in_about_a_case_is_found_along_an_index_when_its_result_goes_out(ground: Ground) -> None:
    client, calls = a_partner(ground)
    case = push(calls, an_order("K1", 1)).json()["case"]
    with CaptureQueriesContext(connection) as asked:
        assert note_result(client, case) == 1
    update = next(one["sql"] for one in asked.captured_queries if one["sql"].startswith("UPDATE"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {update}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "exchange_item_of_case" in plan
