"""The daily coordination meeting: its agenda, decisions that act at once, and the minutes."""

import re
import threading
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from intake import actions
from intake.coordination import actions as coordination_actions
from intake.coordination import queries as coordination_queries
from intake.coordination.actions import open_meeting
from intake.coordination.models import AgendaItem, CoordinationMeeting, Decision
from intake.deadlines.models import Clock
from intake.imports.actions import confirm_import, work_on_imports
from intake.models import Case
from tests.browsing import signed_in
from tests.intake import ways
from tests.intake.tables import a_call, handed_in, xlsx
from tests.office.sheets import BOTH, as_pdfs, shown, words_of
from tests.people import Ground, make_ground
from workbench.meetings.actions import Wanted, decide, dispatch_as_suggested
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
D = Decision
PRESENT = {
    "attendees": "旗综治中心韩冰\n司法局王立新",
    "absentees": "人社局赵敏",
    "observers": "巨日合镇派出所白玉山",
}


def meeting_of(ground: Ground) -> CoordinationMeeting:
    return open_meeting(ground.county_centre, actor=ground.dispatcher)


def only_item(ground: Ground) -> AgendaItem:
    return meeting_of(ground).items.select_related("case", "meeting").get()


def test_the_agenda_holds_imports_reports_returned_and_hard_cases_with_their_reason(ground: Ground) -> None:
    confirm_import(handed_in(ground, xlsx([a_call(1)])), actor=ground.dispatcher, mode="all")
    work_on_imports(seconds=30)
    ways.registered(ground)
    ways.registered(ground, channel="10")
    ways.accepted(ground)
    ways.handling(ground, complexity="hard")
    ways.handling(ground, risk="orange")
    late = ways.handling(ground)
    past = timezone.now() - timedelta(hours=1)
    Clock.objects.filter(case=late, stopped_at=None).update(
        started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None
    )
    ways.handling(ground)
    ways.closed(ground)
    reasons = [item.reason for item in meeting_of(ground).items.order_by("ordinal")]
    assert reasons == ["imported", "unsorted", "reported", "returned", "hard", "risk", "overdue"]


def test_one_meeting_a_day_whose_agenda_grows(ground: Ground) -> None:
    ways.registered(ground)
    first = meeting_of(ground)
    ways.registered(ground)
    again = open_meeting(ground.county_centre, actor=ground.manager)
    assert (first.pk, [i.ordinal for i in again.items.order_by("ordinal")]) == (again.pk, [1, 2])
    coordination_actions.close_meeting(again, actor=ground.manager, chair="李建国")
    with pytest.raises(InvalidTransition):
        meeting_of(ground)


@pytest.mark.parametrize("who", ["clerk", "handler", "leader", "stranger"])
def test_who_does_not_hold_the_meeting(ground: Ground, who: str) -> None:
    ways.registered(ground)
    person = ground.people[who]
    with pytest.raises(PermissionDenied):
        open_meeting(ground.county_centre, actor=person)
    item = only_item(ground)
    with pytest.raises(PermissionDenied):
        decide(item, Wanted(D.DEFER, note="再议"), actor=person)
    with pytest.raises(PermissionDenied):
        coordination_actions.close_meeting(item.meeting, actor=person)


def test_dispatch_accepts_first_and_hands_out(ground: Ground) -> None:
    case = ways.registered(ground)
    wanted = Wanted(D.DISPATCH, note="三日内上门", complexity="ordinary", lead=ground.justice_bureau)
    item = decide(only_item(ground), wanted, actor=ground.dispatcher)
    case.refresh_from_db()
    assert (case.status, case.holder, case.complexity) == ("dispatched", ground.justice_bureau, "ordinary")
    assert (item.decision, item.lead, item.decided_by) == ("dispatch", ground.justice_bureau, ground.dispatcher)
    verbs = [entry.verb for entry in trail_of(case)]
    assert [v for v in verbs if v in ("case_accepted", "case_dispatched", "agenda_decided")] == [
        "case_accepted",
        "case_dispatched",
        "agenda_decided",
    ]
    with pytest.raises(InvalidTransition, match="已由韩冰决定"):
        decide(item, Wanted(D.DEFER, note="再议"), actor=ground.manager)


def test_accept_guide_merge_and_defer(ground: Ground) -> None:
    cases = [ways.registered(ground) for _ in range(4)]
    items = list(meeting_of(ground).items.select_related("case", "meeting").order_by("ordinal"))
    decide(items[0], Wanted(D.ACCEPT), actor=ground.dispatcher)
    decide(items[1], Wanted(D.GUIDE, note="属劳动监察", receiver=ground.labour_bureau), actor=ground.dispatcher)
    decide(items[2], Wanted(D.MERGE, target=str(cases[0].code)), actor=ground.dispatcher)
    decide(items[3], Wanted(D.DEFER, note="等户主回来"), actor=ground.dispatcher)
    for case in cases:
        case.refresh_from_db()
    assert [case.status for case in cases] == ["accepted", "guided", "merged", "registered"]
    rows = {i.ordinal: i for i in AgendaItem.objects.all()}
    assert (rows[2].lead, rows[3].target) == (ground.labour_bureau, cases[0])
    decide(items[3], Wanted(D.ACCEPT), actor=ground.dispatcher)
    cases[3].refresh_from_db()
    assert cases[3].status == "accepted"


