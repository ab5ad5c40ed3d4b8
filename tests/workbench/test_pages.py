"""Home, list, dossier, acts and files through pages: who sees what, and at what cost."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.actions import reveal_party
from intake.models import Case
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from zhongzhi import alive
from zhongzhi.accounts.actions import set_number
from zhongzhi.accounts.security_rules import RuleName
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.tasks_base import note_beat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def text(answer: Any) -> str:
    return str(answer.content.decode())


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_each_sees_at_home_what_waits_for_their_post(ground: Ground) -> None:
    registered, dispatched, concluded = ways.registered(ground), ways.dispatched(ground), ways.concluded(ground)
    sections = {s.name: [c.pk for c in s.first] for s in signed_in(ground.dispatcher).get("/").context["sections"]}
    assert (sections["triage"], sections["review"], sections["dispatch"]) == ([registered.pk], [concluded.pk], [])
    sections = {s.name: [c.pk for c in s.first] for s in signed_in(ground.handler).get("/").context["sections"]}
    assert sections == {"sign": [dispatched.pk], "handle": [], "mine": []}


def test_a_case_that_is_asked_to_be_extended_waits_for_a_decision(ground: Ground) -> None:
    case = ways.handling(ground, complexity="ordinary")
    ways.actions.ask_extension(case, actor=ground.handler, reason="等待鉴定")
    names = {s.name: s.total for s in signed_in(ground.dispatcher).get("/").context["sections"]}
    assert names["decide"] == 1
    assert "等待鉴定" in text(signed_in(ground.dispatcher).get(f"/cases/{case.code}/"))


def test_someone_without_a_post_is_told_whom_to_ask(ground: Ground) -> None:
    from zhongzhi.accounts.actions import create_user

    assert "您目前没有任职" in text(signed_in(create_user(username="neu", name="新人")).get("/"))


@pytest.mark.parametrize("path", ["/", "/cases/", "/todo/triage/", "/cases/?ordering=due&open=true"])
def test_lists_run_the_same_queries_for_10_and_for_500_cases(path: str, ground: Ground) -> None:
    case = ways.registered(ground)
    ways.copies(case, 9)
    dispatcher = signed_in(ground.dispatcher)
    dispatcher.get(path)
    few = queries(dispatcher, path)
    ways.copies(case, 490, after=100)
    many = queries(dispatcher, path)
    assert many - few <= (1 if path == "/" else 0), "one more at home: the count of a list that is longer than shown"


def test_the_dossier_runs_the_same_queries_however_long_its_story(ground: Ground) -> None:
    case = ways.handling(ground)
    dispatcher = signed_in(ground.dispatcher)
    dispatcher.get(f"/cases/{case.code}/")
    few = queries(dispatcher, f"/cases/{case.code}/")
    for _ in range(3):
        ways.actions.report_outcome(case, ways.REPORT, actor=ground.handler)
        ways.actions.send_back(case, actor=ground.dispatcher, reason="缺照片")
    assert queries(dispatcher, f"/cases/{case.code}/") == few


def test_pages_of_the_list_hold_every_case_once(ground: Ground) -> None:
    ways.copies(ways.registered(ground), 69)
    clerk, seen, cursor = signed_in(ground.clerk), [], ""
    while cursor is not None:
        page = clerk.get("/cases/", {"cursor": cursor} if cursor else {}).context["page"]
        seen += [case.pk for case in page.items]
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == 70


def test_the_list_is_filtered_and_says_when_nothing_fits(ground: Ground) -> None:
    ways.registered(ground)
    clerk = signed_in(ground.clerk)
    assert "土地少三垄" in text(clerk.get("/cases/?status=registered&territory=150526103"))
    assert "没有符合条件的案件" in text(clerk.get("/cases/?status=closed"))
    assert "没有代码为 9999 的纠纷类别" in text(clerk.get("/cases/?category=9999"))


def test_a_stranger_from_another_town_finds_nothing(ground: Ground) -> None:
    case = ways.registered(ground)
    file = ways.actions.attach_file(case, SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n"), actor=ground.clerk)
    party = case.parties.first()
    assert party is not None
    stranger, base = signed_in(ground.stranger), f"/cases/{case.code}/"
    for path in ("", "edit/", "acts/accept/", "parts/organisations/", f"files/{file.file_id}/"):
        assert stranger.get(base + path).status_code == 404, path
    for path in ("edit/", "acts/accept/", "files/", f"files/{file.file_id}/remove/", f"parties/{party.uid}/reveal/"):
        assert stranger.post(base + path, {"reason": "x"}).status_code == 404, path
    assert case.code not in text(stranger.get("/cases/")) + text(stranger.get("/"))


def test_numbers_are_masked_in_every_page(ground: Ground) -> None:
    case = ways.registered(ground)
    for path in (f"/cases/{case.code}/", f"/cases/{case.code}/edit/", "/cases/", "/"):
        shown = text(signed_in(ground.clerk).get(path))
        assert "152327196503152419" not in shown
        assert "13847500001" not in shown
    assert "岳*某" in text(signed_in(ground.leader).get(f"/cases/{case.code}/"))


def test_an_act_is_done_in_its_dialog(ground: Ground) -> None:
    case = ways.accepted(ground)
    client, path = signed_in(ground.dispatcher), f"/cases/{case.code}/acts/dispatch/"
    assert "承办单位" in text(client.get(path))
    answer = client.post(path, {"organisation": str(ground.juri_justice.pk), "version": str(case.version)})
    assert answer["HX-Redirect"] == f"/cases/{case.code}/"
    case.refresh_from_db()
    assert (case.status, case.holder) == ("dispatched", ground.juri_justice)


@pytest.mark.parametrize(
    ("act", "data", "says"),
    [
        ("dispatch", {"organisation": ""}, "请选择本中心可以交办的承办单位"),
        ("dispatch", {"organisation": "999999"}, "请从列表中选择单位"),
        ("dispatch", {"organisation": "x"}, "请从列表中选择单位"),
        ("guide", {"way": "guide", "note": "属劳动监察"}, "请写明导引至哪个单位"),
        ("suspend", {"reason": ""}, "必填"),
        ("sign", {}, "目前没有承办单位"),
        ("close", {}, "现在可以办理"),
    ],
)
def test_a_refused_act_says_why_in_the_dialog_and_changes_nothing(
    act: str, data: dict[str, str], says: str, ground: Ground
) -> None:
    case = ways.accepted(ground)
    answer = signed_in(ground.dispatcher).post(f"/cases/{case.code}/acts/{act}/", data)
    assert answer.status_code == 422
    assert says in text(answer)
    case.refresh_from_db()
    assert case.status == "accepted"


def test_an_act_that_does_not_exist_is_404(ground: Ground) -> None:
    case = ways.registered(ground)
    assert signed_in(ground.clerk).get(f"/cases/{case.code}/acts/explode/").status_code == 404


def test_the_usual_lead_of_the_category_and_those_near_come_first(ground: Ground) -> None:
    case = ways.accepted(ground)
    lines = text(signed_in(ground.dispatcher).get(f"/cases/{case.code}/parts/organisations/"))
    assert lines.index("巨日合镇司法所") < lines.index("司法局")


def test_files_are_refused_one_by_one_and_named(ground: Ground) -> None:
    case = ways.registered(ground)
    good = SimpleUploadedFile("台账.pdf", b"%PDF-1.4\n%%EOF\n")
    bad = SimpleUploadedFile("照片.jpg", b"<!doctype html><script>1</script>")
    answer = signed_in(ground.clerk).post(f"/cases/{case.code}/files/", {"file": [good, bad]}, follow=True)
    assert "已上传 台账.pdf" in text(answer)
    assert "照片.jpg：" in text(answer)
    assert case.attachments.count() == 1


def test_an_upload_of_40_mb_is_refused_with_the_limit_in_words(ground: Ground) -> None:
    case = ways.registered(ground)
    file = SimpleUploadedFile("大.mp4", b"0" * (40 * 1024 * 1024))
    answer = signed_in(ground.clerk).post(f"/cases/{case.code}/files/", {"file": file})
    assert answer.status_code == 413
    assert "单个文件最大 20 MB" in text(answer)


def test_a_file_is_taken_out_as_an_attachment_and_that_is_recorded(ground: Ground) -> None:
    case = ways.registered(ground)
    row = ways.actions.attach_file(case, SimpleUploadedFile("台账.pdf", b"%PDF-1.4\n%%EOF\n"), actor=ground.clerk)
    answer = signed_in(ground.dispatcher).get(f"/cases/{case.code}/files/{row.file_id}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_to_look_at_sealed_numbers_needs_a_reason(ground: Ground) -> None:
    case = ways.registered(ground)
    party = case.parties.get(ordinal=1)
    client, path = signed_in(ground.clerk), f"/cases/{case.code}/parties/{party.uid}/reveal/"
    assert "152327196503152419" not in text(client.get(path))
    refused = client.post(path, {"reason": ""})
    assert (refused.status_code, "请填写理由" in text(refused)) == (422, True)
    assert "152327196503152419" in text(client.post(path, {"purpose": "contact", "reason": "电话通知"}))
    assert signed_in(ground.leader).post(path, {"purpose": "other", "reason": "看看"}).status_code == 403


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"purpose": "contact", "reason": "."}, "请写明具体理由"),
        ({"purpose": "contact", "reason": "……"}, "请写明具体理由"),
        ({"purpose": "", "reason": "电话通知"}, "请选择查看用途"),
        ({"purpose": "curious", "reason": "电话通知"}, "请选择查看用途"),
    ],
)
def test_a_look_asks_for_a_purpose_of_the_list_and_a_reason_in_words(
    ground: Ground, typed: dict[str, str], said: str
) -> None:
    case = ways.registered(ground)
    path = f"/cases/{case.code}/parties/{case.parties.get(ordinal=1).uid}/reveal/"
    answer = signed_in(ground.clerk).post(path, typed)
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert "152327196503152419" not in text(answer)
    assert f'value="{typed["reason"]}"' in text(answer)


def test_who_looks_too_often_in_an_hour_waits_and_the_manager_hears_of_it_once(ground: Ground) -> None:
    set_number(RuleName.LOOKS_AN_HOUR, 3, ground.security_admin, "收紧")
    set_number(RuleName.LOOKS_AT_MOST, 5, ground.security_admin, "收紧")
    case = ways.registered(ground)
    party = case.parties.get(ordinal=1)
    client, path = signed_in(ground.clerk), f"/cases/{case.code}/parties/{party.uid}/reveal/"
    typed = {"purpose": "contact", "reason": "电话通知"}
    assert [client.post(path, typed).status_code for _ in range(6)] == [200] * 5 + [422]
    assert "请稍后再看" in text(client.post(path, typed))
    told = OutboxMessage.objects.filter(payload__kind="many_looks")
    assert [(row.payload["user"], row.payload["title"]) for row in told] == [
        (ground.manager.pk, f"{ground.clerk.name}一小时内已查看完整号码 4 次")
    ]
    assert signed_in(ground.dispatcher).post(path, typed).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        reveal_party(case, party.uid, actor=ground.clerk, **typed)


def test_readiness_tells_what_is_wrong(db: None) -> None:
    for who in (alive.BEAT, alive.WORKER):
        alive.note(who)
    note_beat()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "faults": {}})
    cache.delete(alive.BEAT)
    answer = Client().get("/readyz")
    assert (answer.status_code, list(answer.json()["faults"])) == (503, ["beat"])


def test_the_stages_skip_what_the_case_never_went_through(ground: Ground) -> None:
    from workbench.dossier import dossier_of

    own = ways.actions.take_up_case(ways.accepted(ground), actor=ground.dispatcher)
    assert [s.label for s in dossier_of(ground.dispatcher, str(own.code)).stages][2] == "办理中"
    case = ways.in_state(ground, ways.State.SUSPENDED)
    stages = dossier_of(ground.dispatcher, str(Case.objects.get(pk=case.pk).code)).stages
    assert [s.mark for s in stages] == ["done", "done", "done", "now", "", ""]


def test_a_leader_sees_the_year_what_is_late_and_the_cases_they_lead(ground: Ground) -> None:
    case = ways.handling(ground, risk="red")
    home = signed_in(ground.leader).get("/")
    glance = home.context["glance"]
    assert (glance.place.code, glance.red, glance.overdue) == ("150526", 1, 0)
    assert {s.name: [c.pk for c in s.first] for s in home.context["sections"]} == {"in-charge": [case.pk]}
    assert "红色风险在办" in text(home)
    assert signed_in(ground.clerk).get("/").context["glance"] is None
