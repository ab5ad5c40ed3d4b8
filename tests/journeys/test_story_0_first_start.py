"""Story 0: a county begins. From an empty database to a clerk's first case by pages alone, as docs/operations.md says;
and the same with three hundred people who come by a table."""

import re
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from grids.tasks import run_imports
from intake.models import Case
from tests.journeys.conftest import NARROW, Visit, shot
from tests.journeys.signing import type_name
from tests.journeys.test_every_page import NOTHING, check
from zhongzhi.accounts.models import User
from zhongzhi.accounts.one_time_codes import code_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICERS = {"system_admin": "周工", "security_admin": "吴工", "auditor": "郑工", "manager": "李建国:lijianguo"}
CENTRE = "扎鲁特旗社会治安综合治理中心"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW = "Xin-Mima-2026!"


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def slips(transactional_db: None) -> dict[str, str]:
    """The command of the first start, in an empty database; the one-time passwords it printed."""
    out = StringIO()
    call_command("set_up", county="150526", stdin=StringIO(), stdout=out, **OFFICERS)
    return dict(re.findall(r"^  (\S+) +(\S{4}-\S{4}-\S{4}) ", out.getvalue(), re.MULTILINE))


def change_password(page: Page, old: str) -> None:
    """The first thing that an installation asks of somebody new."""
    page.get_by_label("当前密码").fill(old)
    page.get_by_label("新密码", exact=True).fill(NEW)
    page.get_by_label("再输一次新密码").fill(NEW)
    page.get_by_role("button", name="修改密码").click()


def first_sign_in(visit: Visit, username: str, slip: str) -> Page:
    """With the one-time password: a password of one's own, and a second factor where the post asks for one."""
    page = visit("/")
    type_name(page, username, slip)
    expect(page.get_by_text("您的密码须先修改才能继续使用")).to_be_visible()
    assert check(page) == NOTHING
    change_password(page, slip)
    return page


def set_second_factor(page: Page) -> str:
    """An authenticator, as the home page leads to it; its secret."""
    expect(page.get_by_text(re.compile("您的岗位自 .* 起须二次验证"))).to_be_visible()
    page.get_by_role("link", name="现在启用").click()
    page.get_by_role("link", name="启用动态码").click()
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    page.get_by_label("2. 输入验证器上显示的").fill(code_at(secret, timezone.now()))
    page.get_by_role("button", name="启用").click()
    page.get_by_role("link", name="我已保存好").click()
    page.get_by_role("link", name="待办").click()
    expect(page.get_by_role("heading", name=re.compile("今天的待办"))).to_be_visible()
    return secret


