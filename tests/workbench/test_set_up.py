"""The first start: one command makes county, centre and administrators, or nothing at all."""

import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from grids.actions import post_person
from grids.models import Organisation, Posting, Role, Territory
from grids.scope import scope_of
from intake.models import Category
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.models import TrailEntry
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.errors import RuleViolation

pytestmark = pytest.mark.django_db

PEOPLE = {"system_admin": "周工", "security_admin": "吴工", "auditor": "郑工"}
PAGE = "/account/password/"
NEW = "Xin-Mima-20261"


class Terminal(StringIO):
    """Answers typed by a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def set_up() -> Callable[..., str]:
    """Run the command; what it printed."""

    def run(**options: Any) -> str:
        out = StringIO()
        call_command("set_up", **({"stdin": StringIO(), "county": "150526", **PEOPLE} | options), stdout=out)
        return out.getvalue()

    return run


def passwords(printed: str) -> dict[str, str]:
    """The one-time password of each account, as printed."""
    return dict(re.findall(r"^  (\S+) +(\S{4}-\S{4}-\S{4}) ", printed, re.MULTILINE))


def a_change(old: str, new: str) -> dict[str, str]:
    """The page of the password as filled in."""
    return {"old_password": old, "new_password1": new, "new_password2": new}


def is_empty() -> bool:
    return not any(model.objects.exists() for model in (Territory, Organisation, User, Posting, TrailEntry))


def test_an_empty_database_gets_county_towns_centre_and_three_administrators(set_up) -> None:
    printed = set_up()
    county = Territory.objects.get(code="150526")
    assert [county.name, county.parent.name, county.parent.parent.name] == ["扎鲁特旗", "通辽市", "内蒙古自治区"]
    assert Territory.objects.filter(level=9, parent=county).count() == 19
    assert Territory.objects.get(code="150526200").kind == "苏木"
    centre = Organisation.objects.get()
    assert (centre.name, centre.territory) == ("扎鲁特旗社会治安综合治理中心", county)
    posts = set(Posting.objects.values_list("user__username", "user__name", "role", "organisation"))
    assert posts == {
        ("xitong", "周工", "system_admin", centre.pk),
        ("anquan", "吴工", "security_admin", centre.pk),
        ("shenji", "郑工", "auditor", centre.pk),
    }
    assert not Territory.objects.filter(is_demo=True).exists()
    assert set(passwords(printed)) == {"xitong", "anquan", "shenji"}


def test_the_tables_are_loaded_with_it(set_up) -> None:
    Category.objects.filter(code__startswith="09").update(name="旧")
    assert "纠纷类别" in set_up()
    assert not Category.objects.filter(name="旧").exists()


def test_each_administrator_signs_in_with_the_printed_password_and_must_change_it_first(set_up) -> None:
    printed = passwords(set_up())
    assert len(printed) == 3
    for username, given in printed.items():
        browser = Client()
        assert browser.post("/login/", {"username": username, "password": given}).status_code == 302
        assert browser.get("/")["Location"] == PAGE
        assert browser.get("/api/v1/anything/").json()["code"] == "password_change_required"
        assert browser.post(PAGE, a_change(given, given)).status_code == 422
        assert browser.post(PAGE, a_change(given, NEW)).status_code == 302
        assert browser.get("/").status_code == 200
        assert Client().post("/login/", {"username": username, "password": given}).status_code != 302


def test_a_manager_can_be_named_so_that_the_office_can_begin(set_up) -> None:
    printed = set_up(manager="李建国:lijianguo")
    manager = User.objects.get(username="lijianguo")
    assert (manager.name, manager.must_change_password) == ("李建国", True)
    assert scope_of(manager).subtrees == ("150526",)
    assert manager.check_password(passwords(printed)["lijianguo"])


def test_a_second_run_is_refused_and_changes_nothing(set_up) -> None:
    set_up()
    before = list(User.objects.order_by("pk").values_list("username", "password"))
    for county in ("150526", "152223"):
        with pytest.raises(CommandError, match=r"已设立扎鲁特旗（150526）"):
            set_up(county=county)
    assert list(User.objects.order_by("pk").values_list("username", "password")) == before
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("county", "sentence"),
    [
        ("15052", "6 位数字"),
        ("15052x", "6 位数字"),
        ("１５０５２６", "6 位数字"),
        ("150526000000", "6 位数字"),
        ("990526", "没有以 99 开头"),
        ("150500", "地级"),
        ("150000", "省级"),
    ],
)
def test_a_wrong_county_code_is_refused_in_words(set_up, county, sentence) -> None:
    with pytest.raises(CommandError, match=sentence):
        set_up(county=county)
    assert is_empty()


def test_nothing_is_half_made_when_the_last_account_fails(set_up) -> None:
    create_user(username="Zhuren", name="早来的人")
    with pytest.raises(CommandError, match="已有同名用户"):
        set_up(manager="李建国")
    assert list(User.objects.values_list("username", flat=True)) == ["Zhuren"]
    assert not any(model.objects.exists() for model in (Territory, Organisation, Posting, TrailEntry))


def test_nothing_is_half_made_when_the_tables_cannot_be_loaded(set_up, settings, tmp_path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("places.csv", "towns.csv"):
        (tmp_path / "data" / name).write_bytes((settings.BASE_DIR / "data" / name).read_bytes())
    settings.BASE_DIR = tmp_path
    with pytest.raises(FileNotFoundError):
        set_up()
    assert is_empty()


def test_without_a_terminal_what_is_missing_is_named(set_up) -> None:
    with pytest.raises(CommandError, match="缺少 --auditor"):
        set_up(auditor="")
    with pytest.raises(CommandError, match="缺少 --name"):
        set_up(county="130102")
    assert is_empty()


def test_on_a_terminal_what_is_missing_is_asked_for() -> None:
    answers = Terminal("130102\n长安区\n石家庄市\n周工\n吴工:wugong\n郑工\n\n")
    call_command("set_up", stdin=answers, stdout=StringIO())
    names = Territory.objects.order_by("code").values_list("name", flat=True)
    assert list(names) == ["河北省", "石家庄市", "长安区"]
    assert set(User.objects.values_list("username", flat=True)) == {"xitong", "wugong", "shenji"}


def test_towns_come_from_a_table_of_ones_own(set_up, tmp_path: Path) -> None:
    table = tmp_path / "towns.csv"
    table.write_text("﻿code12,name\n130102001000,建北街道\n130102100000,西兆通镇\n", encoding="utf-8")
    set_up(county="130102", name="长安区", prefecture="石家庄市", towns=table)
    kinds = set(Territory.objects.filter(level=9).values_list("code", "name", "kind"))
    assert kinds == {("130102001", "建北街道", "街道"), ("130102100", "西兆通镇", "镇")}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("150526100,鲁北镇\n150526100000,鲁北镇", "第 3 行.*已出现过"),
        ("1505261,鲁北镇", "第 2 行"),
        ("150526100200,某村", "不是乡镇"),
        ("150526100,", "请填写 150526100 的名称"),
        ("152223100,音德尔镇", "没有代码以 150526 开头"),
    ],
)
def test_a_faulty_table_of_towns_is_refused_with_its_line(set_up, tmp_path: Path, rows, sentence) -> None:
    table = tmp_path / "towns.csv"
    table.write_text(f"code12,name\n{rows}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        set_up(towns=table)
    assert is_empty()


def test_the_trail_tells_of_county_centre_and_posts_and_holds(set_up) -> None:
    set_up()
    county, centre = Territory.objects.get(code="150526"), Organisation.objects.get()
    entry = TrailEntry.objects.get(verb="county_set_up")
    people = {post.role: post.user_id for post in Posting.objects.all()}
    assert entry.facts == {"code": "150526", "centre": centre.pk, "towns": 19, "people": people}
    assert (entry.chain, entry.actor_id) == (f"territory:{county.pk}", None)
    assert TrailEntry.objects.filter(verb="place_opened").count() == 22
    assert TrailEntry.objects.filter(verb="posting_started").count() == 3
    assert not list(verify(Counts()))


def test_no_administrator_takes_any_other_post_beside(set_up) -> None:
    set_up()
    centre = Organisation.objects.get()
    for post in Posting.objects.select_related("user"):
        for role in set(Role) - {post.role, Role.API_CLIENT}:  # which is for outside systems only
            for day in (timezone.localdate(), date(2025, 1, 1)):
                with pytest.raises(RuleViolation, match="不兼业务岗位"):
                    post_person(post.user, centre, role, starts_on=day)


@pytest.mark.parametrize("options", [{"auditor": "周工"}, {"auditor": "郑工:XITONG"}, {"manager": "吴工"}])
def test_one_person_cannot_be_two_of_them(set_up, options) -> None:
    with pytest.raises(CommandError, match="须由不同的人担任"):
        set_up(**options)
    assert is_empty()


def test_passwords_differ_and_stand_nowhere_in_the_database(set_up) -> None:
    given = passwords(set_up(manager="李建国"))
    assert len(set(given.values())) == 4
    kept = " ".join(str(row) for row in (*User.objects.values(), *TrailEntry.objects.values_list("facts")))
    assert not any(password in kept for password in given.values())
