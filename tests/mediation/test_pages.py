"""The pages of mediation: who sees them, what they say, refusals in words, a fixed number of queries."""

import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from intake.actions import close_case
from mediation import actions
from mediation.models import Agreement, Booking, Duty, Instalment, Mediation, Session
from tests.browsing import signed_in
from tests.mediation import ways
from tests.mediation.ways import House
from tests.office.sheets import words_of_pdf
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry

LISTS = (
    "/mediation/",
    "/mediation/calendar/",
    "/mediation/all/",
    "/mediation/obligations/",
    "/mediation/confirmations/",
    "/mediation/bodies/",
    "/mediation/statistics/",
)


def text(answer: Any) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def number_of_queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(found)


def a_whole_story(ground: Ground, house: House) -> Agreement:
    mediation = ways.running(ground, house)
    ways.held(ground, mediation, house)
    return ways.in_force(ground, mediation)


def pages_of(mediation: Mediation) -> list[str]:
    head = f"/mediation/{mediation.uid}/"
    return [head, f"{head}file/", f"{head}file/all/", f"{head}file/cover/", f"/cases/{mediation.case.code}/"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_open_for_those_they_concern_and_no_one_else(path: str, ground: Ground, house: House) -> None:
    a_whole_story(ground, house)
    for person in (ground.town_mediator, ground.town_dispatcher, ground.clerk, ground.leader):
        assert signed_in(person).get(path).status_code == 200, person
    assert signed_in(ground.auditor).get(path).status_code == 403


def test_pages_of_a_mediation_and_who_does_not_see_it(ground: Ground, house: House) -> None:
    mediation = a_whole_story(ground, house).mediation
    for path in pages_of(mediation):
        assert signed_in(ground.town_mediator).get(path).status_code == 200, path
        assert signed_in(ground.stranger).get(path).status_code == 404, path
    session = Session.objects.get()
    assert signed_in(ground.town_mediator).get(f"/mediation/sessions/{session.uid}/").status_code == 200
    assert signed_in(ground.stranger).get(f"/mediation/sessions/{session.uid}/").status_code == 404


def test_papers_with_numbers_in_the_clear_are_for_those_who_handle_the_case_and_leave_a_trace(
    ground: Ground, house: House
) -> None:
    mediation = a_whole_story(ground, house).mediation
    for path in pages_of(mediation)[1:4]:
        assert signed_in(ground.leader).get(path).status_code == 403, path
    printed = signed_in(ground.town_mediator).get(f"/mediation/{mediation.uid}/file/identity/")
    assert printed["Content-Disposition"].startswith("inline") and printed["Content-Type"] == "application/pdf"
    text = words_of_pdf(printed.content)
    assert "152327196503152419" in text and ground.town_mediator.username in text
    entry = TrailEntry.objects.get(verb="mediation_papers_taken")
    assert (entry.actor_id, entry.facts["what"]) == (ground.town_mediator.pk, "print:identity")


def test_a_mediation_is_opened_from_the_dossier(ground: Ground, house: House) -> None:
    case = ways.accepted(ground)
    client = signed_in(ground.town_dispatcher)
    assert "转入调解" in text(client.get(f"/cases/{case.code}/"))
    address = f"/mediation/open/{case.code}/"
    assert "巨日合镇人民调解委员会" in client.get(address).content.decode()
    answer = client.post(address, {"mediator": str(house.mediator.pk), "origin": "application"})
    mediation = Mediation.objects.get()
    assert answer["HX-Redirect"] == f"/mediation/{mediation.uid}/"
    assert "卷宗缺" in text(client.get(f"/cases/{case.code}/"))


def test_what_cannot_be_mediated_is_refused_in_the_dialog(ground: Ground, house: House) -> None:
    case = ways.accepted(ground, category="1302")
    answer = signed_in(ground.town_dispatcher).post(
        f"/mediation/open/{case.code}/", {"mediator": str(house.mediator.pk), "origin": "application"}
    )
    assert answer.status_code == 422
    assert f'value="{house.mediator.pk}"' not in answer.content.decode(), "who may not mediate it is not offered"


def test_who_and_when_is_said_in_the_dialog_of_a_second_booking(ground: Ground, house: House) -> None:
    starts = timezone.localtime(timezone.now() + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    ways.planned(ground, ways.opened(ground, house), house, starts_at=starts)
    other = ways.opened(ground, house)
    typed = {
        "kind": "meeting",
        "starts_at": starts.strftime("%Y-%m-%dT%H:%M"),
        "minutes": "60",
        "room": str(house.room.pk),
        "mediators": [str(house.mediator.pk)],
    }
    answer = signed_in(ground.town_dispatcher).post(f"/mediation/mediation/{other.uid}/acts/plan/", typed)
    assert answer.status_code == 422
    assert f"乌云 {starts:%m月%d日} 10:00—12:00 已有安排" in text(answer)


def test_the_session_page_saves_while_one_types_and_writes_the_session_up(ground: Ground, house: House) -> None:
    session = ways.planned(ground, ways.running(ground, house), house, kind="survey", room=None, place="地头")
    client = signed_in(ground.town_mediator)
    address = f"/mediation/sessions/{session.uid}/"
    assert client.get(address).status_code == 200
    rows = {"m-0-what": "付某地块", "m-0-by_ledger": "12", "m-0-measured": "13", "m-0-unit": "垄", "m-0-party": ""}
    kept = client.post(f"{address}keep/", {"record": "开始丈量", "version": "1", **rows})
    assert "已保存" in text(kept)
    assert 'value="2"' in kept.content.decode()
    stale = client.post(f"{address}keep/", {"record": "另一台平板", "version": "1"})
    assert "已有人更新过" in text(stale)
    wrong = client.post(address, {"record": "丈量完毕", "version": "2", "do": "hold", **rows, "m-0-measured": "十三"})
    assert wrong.status_code == 422
    assert "不是数字" in text(wrong)
    assert "丈量完毕" in wrong.content.decode()
    person = session.attendees.first()
    assert person
    whole = {"record": "丈量完毕", "version": "2", "do": "hold", "result": "facts", f"came_{person.pk}": "on", **rows}
    assert client.post(address, whole).status_code == 302
    session.refresh_from_db()
    assert (session.status, session.measurements.count()) == ("held", 1)


def test_the_editor_shows_what_was_typed_again_and_names_what_is_wrong(ground: Ground, house: House) -> None:
    mediation = ways.running(ground, house)
    yue, fu = [str(p.uid) for p in mediation.case.parties.order_by("ordinal")[:2]]
    today = timezone.localdate()
    typed = {
        "form": "written",
        "facts": "事实",
        "terms": "赔偿",
        "reached_on": today.isoformat(),
        "about_status": "no",
        "o-0-debtor": fu,
        "o-0-creditor": yue,
        "o-0-kind": "money",
        "o-0-what": "赔偿青苗损失",
        "o-0-amount": "1000",
        "o-0-p-0-due_on": today.isoformat(),
        "o-0-p-0-amount": "400",
        "o-0-p-1-due_on": today.isoformat(),
        "o-0-p-1-amount": "500",
    }
    client = signed_in(ground.town_mediator)
    address = f"/mediation/{mediation.uid}/agreement/"
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "少了 100 元" in text(answer)
    assert "赔偿青苗损失" in answer.content.decode()
    assert client.post(address, {**typed, "o-0-p-1-amount": "600"}).status_code == 302
    assert [i.amount for i in Instalment.objects.order_by("ordinal")] == [400, 600]
    assert "赔偿青苗损失" in client.get(address).content.decode()
    assert signed_in(ground.leader).get(address).status_code == 403


def test_performance_is_recorded_with_its_proof_in_the_dialog(ground: Ground, house: House) -> None:
    agreement = a_whole_story(ground, house)
    row = ways.instalments(agreement)[0]
    address = f"/mediation/instalment/{row.uid}/acts/perform/"
    client = signed_in(ground.town_mediator)
    assert 'hx-encoding="multipart/form-data"' in client.get(address).content.decode()
    typed = {"on": timezone.localdate().isoformat(), "note": "当面归还", "is_whole": "on", "proofs": ways.photo()}
    assert client.post(address, typed).status_code == 200
    row.refresh_from_db()
    assert row.performed_on
    assert row.performances.get().proofs.count() == 1


def test_the_whole_file_comes_as_one_zip(ground: Ground, house: House) -> None:
    agreement = a_whole_story(ground, house)
    ways.performed(ground, agreement)
    answer = signed_in(ground.town_mediator).get(f"/mediation/{agreement.mediation.uid}/file/zip/")
    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    names = archive.namelist()
    assert archive.testzip() is None
    assert "00 全卷.docx" in names
    assert any("人民调解协议书" in name for name in names)
    for name in names:
        if name.endswith(".docx"):
            head = Document(BytesIO(archive.read(name))).sections[0].header.paragraphs[0].text
            assert "注意保密" in head and ground.town_mediator.username in head
    assert sum(name.startswith("材料/") for name in names) == 2
    listed = archive.read("文件清单（SM3）.txt").decode()
    assert all(name in listed for name in names if name != "文件清单（SM3）.txt")


def test_the_archive_is_refused_in_the_dialog_until_the_file_is_complete(ground: Ground, house: House) -> None:
    agreement = a_whole_story(ground, house)
    case = close_case(agreement.mediation.case, actor=ground.town_dispatcher)
    ways.followed_up(ground, case)
    client = signed_in(ground.town_dispatcher)
    page = text(client.get(f"/cases/{case.code}/"))
    assert "履行凭证（2 项未履行）" in page
    ways.performed(ground, agreement)
    assert "项未履行" not in text(client.get(f"/cases/{case.code}/"))


def test_the_roster_is_kept_by_the_centre_and_seen_on_the_clerks_page(ground: Ground, house: House) -> None:
    bureau = ground.labour_bureau
    type(bureau).objects.filter(pk=bureau.pk).update(presence="rotating")
    typed = {
        "organisation": str(bureau.pk),
        "day": timezone.localdate().isoformat(),
        "window": "6号窗口",
        "person": "赵敏",
        "phone": "0475-7221234",
    }
    assert signed_in(ground.clerk).post("/mediation/roster/add/", typed).status_code in (403, 422)
    assert not Duty.objects.exists()
    dispatcher = signed_in(ground.dispatcher)
    assert "窗口" in text(dispatcher.post("/mediation/roster/add/", {**typed, "window": ""}))
    assert "HX-Redirect" in dispatcher.post("/mediation/roster/add/", typed)
    assert "已有值守安排" in text(dispatcher.post("/mediation/roster/add/", {**typed, "window": "7号窗口"}))
    clerk = signed_in(ground.clerk)
    assert "6号窗口" in text(clerk.get("/"))
    assert "6号窗口" in text(clerk.get("/mediation/roster/"))
    duty = Duty.objects.get()
    assert signed_in(ground.stranger).post(f"/mediation/roster/{duty.uid}/remove/").status_code == 404
    assert clerk.post(f"/mediation/roster/{duty.uid}/remove/").status_code == 403
    dispatcher.post(f"/mediation/roster/{duty.uid}/remove/")
    assert not Duty.objects.exists()


def test_figures_show_numerator_and_denominator_and_open_their_mediations(ground: Ground, house: House) -> None:
    a_whole_story(ground, house)
    failed = ways.running(ground, house)
    actions.end_without_agreement(
        failed, actor=ground.town_mediator, reason="apart", note="分歧大", told=["litigation"]
    )
    client = signed_in(ground.town_mediator)
    page = client.get("/mediation/statistics/")
    assert "50.0%" in text(page)
    assert "1/2" in text(page)
    link = re.search(r'href="(/mediation/all/\?body=\d+&amp;status=agreed[^"]*)"', page.content.decode())
    assert link
    assert len(client.get(link[1].replace("&amp;", "&")).context["page"].items) == 1


def test_a_new_agreement_begins_with_the_day_it_was_reached_and_the_only_two_sides(
    ground: Ground, house: House
) -> None:
    """Where a side is more than one, whoever writes chooses; the day is that of the last session, else today."""
    client = signed_in(ground.town_mediator)
    for parties, chosen, is_held in ((ways.LAND[:2], 1, True), (ways.LAND, 0, False)):
        mediation = ways.running(ground, house, ways.accepted(ground, parties=parties))
        if is_held:
            ways.held(ground, mediation, house)
        html = client.get(f"/mediation/{mediation.uid}/agreement/").content.decode()
        assert re.search(rf'name="reached_on" value="{timezone.localdate().isoformat()}"', html)
        applicant, respondent = mediation.case.parties.order_by("ordinal", "pk")[:2]
        assert f'<option value="{applicant.uid}" selected>' in html
        assert (f'<option value="{respondent.uid}" selected>' in html) == bool(chosen)
        assert re.search(r'<textarea name="terms"[^>]* autofocus', html)


def test_lists_and_pages_run_the_same_queries_however_many_rows(ground: Ground, house: House) -> None:
    first = a_whole_story(ground, house).mediation
    Booking.objects.all().delete()
    ways.planned(ground, ways.running(ground, house), house, starts_at=timezone.now() + timedelta(hours=3))
    client = signed_in(ground.town_mediator)
    paths = [*LISTS, f"/mediation/{first.uid}/"]
    for path in paths:
        client.get(path)
    few = {path: number_of_queries(client, path) for path in paths}
    for _ in range(9):
        Booking.objects.all().delete()
        a_whole_story(ground, house)
    Booking.objects.all().delete()
    for n in range(6):
        ways.planned(ground, ways.running(ground, house), house, starts_at=timezone.now() + timedelta(hours=3 * n + 3))
    assert {path: number_of_queries(client, path) - few[path] for path in paths} == dict.fromkeys(paths, 0)