def test_joint_handling_needs_a_co_handler_and_names_them(ground: Ground) -> None:
    ways.registered(ground)
    item = only_item(ground)
    with pytest.raises(RuleViolation) as refused:
        decide(item, Wanted(D.JOINT, lead=ground.justice_bureau), actor=ground.dispatcher)
    assert "co_1" in refused.value.errors
    wanted = Wanted(D.JOINT, lead=ground.justice_bureau, co_handlers=(ground.labour_bureau, ground.juri_police))
    item = decide(item, wanted, actor=ground.dispatcher)
    assert set(item.co_handlers.all()) == {ground.labour_bureau, ground.juri_police}


def test_what_is_refused_leaves_nothing_half_done(ground: Ground) -> None:
    case = ways.registered(ground)
    for wanted, error in (
        (Wanted(D.DISPATCH), RuleViolation),
        (Wanted(D.GUIDE, note="属劳动监察"), RuleViolation),
        (Wanted(D.MERGE, target="ZJ0"), RuleViolation),
        (Wanted(D.DEFER), BadInput),
        (Wanted("nonsense"), RuleViolation),
    ):
        with pytest.raises(error):
            decide(only_item(ground), wanted, actor=ground.dispatcher)
    case.refresh_from_db()
    assert (case.status, only_item(ground).decision) == ("registered", "")


def test_nothing_is_decided_in_a_closed_meeting(ground: Ground) -> None:
    ways.registered(ground)
    item = only_item(ground)
    coordination_actions.close_meeting(item.meeting, actor=ground.manager)
    with pytest.raises(InvalidTransition):
        decide(item, Wanted(D.ACCEPT), actor=ground.dispatcher)


def test_what_was_not_decided_comes_up_again(ground: Ground) -> None:
    case = ways.registered(ground)
    old = meeting_of(ground)
    CoordinationMeeting.objects.filter(pk=old.pk).update(held_on=timezone.localdate() - timedelta(days=1))
    assert meeting_of(ground).items.get().case == case


def test_several_are_dispatched_as_suggested_each_for_itself(ground: Ground) -> None:
    ways.registered(ground)
    ways.registered(ground, category="")
    items = list(coordination_queries.items_of(meeting_of(ground)))
    results = dispatch_as_suggested(items, actor=ground.dispatcher)
    assert [bool(r.refusal) for r in results] == [False, True]
    assert [i.decision for i in meeting_of(ground).items.order_by("ordinal")] == ["dispatch", ""]
    assert Case.objects.get(status="dispatched").holder == ground.juri_justice


def test_another_case_of_the_centre_can_be_brought_up(ground: Ground) -> None:
    case = ways.handling(ground)
    meeting = meeting_of(ground)
    assert coordination_actions.put_on_agenda(meeting, case, actor=ground.dispatcher).reason == "added"
    elsewhere = actions.register_case(ways.an_entry(), actor=ground.town_clerk)
    with pytest.raises(RuleViolation):
        coordination_actions.put_on_agenda(meeting, elsewhere, actor=ground.dispatcher)


def test_the_page_decides_one_after_the_other(ground: Ground) -> None:
    for at in range(3):
        ways.registered(ground, title=f"第{at}件")
    client = signed_in(ground.dispatcher)
    opened = client.post("/meetings/", {"centre": ground.county_centre.pk})
    page = client.get(opened["Location"])
    assert "第0件" in page.content.decode()
    item = page.context["item"]
    address = f"{opened['Location']}items/{item.pk}/"
    sent = {"decision": "dispatch", "lead": ground.justice_bureau.pk, "complexity": "simple", "risk": "blue"}
    refused = client.post(address, {**sent, "lead": ""}, HTTP_HX_REQUEST="true")
    assert refused.status_code == 422
    assert "请选择本中心可以交办的承办单位" in refused.content.decode()
    answer = client.post(address, sent, HTTP_HX_REQUEST="true").content.decode()
    assert f'id="item-{item.pk}"' in answer
    assert 'hx-swap-oob="true"' in answer
    assert "已议 1 / 3" in answer
    assert "2. 第1件" in answer
    again = client.post(address, sent, HTTP_HX_REQUEST="true")
    assert again.status_code == 422
    chosen = [i.pk for i in AgendaItem.objects.filter(decision="")]
    after = client.post(f"{opened['Location']}bulk/", {"item": chosen}, follow=True).content.decode()
    assert "已按建议受理并交办 2 件" in after
    assert "议题都已议完" in after


