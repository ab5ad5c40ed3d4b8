"""Reports: the same figures as the page, as files that open, made in the background, sent by the calendar once."""

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from docx import Document

from tests.intake import ways
from tests.office.sheets import words_of_pdf
from tests.people import Ground
from workbench.statistics.board import board_of
from workbench.statistics.periods import preset
from workbench.statistics.reports.document import document_of
from workbench.statistics.reports.making import ask_due_reports, ask_report, work_on_reports
from workbench.statistics.reports.workbook import workbook_of
from zhongzhi.files import disk
from zhongzhi.files.models import StoredFile
from zhongzhi.jobs.models import Job, JobState
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.office.pdf import rendering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def made(ground: Ground) -> tuple[Any, bytes, bytes]:
    ways.closed(ground)
    ways.handling(ground, territory="150526100001", category="0804")
    board = board_of(ground.places["150526"], preset("year", timezone.localdate()))
    workbook = workbook_of(board, "测试报告")
    return board, workbook, document_of(board, "测试报告", workbook)


def test_the_workbook_holds_the_figures_of_the_board_and_native_charts(ground: Ground) -> None:
    board, workbook, _ = made(ground)
    sheets = openpyxl.load_workbook(io.BytesIO(workbook))
    assert sheets.sheetnames == ["指标", "逐月", "结构", "各地", "承办单位"]
    lines = {row[0]: row for row in sheets["指标"].iter_rows(min_row=5, values_only=True)}
    for value in board.values.values():
        assert lines[value.figure.label][3] == value.part, value.figure.label
    assert [row[1] for row in sheets["各地"].iter_rows(min_row=5, max_row=6, values_only=True)] == [
        r.name for r in board.places
    ]
    assert sum(len(sheet._charts) for sheet in sheets) >= 6


def test_the_document_shows_the_same_figures_and_its_charts_carry_their_numbers(ground: Ground) -> None:
    board, _, content = made(ground)
    document = Document(io.BytesIO(content))
    text = "\n".join(p.text for p in document.paragraphs)
    assert f"共受理矛盾纠纷 {board.values['accepted'].part} 件" in text
    cells = {row.cells[0].text: row.cells[2].text for row in document.tables[0].rows}
    assert cells["化解率"] == "1 ÷ 2"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [name for name in archive.namelist() if name.startswith("word/charts/")]
        body = archive.read("word/document.xml").decode()
        assert len(charts) >= 5 and body.count("<c:chart ") == len(charts)
        assert all(b"<c:numCache>" in archive.read(name) for name in charts)
        types = archive.read("[Content_Types].xml").decode()
    assert all(f"/{name}" in types for name in charts)


def test_a_report_is_asked_for_made_told_and_taken_along(ground: Ground) -> None:
    ways.closed(ground)
    leader = Client()
    leader.force_login(ground.leader)
    assert leader.post("/figures/reports/", {"period": "month", "place": "150526"}).status_code == 302
    assert "等待处理" in leader.get("/figures/reports/rows/").content.decode()
    job = Job.objects.get()
    assert leader.get(f"/figures/reports/{job.uid}/docx/").status_code == 404
    assert work_on_reports() == 1
    job.refresh_from_db()
    assert (job.state, job.percent) == (JobState.DONE, 100)
    for extension in ("docx", "xlsx"):
        answer = leader.get(f"/figures/reports/{job.uid}/{extension}/")
        assert answer.status_code == 200
        assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
    pdf = b"".join(leader.get(f"/figures/reports/{job.uid}/pdf/").streaming_content)
    words = words_of_pdf(pdf)
    assert "共受理矛盾纠纷1件" in words and "逐月受理与化解" in words and f"{timezone.localdate():%Y-%m}" in words
    assert f"/figures/reports/{job.uid}/pdf/" in leader.get("/figures/reports/rows/").content.decode()
    assert OutboxMessage.objects.filter(key__startswith="report:").count() == 1
    stranger = Client()
    stranger.force_login(ground.stranger)
    assert stranger.get(f"/figures/reports/{job.uid}/docx/").status_code == 404
    assert all(disk.full_path(file.path).exists() for file in StoredFile.objects.all())


def test_a_report_too_long_to_be_set_is_there_without_a_pdf(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask_report(ground.leader, place="", period="month")
    monkeypatch.setattr(rendering, "MOST_IN", 1000)
    assert work_on_reports() == 1
    job.refresh_from_db()
    assert job.state == JobState.DONE and set(job.result) == {"xlsx", "docx"}
    leader = Client()
    leader.force_login(ground.leader)
    assert leader.get(f"/figures/reports/{job.uid}/pdf/").status_code == 404


def test_a_report_keeps_the_days_it_was_asked_for(ground: Ground) -> None:
    job = ask_report(ground.leader, place="", period="last_month")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        work_on_reports()
    job.refresh_from_db()
    assert job.title.endswith(f"（{preset('last_month', timezone.localdate()).start:%Y-%m-%d}至{job.options['to']}）")
    assert job.state == JobState.DONE


@pytest.mark.parametrize(("who", "form", "status"), [
    ("town_manager", {"period": "month", "place": "150526"}, 404), ("leader", {"period": "decade"}, 400),
    ("handler", {"period": "month"}, 403), ("auditor", {"period": "month"}, 403),
])  # fmt: skip
def test_who_gets_no_report(who: str, form: dict[str, str], status: int, ground: Ground) -> None:
    client = Client()
    client.force_login(ground.people[who])
    assert client.post("/figures/reports/", form).status_code == status
    assert not Job.objects.exists()


def test_leaders_and_managers_get_each_report_once_by_the_calendar(ground: Ground) -> None:
    monday = date(2026, 11, 23)
    assert ask_due_reports(monday) == 3, "the leader, the county's and the town's manager; villages get none"
    assert ask_due_reports(monday + timedelta(days=1)) == 0
    assert ask_due_reports(date(2026, 11, 27)) == 0
    assert {job.options["period"] for job in Job.objects.all()} == {"last_week"}
    with time_machine.travel(datetime(2027, 1, 1, 9, tzinfo=timezone.get_default_timezone())):
        ask_due_reports(date(2027, 1, 1))
    assert {job.options["period"] for job in Job.objects.filter(owner=ground.leader)} == {
        "last_week",
        "last_month",
        "last_quarter",
    }
