"""领导专报: one page on what is stuck, with whom and since when."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from intake.deadlines.models import Clock
from intake.entries import PartyEntry
from intake.models import Case
from tests.intake import ways
from tests.office.sheets import BOTH, as_pdfs, shown, words_of_pdf
from tests.people import Ground
from zhongzhi.audit.models import TrailEntry

pytestmark = pytest.mark.django_db
ADDRESS = "/figures/brief/"


def stuck(ground: Ground, days: int, **changes: Any) -> Case:
    """A case of the justice bureau whose handling limit passed so many days ago."""
    case = ways.handling(ground, **changes)
    past = timezone.now() - timedelta(days=days)
    Clock.objects.filter(case=case, kind="handle", stopped_at=None).update(
        started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None
    )
    return case


def brief(user: Any, place: str = "") -> tuple[str, list[list[str]], bytes]:
    """Text, rows of the first table, and the file."""
    client = Client()
    client.force_login(user)
    answer = client.get(f"{ADDRESS}?place={place}")
    assert answer.status_code == 200
    content = answer.content
    document = Document(BytesIO(content))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:] if document.tables else []
    return "\n".join(p.text for p in document.paragraphs), rows, content


def test_it_says_what_is_stuck_with_whom_and_since_when_red_risk_first(ground: Ground) -> None:
    late, later = stuck(ground, 3), stuck(ground, 8)
    red = stuck(ground, 1, risk="red")
    ways.handling(ground)
    text, rows, _ = brief(ground.leader)
    assert [row[1].split("\n")[1] for row in rows] == [red.code, later.code, late.code]
    since = timezone.localdate() - timedelta(days=8)
    assert rows[1][2:] == ["司法局\n（办理）", f"{since.year}年{since.month}月{since.day}日\n已超期8天"]
    assert "目前超期3件" in text and "红色风险在办1件" in text and "（红色）" in rows[0][1]


def test_names_stand_in_it_as_the_reader_may_see_them(ground: Ground) -> None:
    parties = (PartyEntry(name="岳文武", phone="13847500001"),)
    stuck(ground, 2, title="岳文武土地少三垄", parties=parties)
    assert "岳文武" in str(brief(ground.manager)[1])
    assert "岳文武" not in str(brief(ground.leader)[1]) and "岳*武" in str(brief(ground.leader)[1])


def test_a_case_stands_in_it_once_however_many_of_its_limits_have_passed(ground: Ground) -> None:
    case = stuck(ground, 2)
    past = timezone.now() - timedelta(days=5)
    Clock.objects.filter(case=case, kind="tier", stopped_at=None).update(
        started_at=past - timedelta(days=9), due_at=past, breached_at=past, next_at=None
    )
    _, rows, _ = brief(ground.leader)
    assert len(rows) == 1


def test_a_place_where_nothing_is_late_says_so(ground: Ground) -> None:
    ways.handling(ground)
    text, rows, _ = brief(ground.leader)
    assert "目前没有超期的事项" in text and rows == []


def test_only_the_own_territory_and_only_with_a_trace(ground: Ground) -> None:
    client = Client()
    client.force_login(ground.town_manager)
    assert client.get(f"{ADDRESS}?place=150526").status_code == 404
    client.force_login(ground.handler)
    assert client.get(ADDRESS).status_code == client.get(f"{ADDRESS}print/").status_code == 403
    before = TrailEntry.objects.filter(verb="cases_exported").count()
    brief(ground.town_manager)
    assert TrailEntry.objects.filter(verb="cases_exported").count() == before + 1
    client.force_login(ground.leader)
    page = client.get("/figures/reports/").content.decode()
    assert f'"{ADDRESS}"' in page and f'"{ADDRESS}print/"' in page


def test_its_print_says_the_same_and_leaves_the_same_trace(ground: Ground, client: Client) -> None:
    case = stuck(ground, 3)
    client.force_login(ground.leader)
    before = TrailEntry.objects.filter(verb="cases_exported").count()
    answer = client.get(f"{ADDRESS}print/")
    assert answer["Content-Type"] == "application/pdf"
    words = words_of_pdf(answer.content)
    assert case.code in words and "目前超期1件" in words and "超期集中的单位" in words
    assert TrailEntry.objects.filter(verb="cases_exported").count() == before + 1


@pytest.mark.papers
@BOTH
def test_it_is_one_page_also_where_titles_are_long(by: str, ground: Ground, tmp_path: Path) -> None:
    for n in range(10):
        stuck(ground, n + 1, title=f"岳某某与付某、徐某土地承包经营权及青苗损失赔偿纠纷第{n}案需要旗里协调", risk="red")
    _, rows, content = brief(ground.leader)
    assert len(rows) == 8
    pages = as_pdfs(tmp_path, {"brief": content}, by)["brief"]
    shown(f"leaders-{by}", tmp_path)
    assert len(pages) == 1 and "超期集中的单位" in pages[0]