def seen(page: Page, name: str) -> None:
    """A picture at both widths, and nothing wrong with the page."""
    assert check(page) == NOTHING
    for size in (NARROW, {"width": 1366, "height": 768}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        shot(page, f"first-start-{name}-{size['width']}")


def open_account(page: Page, name: str, username: str, organisation: str, role: str) -> str:
    """A new account with its first post; the one-time password on the slip."""
    page.get_by_role("link", name="人员与岗位").click()
    page.get_by_role("link", name="新建账号").click()
    page.get_by_label("姓名").fill(name)
    page.get_by_label("用户名").fill(username)
    page.get_by_label("机构").fill(organisation)
    page.get_by_label("岗位", exact=True).select_option(label=role)
    page.get_by_role("button", name="新建账号").click()
    row = page.get_by_role("row").filter(has_text=username)
    return row.locator("strong").inner_text()


def register_first_case(page: Page, place: str) -> None:
    """What the clerk types for the first person at the window."""
    page.get_by_role("link", name="登记案件").click()
    page.get_by_label("姓名").first.fill("张女士")
    page.get_by_label("联系电话").first.fill("13847500001")
    page.get_by_label("事情经过").fill("邻居的羊吃了她家三亩苞米，要求赔偿。")
    for label, text in (("发生地", place), ("纠纷类别", "邻里")):
        field = page.get_by_role("combobox", name=label)
        with page.expect_response(lambda answer: "/parts/" in answer.url):
            field.press_sequentially(text)
        page.locator(".picker-list:not([hidden]) [role=option]").first.click()
    page.get_by_role("button", name=re.compile("^登记")).first.click()


def test_from_an_empty_database_to_a_clerks_first_case_by_pages_alone(visit: Visit, slips: dict[str, str]) -> None:
    # three administrators and the manager begin, each with a second factor
    system = first_sign_in(visit, "xitong", slips["xitong"])
    set_second_factor(system)
    security = first_sign_in(visit, "anquan", slips["anquan"])
    set_second_factor(security)
    auditor = first_sign_in(visit, "shenji", slips["shenji"])
    set_second_factor(auditor)
    for page, name in ((system, "system"), (security, "security"), (auditor, "auditor")):
        seen(page, f"home-{name}")

    # 系统管理员: what waits leads to the centres of the towns; a department; people and posts
    system.get_by_role("link", name=re.compile("没有综治中心")).click()
    system.get_by_role("button", name="一次设立全部").click()
    expect(system.get_by_role("cell", name="鲁北镇").first).to_be_visible()
    seen(system, "organisations")
    system.get_by_role("link", name="登记机构").click()
    place = system.get_by_role("combobox", name="所在区划")
    with system.expect_response(lambda answer: "/places/" in answer.url):
        place.press_sequentially("扎鲁特旗")
    system.locator(".picker-list:not([hidden]) [role=option]").first.click()
    system.locator("[name=name]").fill("扎鲁特旗司法局")
    system.get_by_label("简称").fill("司法局")
    system.get_by_label("类别").select_option(label="部门")
    seen(system, "new-organisation")
    system.get_by_role("button", name="登记", exact=True).click()
    expect(system.get_by_role("link", name="扎鲁特旗司法局", exact=True)).to_be_visible()
    clerk_slip = open_account(system, "包萨仁", "baosaren", CENTRE, "窗口受理员")
    seen(system, "slip")
    dispatcher_slip = open_account(system, "韩冰", "hanbing", CENTRE, "研判分流员")
    open_account(system, "王立新", "wanglixin", "司法局", "部门经办人")
    system.get_by_role("link", name="人员与岗位").click()
    expect(system.get_by_role("row").filter(has_text="韩冰")).to_contain_text("待复核")
    seen(system, "people")

    # 安全管理员: the notice leads to the post of wide sight
    security.get_by_role("link", name="待办").click()
    security.get_by_role("link", name="任职复核").first.click()
    seen(security, "review")
    security.get_by_role("button", name="确认").click()
    security.locator("#sheet").get_by_role("button", name="确定").click()
    expect(security.get_by_text("没有待复核的任职。")).to_be_visible()

    # the dispatcher can begin, and the clerk registers the first case
    dispatcher = first_sign_in(visit, "hanbing", dispatcher_slip)
    expect(dispatcher.get_by_role("heading", name=re.compile("今天的待办"))).to_be_visible()
    clerk = first_sign_in(visit, "baosaren", clerk_slip)
    expect(clerk.get_by_role("heading", name=re.compile("今天的待办"))).to_be_visible()
    seen(clerk, "home-clerk")
    register_first_case(clerk, "巨日合镇")
    expect(clerk.get_by_text("已登记，编号")).to_be_visible()
    assert Case.objects.get().created_by == User.objects.get(username="baosaren")


def a_table(*rows: tuple[str, ...]) -> bytes:
    book, stream = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def upload(page: Page, kind: str, content: bytes) -> None:
    """Choose a table, have it checked by the worker, and see what it would do."""
    page.get_by_label("导入什么").select_option(label=kind)
    file: FilePayload = {"name": f"{kind}.xlsx", "mimeType": XLSX, "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="正在检查")).to_be_visible()
    run_imports()
    page.get_by_text("新增", exact=True).first.wait_for()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="全部导入").click()
    page.get_by_text("正在写入").wait_for()
    run_imports()


PEOPLE_HEAD = ("姓名", "用户名", "手机号", "机构", "岗位", "任职日期")


def test_three_hundred_people_come_by_a_table_and_one_of_them_registers_the_first_case(
    visit: Visit, slips: dict[str, str]
) -> None:
    page = first_sign_in(visit, "xitong", slips["xitong"])
    set_second_factor(page)
    # villages by a table
    page.get_by_role("link", name="机构", exact=True).click()
    page.get_by_role("link", name="导入区划").click()
    places = (
        ("区划代码", "名称", "类别"),
        ("150526103200", "五家子村", "村"),
        ("150526103200001", "第1网格", "基础网格"),
    )
    upload(page, "区划", a_table(*places))
    seen(page, "places-checked")
    confirm(page)
    expect(page.get_by_text("已写入 2 行")).to_be_visible()

    # people by a table: mistakes in words, then all of them
    people = [(f"新人{n}", f"xinren{n}", "", CENTRE, "窗口受理员", "2026-01-01") for n in range(300)]
    wrong = [("某某", "moumou", "", "没有的单位", "窗口受理员", ""), ("某人", "xinren7", "", CENTRE, "窗口受理员", "")]
    page.get_by_role("link", name="人员与岗位").click()
    page.get_by_role("link", name="导入").click()
    seen(page, "imports")
    upload(page, "人员", a_table(PEOPLE_HEAD, *people, *wrong))
    expect(page.get_by_text("没有机构“没有的单位”；请写全称或简称。")).to_be_visible()
    expect(page.get_by_text("已是另一个人（新人7）的，请换一个。")).to_be_visible()
    seen(page, "people-wrong")
    page.get_by_role("link", name="返回").click()
    upload(page, "人员", a_table(PEOPLE_HEAD, *people))
    expect(page.get_by_text("会写入的行")).to_be_visible()
    seen(page, "people-checked")
    assert not User.objects.filter(username="xinren7").exists()
    confirm(page)
    expect(page.get_by_text("已写入 300 行")).to_be_visible()

    # slips, thirty at a time
    page.get_by_role("link", name="生成密码条").click()
    expect(page.get_by_text("还没有密码的账号 300 个")).to_be_visible()
    page.get_by_role("button", name="生成下一批密码条").click()
    expect(page.get_by_text("还没有密码的账号 270 个")).to_be_visible()
    slip = page.get_by_role("row").filter(has_text="xinren7 ").locator("strong").inner_text()
    seen(page, "slips")

    clerk = first_sign_in(visit, "xinren7", slip)
    register_first_case(clerk, "五家子村")
    expect(clerk.get_by_text("已登记，编号")).to_be_visible()
    assert Case.objects.get().territory.code == "150526103200"