def closed_with_minutes(ground: Ground, **closing: str) -> tuple[str, bytes]:
    """A meeting that decided on one of two cases: its address and its paper."""
    ways.registered(ground, title="占道经营")
    ways.registered(ground, title="拖欠工资")
    items = list(meeting_of(ground).items.select_related("case", "meeting").order_by("ordinal"))
    wanted = Wanted(D.JOINT, note="本周内", lead=ground.justice_bureau, co_handlers=(ground.labour_bureau,))
    decide(items[0], wanted, actor=ground.dispatcher)
    client = signed_in(ground.manager)
    address = f"/meetings/{items[0].meeting_id}/"
    client.post(f"{address}close/", {"chair": "李建国", "notes": "周五再看一次。", **PRESENT, **closing})
    answer = client.get(f"{address}minutes/")
    assert "attachment" in answer["Content-Disposition"]
    return address, answer.content


def test_the_minutes_hold_decisions_and_what_was_left_and_no_party(ground: Ground) -> None:
    address, content = closed_with_minutes(ground)
    paper = Document(BytesIO(content))
    text = "\n".join(p.text for p in paper.paragraphs)
    cells = "\n".join(cell.text for row in paper.tables[0].rows for cell in row.cells)
    for words in ("旗综治中心碰头会纪要", "李建国主持召开碰头会", "联动处置 1 项", "周五再看一次", "拖欠工资"):
        assert words in text
    for words in ("占道经营", "联动处置", "司法局", "协办：人社局", "本周内"):
        assert words in cells
    assert "岳某某" not in text + cells
    assert "会议已结束" in signed_in(ground.manager).get(address).content.decode()


def test_the_minutes_name_who_was_there_excused_and_sitting_in_below_the_text(ground: Ground) -> None:
    _, content = closed_with_minutes(ground)
    lines = [p.text for p in Document(BytesIO(content)).paragraphs if p.text]
    at = lines.index("出席：旗综治中心韩冰；司法局王立新")
    assert lines[at + 1 : at + 3] == ["请假：人社局赵敏", "列席：巨日合镇派出所白玉山"]
    assert at > lines.index("周五再看一次。")


def test_nobody_is_named_where_nobody_was_excused(ground: Ground) -> None:
    _, content = closed_with_minutes(ground, absentees="", observers="")
    text = "\n".join(p.text for p in Document(BytesIO(content)).paragraphs)
    assert "出席：" in text and "请假" not in text and "列席" not in text


def test_minutes_before_the_end_are_a_draft(ground: Ground) -> None:
    answer = signed_in(ground.manager).get(f"/meetings/{meeting_of(ground).pk}/minutes/")
    text = "\n".join(p.text for p in Document(BytesIO(answer.content)).paragraphs)
    assert text.startswith("草稿：会议尚未结束") and "印发" not in text


@BOTH
@pytest.mark.papers
def test_the_minutes_as_a_page_have_the_form_of_section_10_3(by: str, ground: Ground, tmp_path: Path) -> None:
    _, content = closed_with_minutes(ground, attendees="、".join(f"旗直单位{n}某某" for n in range(12)))
    pages = as_pdfs(tmp_path, {"minutes": content}, by)["minutes"]
    shown(f"meeting-{by}", tmp_path)
    found = words_of(tmp_path / "minutes.pdf")
    mark = next(word for word in found if word.text == "旗综治中心碰头会纪要")
    assert abs((mark.top + mark.bottom) / 2 - 72 - 30 * 25.4 / 72 / 2) < 3  # 35 mm below the edge of the text block
    present = next(word for word in found if word.text.startswith("出席"))
    assert abs(present.left - 28 - 2 * 16 * 25.4 / 72) < 1.5  # two characters in
    assert re.search(r"ZJ\d{19,}", "".join(pages).replace("\n", " ")) and "印发" in pages[-1]


def test_who_sees_a_meeting(ground: Ground) -> None:
    meeting = meeting_of(ground)
    for who, status in (("clerk", 200), ("manager", 200), ("leader", 200), ("stranger", 404), ("handler", 404)):
        assert signed_in(ground.people[who]).get(f"/meetings/{meeting.pk}/").status_code == status, who
    assert signed_in(ground.stranger).get(f"/meetings/{meeting.pk}/minutes/").status_code == 404
    assert "decide" not in signed_in(ground.clerk).get(f"/meetings/{meeting.pk}/").content.decode()
    with pytest.raises(NotFound):
        coordination_queries.meeting_visible_to(ground.stranger, meeting.pk)


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_page_asks_the_same_however_long_the_agenda(ground: Ground) -> None:
    case = ways.registered(ground)
    client = signed_in(ground.dispatcher)
    ways.copies(case, 9)
    address = f"/meetings/{meeting_of(ground).pk}/"
    queries_of(client, address)
    few = queries_of(client, address)
    ways.copies(case, 60, after=100)
    assert meeting_of(ground).items.count() == 70
    assert queries_of(client, address) == few


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_the_same_item_at_once_decide_it_once() -> None:
    ground = make_ground()
    ways.registered(ground)
    item = only_item(ground)
    gate, outcomes = threading.Barrier(2), []

    def one(user: Any) -> None:
        try:
            gate.wait()
            decide(item, Wanted(D.DISPATCH, lead=ground.justice_bureau), actor=user)
            outcomes.append("decided")
        except InvalidTransition:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(user,)) for user in (ground.dispatcher, ground.manager)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "refused"]
    assert Case.objects.get().handlings.count() == 1
