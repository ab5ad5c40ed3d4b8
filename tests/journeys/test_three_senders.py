"""A morning with three tables of three senders, each in its own shape, from upload to dispatched in one sitting."""

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from intake.imports.actions import work_on_imports
from intake.models import Case
from tests.journeys.conftest import NARROW, Login, shot
from tests.journeys.steps import pick
from tests.journeys.test_every_page import NOTHING, check
from tests.people import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLACE = "巨日合镇五家子村"


def police(folder: Path) -> Path:
    """From the police: a title above, two rows of titles, a category in words of its own."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["扎鲁特旗公安局 11 月 27 日非警务警情"])
    sheet.append(["接警单号", "报警时间", "报警人", "", "警情", "", ""])
    sheet.append(["", "", "姓名", "联系电话", "发生地", "内容", "类别"])
    for at in range(1, 5):
        sheet.append(
            [f"JJ{at:04d}", "2026年11月27日", f"王某{at}", "13947512345", PLACE, f"第{at}起：争水。", "邻里-用水"]
        )
    book.save(folder / "警情.xlsx")
    return folder / "警情.xlsx"


def hotline(folder: Path) -> Path:
    """From the hotline: text in the old encoding, under titles that nobody here knows."""
    lines = ["流水,何时,何处,何事,来电者"]
    lines += [f"RX{at:04d},2026-11-27,{PLACE},小区停暖三天（{at}）。,李某{at}" for at in range(1, 4)]
    path = folder / "热线.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path


def petitions(folder: Path) -> Path:
    """From the petition office: the week on the first sheet, the day on the second."""
    book = openpyxl.Workbook()
    book.active.title = "本周"
    for sheet, first, count in ((book.active, 1, 5), (book.create_sheet("11月27日"), 4, 2)):
        sheet.append(["信访件编号", "登记日期", "信访人", "发生地", "信访内容"])
        for at in range(first, first + count):
            sheet.append([f"XF{at:04d}", "2026-11-27", f"包某{at}", PLACE, f"第{at}件：拖欠工资。"])
    book.save(folder / "信访.xlsx")
    return folder / "信访.xlsx"


def handed_in(page: Page, kind: str, table: Path) -> None:
    page.goto("/cases/imports/")
    page.get_by_label("来源").select_option(label=kind)
    page.get_by_label("表格文件").set_input_files(table)
    page.get_by_role("button", name="上传并检查").click()
    checked(page)


def checked(page: Page) -> None:
    work_on_imports(seconds=60)
    page.reload()


def test_three_tables_of_three_senders_in_one_sitting(
    sign_in: Login, town: Ground, tmp_path: Path, complaints: list[str]
) -> None:
    page = sign_in(town.dispatcher, "/")
    handed_in(page, "110非警务警情", police(tmp_path))
    expect(page.get_by_text("类别“邻里-用水”")).to_be_visible()
    pick(page, "纠纷类别“邻里-用水”", "0901")
    shot(page, "import-words-1366")
    page.get_by_role("button", name="记住并重新检查").click()
    expect(page.get_by_text("已记住")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="全部导入 4 件").click()
    checked(page)
    expect(page.get_by_text("新登记 4 件")).to_be_visible()

    handed_in(page, "12345热线工单", hotline(tmp_path))
    expect(page.get_by_text("请指出各列是什么", exact=True)).to_be_visible()
    for ours, theirs in (
        ("工单编号（必有）", "流水"),
        ("来电时间", "何时"),
        ("姓名", "来电者"),
        ("发生地（必有）", "何处"),
    ):
        page.get_by_label(ours).select_option(label=next(t for t in texts(page, ours) if t.startswith(theirs)))
    page.get_by_role("button", name="按这样读").click()
    expect(page.get_by_text("还没有指定：内容")).to_be_visible()
    said = page.get_by_label("内容（必有）")
    said.select_option(label=next(t for t in texts(page, "内容（必有）") if t.startswith("何事")))
    shot(page, "import-columns-1366")
    page.set_viewport_size(NARROW)
    shot(page, "import-columns-360")
    assert check(page) == NOTHING
    page.get_by_role("button", name="按这样读").click()
    checked(page)
    page.get_by_role("button", name="全部导入 3 件").click()
    checked(page)
    expect(page.get_by_text("新登记 3 件")).to_be_visible()

    handed_in(page, "信访件", petitions(tmp_path))
    expect(page.get_by_text("“11月27日”也有内容")).to_be_visible()
    page.locator("summary", has_text="换个读法").click()
    page.get_by_label("工作表").select_option("11月27日")
    page.get_by_role("button", name="读这个工作表").click()
    checked(page)
    page.get_by_role("button", name="全部导入 2 件").click()
    checked(page)
    expect(page.get_by_text("新登记 2 件")).to_be_visible()
    assert Case.objects.filter(channel="06").values_list("category", flat=True).distinct().get() == "0901"

    page.get_by_role("link", name="上碰头会").click()
    page.get_by_role("button", name="开今天的会").click()
    expect(page.locator("#meeting-counts")).to_have_text("已议 0 / 9")
    for number in range(1, 10):
        if number > 4:  # of the others no sender said a category
            pick(page, "纠纷类别", "0202")
            pick(page, "主办单位", "司法局")
        page.get_by_role("button", name="决定，下一项").click()
        expect(page.locator("#meeting-counts")).to_have_text(f"已议 {number} / 9")
    assert Case.objects.filter(status="dispatched").count() == 9
    page.goto("/cases/imports/words/")
    expect(page.get_by_role("cell", name="邻里-用水", exact=True)).to_be_visible()
    shot(page, "sender-words-360")
    assert check(page) == NOTHING
    assert all("422" in text for text in complaints)
    complaints.clear()  # a refused form is what was asked for


def texts(page: Page, label: str) -> list[str]:
    """The lines of a list."""
    return page.get_by_label(label).locator("option").all_inner_texts()
