"""People out as a table and in again: accounts with their posts, mistakes in words, slips with one-time passwords."""

from typing import Any

import openpyxl
import pytest
from django.contrib.auth.hashers import is_password_usable
from django.test import Client

from grids.actions import people as actions
from grids.actions.tables import TABLES, people_rows
from grids.models import Posting, PostProposal, Role
from grids.queries import people_without_password, posts_kept_by
from grids.scope import scope_of
from tests.days import today
from tests.grids.test_import_roster import checked, faults, written
from tests.people import STARTS, Ground
from zhongzhi.accounts.models import User
from zhongzhi.web.sheets import write_xlsx

pytestmark = pytest.mark.django_db
COLUMNS = TABLES["people"][1]


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def a_table(*rows: dict[str, Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.append([column.title for column in COLUMNS])
    for row in rows:
        book.active.append([row.get(column.name) for column in COLUMNS])
    return book


def a_row(number: int = 1, **changes: Any) -> dict[str, Any]:
    row = {"name": f"新人{number}", "username": f"xinren{number}", "organisation": "旗综治中心", "role": "窗口受理员"}
    return row | changes


def test_three_hundred_people_come_by_a_table_and_get_their_slips_batch_by_batch(ground: Ground) -> None:
    book = a_table(*(a_row(number) for number in range(300)))
    check = checked(book, ground.system_admin, "people")
    assert (check.result["new"], check.result["faulty"]) == (300, 0)
    assert not User.objects.filter(username="xinren7").exists(), "looking writes nothing"
    assert written(check, ground.system_admin, "all").result == {"written": 300, "refused": 0}
    user = User.objects.get(username="xinren7")
    assert scope_of(user).roles == {Role.CLERK} and not is_password_usable(user.password)
    slips = [slip for _ in range(10) for slip in actions.print_slips(actor=ground.system_admin)]
    assert len({person.pk for person, _ in slips}) == 300
    assert all(person.check_password(password) and person.must_change_password for person, password in slips)
    assert people_without_password(ground.system_admin).count() == 0


def test_what_was_exported_comes_back_unchanged(ground: Ground) -> None:
    book = openpyxl.load_workbook(write_xlsx("人员", COLUMNS, people_rows(posts_kept_by(ground.town_manager))))
    check = checked(book, ground.system_admin, "people")
    assert (check.result["same"], check.result["faulty"]) == (5, 0)


def test_a_known_account_gets_one_more_post_or_leaves_one_and_a_wide_post_waits(ground: Ground) -> None:
    book = a_table(
        {"name": "王立新", "username": "handler", "organisation": "旗综治中心", "role": "窗口受理员"},
        {"name": "刘芳", "username": "town_clerk", "organisation": "巨日合镇综治中心", "role": "窗口受理员",
         "ends_on": today()},
        {"name": "赵敏", "username": "other_handler", "organisation": "人社局", "role": "领导"},
    )  # fmt: skip
    check = checked(book, ground.system_admin, "people")
    assert [check.result[k] for k in ("changed", "ended", "faulty")] == [2, 1, 0]
    written(check, ground.system_admin, "all")
    assert Posting.objects.filter(user=ground.handler, role=Role.CLERK, starts_on=today()).exists()
    assert Posting.objects.get(user=ground.town_clerk).ends_on == today()
    assert PostProposal.objects.get(user=ground.other_handler).granted is None


def test_every_mistake_is_explained_in_words(ground: Ground) -> None:
    book = a_table(
        a_row(1, organisation="没有的单位"),
        a_row(2, name="", username="x"),
        a_row(3, organisation="司法局"),
        a_row(4, role="领导"),
        {"name": "别人", "username": "clerk", "organisation": "旗综治中心", "role": "研判分流员"},
        a_row(6, starts_on=str(today()), ends_on=str(STARTS)),
        a_row(7),
        a_row(7),
        {"name": "李建国", "username": "manager", "organisation": "旗综治中心", "role": "窗口受理员"},
    )
    check = checked(book, ground.manager, "people")
    assert check.result["faulty"] == 8
    words = "".join(sentence for row in faults(check).values() for sentence in row)
    for part in ("没有的单位", "已是另一个人", "离任日期应晚于任职日期", "行已出现过", "不能给自己"):
        assert part in words


def test_an_administrator_gets_no_business_post_by_a_table(ground: Ground) -> None:
    book = a_table({"name": "郑工", "username": "auditor", "organisation": "旗综治中心", "role": "窗口受理员"})
    check = checked(book, ground.system_admin, "people")
    written(check, ground.system_admin, "valid")
    assert scope_of(User.objects.get(pk=ground.auditor.pk)).roles == {Role.AUDITOR}


def test_the_page_makes_the_next_slips(ground: Ground, client: Client) -> None:
    written(checked(a_table(a_row()), ground.manager, "people"), ground.manager, "all")
    client.force_login(ground.manager)
    client.get("/")
    assert "<strong>1</strong>" in client.get("/grids/staff/slips/").content.decode()
    assert "xinren1" in client.post("/grids/staff/slips/").content.decode()
    assert "xinren1" not in client.post("/grids/staff/slips/").content.decode()
    assert client.get("/grids/staff/export/").status_code == 200
