"""The joint analysis of a week or month (研判会): its agenda of warnings, hard, hung-up and lapsed cases of the whole
territory, evidence by sight, decisions that act, minutes; and the report on risks."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from intake import actions
from intake.coordination import queries as coordination_queries
from intake.coordination.actions import open_meeting
from intake.coordination.models import AgendaItem, CoordinationMeeting, Decision, MeetingKind
from intake.deadlines.models import Clock
from intake.models import Case
from tests.early_warning.ways import quarrel, swept, three_quarrels
from tests.intake import ways
from tests.office.sheets import BOTH, as_pdfs, shown, words_of_pdf
from tests.people import Ground, an_entry
from workbench.meetings.actions import Wanted, decide, open_sitting
from workbench.meetings.paper import paper_of
from workbench.meetings.queries import risks_of
from zhongzhi.core.errors import PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
WEEKLY = MeetingKind.WEEKLY


def weekly(ground: Ground) -> CoordinationMeeting:
    return open_sitting(ground.county_centre, actor=ground.dispatcher, kind=WEEKLY)


def reasons(meeting: CoordinationMeeting) -> dict[int, str]:
    return dict(AgendaItem.objects.filter(meeting=meeting).values_list("case", "reason"))


def test_the_agenda_is_made_of_warnings_hard_hung_up_and_lapsed_cases_of_the_whole_territory(ground: Ground) -> None:
    three = three_quarrels(ground)
    swept(*three)
    quarrel(ground, "张一", "李二")
    hard = ways.handling(ground, complexity="hard")
    resting = actions.suspend_case(ways.handling(ground), actor=ground.dispatcher, reason="等待鉴定")
    late = ways.handling(ground)
    past = timezone.now() - timedelta(hours=1)
    running = Clock.objects.filter(case=late, stopped_at=None)
    running.update(started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None)
    assert reasons(weekly(ground)) == {
        hard.pk: "hard", resting.pk: "hung_up", late.pk: "lapsed", three[2].pk: "warned",
    }  # fmt: skip


def test_a_case_of_a_town_stands_on_the_analysis_and_not_on_the_county_day(ground: Ground) -> None:
    of_town = actions.register_case(an_entry(risk="orange"), actor=ground.town_clerk)
    daily = open_meeting(ground.county_centre, actor=ground.dispatcher)
    assert reasons(daily) == {}
    assert reasons(weekly(ground)) == {of_town.pk: "risk"}
    assert CoordinationMeeting.objects.count() == 2


def test_opened_again_it_goes_on_and_repeats_nothing(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    first, again = weekly(ground), weekly(ground)
    assert first.pk == again.pk
    assert len(reasons(again)) == 1


def test_who_sits_sees_the_evidence_by_sight(ground: Ground, client: Client) -> None:
    three = three_quarrels(ground)
    swept(*three)
    meeting = weekly(ground)
    item = AgendaItem.objects.get(meeting=meeting)
    client.force_login(ground.dispatcher)
    page = client.get(f"/meetings/{meeting.pk}/items/{item.pk}/").content.decode()
    assert "同一双方 180 天内第 3 次" in page
    assert str(three[0].code) in page
    Case.objects.filter(pk=three[2].pk).update(is_restricted=True)
    assert list(coordination_queries.agenda_for(ground.dispatcher, meeting)) == []
    assert client.get(f"/meetings/{meeting.pk}/items/{item.pk}/").status_code == 404


def test_a_decision_acts_and_the_minutes_carry_the_name_of_the_meeting(ground: Ground, client: Client) -> None:
    case = ways.accepted(ground, risk="orange")
    client.force_login(ground.dispatcher)
    assert client.post("/meetings/", {"kind": "monthly"}).status_code == 302
    meeting = CoordinationMeeting.objects.get(kind="monthly")
    item = AgendaItem.objects.get(meeting=meeting, case=case)
    decide(item, Wanted(Decision.DISPATCH, lead=ground.justice_bureau, note="限三日内上门"), actor=ground.dispatcher)
    assert Case.objects.get(pk=case.pk).status == "dispatched"
    client.post(f"/meetings/{meeting.pk}/close/", {"chair": "韩冰", "attendees": "旗公安局、司法局、法院、信访局"})
    paper = Document(BytesIO(client.get(f"/meetings/{meeting.pk}/minutes/").content))
    words = "\n".join(p.text for p in paper.paragraphs)
    assert "月研判会" in words
    assert "信访局" in words


def test_who_holds_no_meeting_opens_none_and_a_kind_that_is_none_is_refused(ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        open_sitting(ground.county_centre, actor=ground.clerk, kind=WEEKLY)
    with pytest.raises(RuleViolation):
        open_sitting(ground.county_centre, actor=ground.dispatcher, kind="yearly")
    assert not CoordinationMeeting.objects.exists()


def test_the_report_on_risks_has_charts_for_the_county_and_for_a_town(ground: Ground) -> None:
    swept(*three_quarrels(ground))
    for place, below in ((ground.places["150526"], "巨日合镇"), (ground.places["150526103"], "五家子村")):
        content = paper_of(risks_of(ground.dispatcher, place, 7))
        paper = Document(BytesIO(content))
        cells = {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
        assert "同一双方再起纠纷" in cells
        assert any(below in cell for cell in cells)
        assert any("同一双方 180 天内第 3 次" in cell for cell in cells)
        assert not any("岳长顺" in cell for cell in cells)
        names = zipfile.ZipFile(BytesIO(content)).namelist()
        assert sum(name.startswith("word/charts/chart") for name in names) == 2


@BOTH
@pytest.mark.papers
def test_the_papers_of_the_analysis_as_pages(by: str, ground: Ground, client: Client, tmp_path: Path) -> None:
    """Report and minutes have their charts and tables, and no name or title of a matter on the report."""
    swept(*three_quarrels(ground))
    hard = ways.handling(ground, complexity="hard")
    actions.suspend_case(ways.handling(ground), actor=ground.dispatcher, reason="等待鉴定")
    meeting = weekly(ground)
    decide(AgendaItem.objects.get(meeting=meeting, case=hard), Wanted(Decision.FOLLOW, note="继续攻坚，下周再议"),
           actor=ground.dispatcher)  # fmt: skip
    client.force_login(ground.dispatcher)
    client.post(f"/meetings/{meeting.pk}/close/", {"chair": "韩冰", "attendees": "旗公安局、司法局、法院、信访局"})
    papers = {"minutes": b"".join(client.get(f"/meetings/{meeting.pk}/minutes/"))}
    for place in ("150526", "150526103"):
        papers[f"risks-{place}"] = paper_of(risks_of(ground.dispatcher, ground.places[place], 31))
    pages = {name: "".join("".join(text).split()) for name, text in as_pdfs(tmp_path, papers, by).items()}
    shown(f"analysis-{by}", tmp_path)
    assert "周研判会" in pages["minutes"] and "继续攻坚" in pages["minutes"]
    for name in ("risks-150526", "risks-150526103"):
        assert "同一双方180天内第3次" in pages[name] and "另有1件" in pages[name]
        assert "岳长顺" not in pages[name] and "土地" not in pages[name]


def test_the_report_is_of_ones_own_territory(ground: Ground, client: Client) -> None:
    client.force_login(ground.town_manager)
    assert client.get("/meetings/report/?place=150526103&days=31").status_code == 200
    printed = client.get("/meetings/report/print/?place=150526103&days=31")
    assert "巨日合镇矛盾纠纷风险研判报告（近31天" in words_of_pdf(printed.content)
    assert client.get("/meetings/report/?place=150526").status_code == 404
    assert client.get("/meetings/report/print/?place=150526").status_code == 404
    client.force_login(ground.system_admin)
    assert client.get("/meetings/report/").status_code == 403
