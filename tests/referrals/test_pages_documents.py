"""Pages of documents: who sees what, acts in dialogs, several signed at once, a fixed number of queries."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from intake import actions as cases
from referrals import actions
from referrals.models import CareRecord, Document, DocumentKind, Purpose
from referrals.queries import documents_owed_by
from tests.browsing import signed_in
from tests.office.sheets import words_of_pdf
from tests.people import Ground
from tests.referrals import ways
from zhongzhi.files import disk

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return str(answer.content.decode())


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


PAGES = ["/documents/", "/documents/mine/", "/documents/tray/", "/documents/board/", "/tiers/", "/documents/kinds/"]


@pytest.mark.parametrize("path", PAGES)
def test_every_list_says_what_to_do_when_it_is_empty(path: str, ground: Ground) -> None:
    assert 'class="empty-title"' in text(signed_in(ground.manager).get(path)) or path == "/documents/kinds/"


@pytest.mark.parametrize("path", PAGES[:4])
def test_a_list_costs_the_same_with_many_rows(path: str, ground: Ground) -> None:
    for _ in range(3):
        ways.draft(ground)
        ways.signed(ground)
    client = signed_in(ground.manager)
    few = queries_of(client, path)
    for _ in range(8):
        ways.draft(ground)
        ways.signed(ground)
    assert queries_of(client, path) == few


def test_drafts_are_not_seen_by_the_addressee_signed_ones_are(ground: Ground) -> None:
    draft = ways.draft(ground)
    path = f"/documents/{draft.uid}/"
    assert signed_in(ground.handler).get(path).status_code == 404
    assert signed_in(ground.dispatcher).get(path).status_code == 200
    actions.sign_document(draft, actor=ground.manager)
    for person, status in (
        (ground.handler, 200),
        (ground.leader, 200),
        (ground.other_handler, 404),
        (ground.stranger, 404),
    ):
        assert signed_in(person).get(path).status_code == status, person


def test_a_document_is_signed_answered_and_accepted_in_dialogs(ground: Ground) -> None:
    draft = ways.draft(ground)
    path = f"/documents/{draft.uid}/acts/"
    assert signed_in(ground.manager).post(path + "sign/", {"version": 1})["HX-Redirect"] == f"/documents/{draft.uid}/"
    refused = signed_in(ground.handler).post(path + "answer/", {"text": ""})
    assert refused.status_code == 422
    signed_in(ground.handler).post(path + "answer/", {"text": "已整改"})
    assert "已整改" in text(signed_in(ground.manager).get(path + "decide-answer/"))
    signed_in(ground.manager).post(path + "decide-answer/", {"accepted": "yes"})
    draft.refresh_from_db()
    assert draft.status == "done"


def test_who_was_slower_is_told_and_loses_no_text(ground: Ground) -> None:
    draft = ways.draft(ground)
    sent = signed_in(ground.manager).post(
        f"/documents/{draft.uid}/acts/edit/", {"subject": "我的标题", "body": "我的正文", "version": 99}
    )
    assert sent.status_code == 422
    assert "已有人办理过" in text(sent)
    assert "我的正文" in text(sent)


def test_several_are_signed_in_the_tray_each_with_its_result(ground: Ground) -> None:
    drafts = [ways.draft(ground) for _ in range(3)]
    page = signed_in(ground.manager).get("/documents/tray/")
    assert text(page).count('name="document"') == 3
    done = signed_in(ground.manager).post("/documents/tray/", {"document": [str(d.uid) for d in drafts[:2]]})
    assert text(done).count("综督〔") >= 2
    assert Document.objects.filter(signed_by=ground.manager, kind__purpose="supervise").count() == 2
    assert signed_in(ground.dispatcher).post("/documents/tray/", {"document": [str(drafts[2].uid)]}).status_code == 200
    assert not Document.objects.get(pk=drafts[2].pk).is_signed


def test_the_file_is_given_out_as_it_was_signed_and_not_when_it_was_touched(ground: Ground) -> None:
    document = ways.signed(ground)
    answer = signed_in(ground.handler).get(f"/documents/{document.uid}/docx/")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[arg-type]
    assert document.file is not None
    path = disk.full_path(document.file.path)
    path.write_bytes(path.read_bytes() + b"x")
    assert signed_in(ground.handler).get(f"/documents/{document.uid}/docx/").status_code == 409


def test_a_page_about_a_case_with_everything_on_it(ground: Ground) -> None:
    case = ways.dispatched(ground, ground.labour_bureau)
    lead = case.handlings.get(part="lead")
    actions.give_task(case, lead, actor=ground.dispatcher, what="上门走访")
    actions.mark_care(case, actor=ground.manager, reason="mental")
    seen = text(signed_in(ground.manager).get(f"/cases/{case.code}/"))
    for word in ("单函", "多部门联动", "上门走访", "特殊关爱", "综交〔"):
        assert word in seen, word
    assert "特殊关爱 " not in text(signed_in(ground.dispatcher).get(f"/cases/{case.code}/"))
    assert signed_in(ground.dispatcher).get(f"/cases/{case.code}/care/").status_code == 404
    opened = signed_in(ground.manager).post(f"/cases/{case.code}/care/", {"reason": "了解情况"})
    assert "data-watermark" in opened.content.decode()
    assert "监护人同意" in text(opened)
    signed_in(ground.manager).post(
        f"/cases/{case.code}/care/consent/",
        {"guardian": "王某兄", "relation": "兄", "means": "written", "given_on": "2026-11-01"},
    )
    assert CareRecord.objects.get().consents.count() == 1


@pytest.mark.parametrize(
    "name", ["dispatch", "hand-down", "add-task", "meeting", "release-part", "draft", "mark-care", "add-co-handlers"]
)
def test_every_dialog_of_a_case_opens(name: str, ground: Ground) -> None:
    case = ways.dispatched(ground, ground.labour_bureau)
    answer = signed_in(ground.manager).get(f"/cases/{case.code}/acts/{name}/")
    assert answer.status_code == 200
    assert "sheet-title" in text(answer)


def test_letters_meetings_and_tasks_are_made_in_their_dialogs(ground: Ground) -> None:
    case = ways.dispatched(ground, ground.labour_bureau)
    client, path = signed_in(ground.manager), f"/cases/{case.code}/acts/"
    lead = case.handlings.get(part="lead")
    sent = client.post(
        path + "draft/", {"kind": ways.kind(Purpose.SUPERVISE).pk, "trigger": "not_handled", "level": ""}
    )
    assert sent.status_code == 422
    assert client.post(
        path + "draft/", {"kind": ways.kind(Purpose.SUPERVISE).pk, "trigger": "not_handled", "level": "yellow"}
    ).headers["HX-Redirect"]
    draft = Document.objects.get(status="draft")
    assert "属应办理未办理事项" in draft.body
    client.post(path + "meeting/", {"held_at": "2026-11-20T09:00", "place": "镇综治中心", "decided": "分头走访",
                                    "handling_1": lead.pk, "task_1": "走访岳某"})  # fmt: skip
    assert [task.what for task in case.tasks.all()] == ["走访岳某"]
    task = case.tasks.get()
    done = signed_in(ground.handler).post(f"/cases/{case.code}/tasks/{task.pk}/done/", {"result": "已走访"})
    assert done.headers["HX-Redirect"]
    co = case.handlings.get(part="co")
    client.post(path + "release-part/", {"handling": co.pk, "reason": "无关"})
    co.refresh_from_db()
    assert co.close_reason == "released"


def test_a_kind_is_changed_from_a_day_on_by_those_who_may(ground: Ground) -> None:
    old = ways.kind(Purpose.REMIND)
    path = f"/documents/kinds/{old.pk}/"
    assert signed_in(ground.handler).get(path).status_code == 403
    assert signed_in(ground.town_manager).get(path).status_code == 403
    page = signed_in(ground.system_admin).get(path)
    assert page.status_code == 200
    values = {name: field.value() if field.value() is not None else "" for name, field in
              ((f.name, f) for f in page.context["form"])}  # fmt: skip
    values |= {"word": "醒", "starts_on": "2026-12-01", "body_template": "{{ nobody }}"}
    values = {k: v for k, v in values.items() if v is not False}
    wrong = signed_in(ground.system_admin).post(path, values)
    assert wrong.status_code == 422
    assert "可用的词" in text(wrong)
    values |= {"body_template": "{{ subject_matter }}", "starts_on": "2999-01-01"}
    assert signed_in(ground.system_admin).post(path, values).status_code == 302
    assert DocumentKind.objects.filter(code="reminder").count() == 2
    assert ways.kind(Purpose.REMIND) == old


def test_the_words_being_written_are_previewed_on_examples_and_nothing_is_kept(ground: Ground) -> None:
    kind = ways.kind(Purpose.REMIND)
    path = f"/documents/kinds/{kind.pk}/preview/"
    words = {"subject_template": "关于{{ subject_matter }}的函", "body_template": "{{ addressee }}应于三日内回复。"}
    shown = text(signed_in(ground.manager).post(path, words))
    assert "关于办理超期的函" in shown and "司法局应于三日内回复。" in shown and "草稿" in shown
    wrong = text(
        signed_in(ground.manager).post(path, words | {"body_template": "{% for a in range(9) %}x{% endfor %}"})
    )
    assert "循环只能逐项列出" in wrong and "sheet-paper" not in wrong
    assert path in text(signed_in(ground.manager).get(f"/documents/kinds/{kind.pk}/"))
    assert signed_in(ground.handler).post(path, words).status_code == 403
    assert DocumentKind.objects.filter(code=kind.code).count() == 1


def test_escalations_are_listed_in_and_out(ground: Ground) -> None:
    from intake import actions as cases
    from tests.people import an_entry

    case = cases.register_case(an_entry(title="上提的案件"), actor=ground.village_manager)
    cases.accept_case(case, actor=ground.village_manager)
    cases.escalate_case(case, actor=ground.village_manager, reason="村里办不了")
    assert "上提的案件" in text(signed_in(ground.town_manager).get("/tiers/"))
    assert "上提的案件" not in text(signed_in(ground.town_manager).get("/tiers/?way=out"))
    assert "上提的案件" in text(signed_in(ground.village_manager).get("/tiers/?way=out"))


def test_home_says_how_many_wait_for_a_signature_and_shows_what_is_to_be_answered(ground: Ground) -> None:
    ways.draft(ground)
    letter = ways.signed(ground)
    assert "待我签发" in text(signed_in(ground.manager).get("/"))
    seen = text(signed_in(ground.handler).get("/"))
    assert letter.subject in seen and f"/documents/{letter.uid}/acts/receive/?back=here" in seen
    assert "待我签发" not in seen


def test_what_a_slip_owes_next_is_what_its_handling_owes(ground: Ground) -> None:
    case = ways.dispatched(ground, complexity="ordinary")
    sign, handle = (case.clocks.get(kind=kind, stopped_at=None) for kind in ("sign", "handle"))
    slip = documents_owed_by(ground.handler).get()
    assert slip.next_due == sign.due_at
    cases.sign_for_case(case, actor=ground.handler)
    slip = documents_owed_by(ground.handler).get()
    assert slip.next_due == handle.due_at
    assert "办理期限" in text(signed_in(ground.handler).get(f"/documents/{slip.uid}/"))
    cases.ask_extension(case, actor=ground.handler, reason="等待鉴定")
    cases.decide_extension(case, actor=ground.manager, granted=True)
    handle.refresh_from_db()
    assert documents_owed_by(ground.handler).get().next_due == handle.due_at > slip.next_due


def test_who_prints_the_signed_paper_stands_in_the_trail_and_not_on_it(ground: Ground) -> None:
    case = ways.dispatched(ground)
    slip = case.documents.get(kind__purpose=Purpose.DISPATCH)
    printed = words_of_pdf(signed_in(ground.dispatcher).get(f"/documents/{slip.uid}/paper/").content)
    assert str(slip.number) in printed and ground.dispatcher.username not in printed
    letter = ways.signed(ground)
    printed = words_of_pdf(signed_in(ground.dispatcher).get(f"/documents/{letter.uid}/paper/").content)
    assert str(letter.number) in printed and ground.dispatcher.username not in printed


def test_what_is_signed_and_held_back_goes_out_when_it_is_issued(ground: Ground) -> None:
    held, at_once = ways.draft(ground), ways.draft(ground)
    client = signed_in(ground.manager)
    path = f"/documents/{held.uid}/acts/"
    page = client.get(f"{path}sign/").content.decode()
    assert "先不印发" in page and "不选的，签发后立即印发" in page
    client.post(f"{path}sign/", {"held": "on"})
    client.post(f"/documents/{at_once.uid}/acts/sign/")
    for document in (held, at_once):
        document.refresh_from_db()
    assert (held.status, held.issued_at, at_once.status) == ("signed", None, "issued")
    assert held.number and f"{path}issue/" in client.get(f"/documents/{held.uid}/").content.decode()
    client.post(f"{path}issue/")
    held.refresh_from_db()
    assert held.status == "issued" and held.issued_at is not None


def test_a_program_may_hold_back_what_it_signs(ground: Ground) -> None:
    held = ways.draft(ground)
    at = f"/api/v1/referrals/{held.uid}/"
    client = signed_in(ground.manager)
    answer = client.post(f"{at}sign/", {"held": True}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "signed")
    answer = client.post(f"{at}issue/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "issued")
