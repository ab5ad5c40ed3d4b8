"""Calendar, time limits and categories change with dates of effect, never backwards, and nothing used is deleted."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from intake.actions.categories import CategoryFacts, add_category, change_category, switch_category
from intake.deadlines.actions import (
    LimitCase,
    LimitTerms,
    import_announcement,
    set_office_hours,
    set_time_limit,
    withdraw_time_limit,
)
from intake.deadlines.announcements import read_announcement
from intake.deadlines.models import CalendarDay, ClockKind, ClockRule
from intake.deadlines.queries import rule_for, work_calendar
from intake.queries.categories import find_leaf
from tests.browsing import signed_in
from tests.intake import ways
from tests.people import Ground
from zhongzhi.audit.queries import trail_of
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year + 1
LINES = f"{YEAR}-01-01 {YEAR}-01-03 休 元旦\n{YEAR}年1月10日 班\n"
TERMS = LimitTerms(3, "working_day", "旗委办〔2026〕3号")


def test_each_line_that_cannot_be_read_is_named() -> None:
    found = read_announcement(f"{YEAR}-02-30 休\n{YEAR}-03-01 也许\n{YEAR - 1}-03-01 休\n{LINES}{YEAR}-01-02 休", YEAR)
    assert [fault.partition("：")[0] for fault in found.faults] == ["第 1 行", "第 2 行", "第 3 行", "第 6 行"]
    assert read_announcement("", YEAR).faults


def test_an_announced_year_counts_at_once_and_stands_in_the_trail(ground: Ground) -> None:
    import_announcement(LINES, YEAR, source="国办发明电〔2026〕7号", actor=ground.system_admin)
    calendar = work_calendar()
    assert not calendar.is_workday(date(YEAR, 1, 2))
    assert calendar.is_workday(date(YEAR, 1, 10))
    assert not CalendarDay.objects.filter(date__year=YEAR, provisional=True).exists()
    assert trail_of(f"calendar:{YEAR}").count() == 1


def test_who_may_not_import_and_what_is_refused(ground: Ground) -> None:
    for who in (ground.manager, ground.security_admin):
        with pytest.raises(PermissionDenied):
            import_announcement(LINES, YEAR, source="文号", actor=who)
    with pytest.raises(BadInput):
        import_announcement(LINES, YEAR, source="", actor=ground.system_admin)
    with pytest.raises(RuleViolation):
        import_announcement(LINES, YEAR - 2, source="文号", actor=ground.system_admin)


def test_the_page_shows_what_would_change_before_it_does(ground: Ground) -> None:
    browser, given = signed_in(ground.system_admin), {"year": YEAR, "source": "文号1", "lines": LINES}
    answer = browser.post("/system/calendar/import/", given)
    assert "确认导入" in answer.content.decode()
    assert CalendarDay.objects.filter(source="文号1").count() == 0
    assert browser.post("/system/calendar/import/", given | {"confirmed": "1"}).status_code == 302
    assert CalendarDay.objects.filter(source="文号1").exists()
    wrong = browser.post("/system/calendar/import/", given | {"lines": "明天 休"})
    assert (wrong.status_code, "第 1 行" in wrong.content.decode()) == (422, True)


def as_xlsx(*rows: tuple[Any, ...]) -> bytes:
    book, stream = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


HOLIDAY = (date(YEAR, 1, 1), date(YEAR, 1, 3), "休", "元旦")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("放假.xlsx", as_xlsx(("日期", "至", "安排", "名称"), HOLIDAY, (f"{YEAR}年1月10日", "班"))),
        ("放假.csv", f"日期,安排\r\n{YEAR}/1/1,{YEAR}/1/3,休,元旦\r\n{YEAR}.1.10,班\r\n".encode("gb18030")),
        ("放假.txt", LINES.encode("utf-16")),
    ],
)
def test_the_announcement_comes_as_any_table(ground: Ground, name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content)
    answer = signed_in(ground.system_admin).post(
        "/system/calendar/import/", {"year": YEAR, "source": "文号", "file": file}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(words in page for words in ("读到 4 天", f"{YEAR}-01-02", "元旦", f"{YEAR}-01-10", "确认导入"))


def test_a_file_that_is_no_table_is_refused_at_its_field(ground: Ground) -> None:
    for name, content, words in (
        ("放假.xlsx", b"%PDF-1.7", "这个表格打不开"),
        ("放假.xls", b"<html><table></table>", "其实是网页"),
        ("放假.csv", b"1" * 1_000_001, "不会超过 1 MB"),
    ):
        file = SimpleUploadedFile(name, content)
        given = {"year": YEAR, "source": "国办文号", "file": file}
        answer = signed_in(ground.system_admin).post("/system/calendar/import/", given)
        page = answer.content.decode()
        assert (answer.status_code, words in page, "国办文号" in page) == (422, True, True), name


def test_office_hours_begin_on_a_day_to_come(ground: Ground) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    set_office_hours(tomorrow, ["09:00-12:00", "14:00-18:00"], actor=ground.system_admin)
    for day, periods in ((timezone.localdate(), ["09:00-12:00"]), (tomorrow, ["12:00-09:00"]), (tomorrow, ["9-12"])):
        with pytest.raises((RuleViolation, BadInput)):
            set_office_hours(day, periods, actor=ground.system_admin)


def test_the_value_of_a_time_limit_at_a_moment_is_by_date(ground: Ground) -> None:
    case, today = ways.registered(ground), timezone.localdate()
    old = rule_for(case, ClockKind.SIGN, on=today)
    assert old is not None
    day = today + timedelta(days=10)
    new = set_time_limit(LimitCase(ClockKind.SIGN), TERMS, starts_on=day, actor=ground.system_admin)
    assert rule_for(case, ClockKind.SIGN, on=today) == old
    assert rule_for(case, ClockKind.SIGN, on=day - timedelta(days=1)) == old
    assert rule_for(case, ClockKind.SIGN, on=day) == new


def test_a_time_limit_never_changes_backwards(ground: Ground) -> None:
    today = timezone.localdate()
    for day in (today, today - timedelta(days=1)):
        with pytest.raises(RuleViolation):
            set_time_limit(LimitCase(ClockKind.SIGN), TERMS, starts_on=day, actor=ground.system_admin)
    with pytest.raises(PermissionDenied):
        set_time_limit(LimitCase(ClockKind.SIGN), TERMS, starts_on=today + timedelta(days=1), actor=ground.manager)


def test_a_change_to_come_is_withdrawn_and_what_is_in_force_is_not(ground: Ground) -> None:
    day = timezone.localdate() + timedelta(days=5)
    new = set_time_limit(LimitCase(ClockKind.SIGN), TERMS, starts_on=day, actor=ground.system_admin)
    old = ClockRule.objects.get(kind=ClockKind.SIGN, ends_on=day)
    withdraw_time_limit(new.pk, actor=ground.system_admin)
    old.refresh_from_db()
    assert old.ends_on is None
    with pytest.raises(InvalidTransition):
        withdraw_time_limit(old.pk, actor=ground.system_admin)


def test_a_category_of_the_county_is_added_and_closed_but_its_cases_keep_it(ground: Ground) -> None:
    row = add_category("09", CategoryFacts("草场边界纠纷"), actor=ground.system_admin)
    assert row.is_local
    assert find_leaf(row.code) == row
    switch_category(row.code, is_active=False, actor=ground.system_admin)
    with pytest.raises(RuleViolation):
        find_leaf(row.code)
    with pytest.raises(InvalidTransition):
        switch_category(row.code, is_active=False, actor=ground.system_admin)
    assert [e.verb for e in trail_of(f"category:{row.code}")] == ["category_added", "category_closed"]


def test_a_national_category_keeps_its_name(ground: Ground) -> None:
    row = find_leaf("0901")
    with pytest.raises(RuleViolation):
        change_category("0901", CategoryFacts("别的名字", row.people_mediable), actor=ground.system_admin)
    changed = change_category("0901", CategoryFacts(row.name, row.people_mediable, "农牧局"), actor=ground.system_admin)
    assert changed.default_lead == "农牧局"
    with pytest.raises(PermissionDenied):
        change_category("0901", CategoryFacts(row.name), actor=ground.dispatcher)
