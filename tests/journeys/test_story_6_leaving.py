"""Story 6: a clerk with fourteen open things of different kinds leaves; all of it is handed over in one act, the next
person finds it, and the trail tells."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grids.actions import post_person, set_duty
from grids.actions.duty import duty_person
from grids.actions.leaving import held_work
from grids.models import Role, Shift
from intake import actions
from intake.actions.autosave import save_autosave
from intake.models import Case
from referrals.models import Document
from tests.grids.field import OTHER_GRID, a_worker
from tests.journeys.conftest import Login, Visit, shot
from tests.journeys.signing import give_password, type_name
from tests.journeys.test_every_page import NOTHING, check
from tests.people import PASSWORD, STARTS, Ground, an_entry
from tests.referrals import ways as papers
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def successor(town: Ground) -> User:
    user = create_user(username="next", name="王芳")
    for role in (Role.CLERK, Role.DISPATCHER):
        post_person(user, town.county_centre, role, starts_on=STARTS)
    return give_password(user)


@pytest.fixture
def leaver(town: Ground) -> User:
    """Five cases, three drafts, two entries not sent, two papers, a turn of duty and a grid hang on the clerk."""
    who: User = give_password(town.clerk)
    post_person(who, town.county_centre, Role.DISPATCHER, starts_on=STARTS)
    for n in range(5):
        actions.register_case(an_entry(title=f"案件{n}"), actor=who)
    for n in range(3):
        actions.save_draft(an_entry(title=f"草稿{n}"), actor=who)
    for n in range(2):
        save_autosave(f"title=未提交{n}", actor=who, uid=uuid4())
    case = papers.dispatched(town)
    Case.objects.filter(pk=case.pk).update(created_by=town.dispatcher)
    for _ in range(2):
        papers.draft(town, case=case)
    Document.objects.filter(status="draft").update(drafted_by=who)
    a_worker(town, who.name, place=OTHER_GRID, username=who.username)
    starts = timezone.now() + timedelta(days=1)
    set_duty(
        duty_person(who), actor=town.manager, organisation=town.county_centre, starts_at=starts,
        ends_at=starts + timedelta(hours=8),
    )  # fmt: skip
    return who


def test_a_clerk_with_fourteen_open_things_leaves(
    sign_in: Login, visit: Visit, town: Ground, leaver: User, successor: User
) -> None:
    assert sum(len(held.items) for held in held_work(leaver)) == 14
    # the system administrator hands everything over in one act
    office = sign_in(town.system_admin, "/")
    office.get_by_role("link", name="人员与岗位").click()
    office.get_by_role("link", name=leaver.name).click()
    office.get_by_role("link", name="交接、离岗").click()
    expect(office.get_by_role("region", name="在办案件")).to_contain_text("5 件")
    assert check(office) == NOTHING
    office.set_viewport_size({"width": 1366, "height": 768})
    shot(office, "leaving-1366")
    office.get_by_label("全部交给").select_option(label="王芳（next）")
    office.get_by_label("原因").fill("调往旗司法局")
    office.get_by_role("button", name="办理交接").click()
    expect(office.get_by_text("已交接 14 件，任职已结束，账号已停用。")).to_be_visible()
    assert held_work(leaver) == []

    # who left does not come in any more; the next person finds everything
    gone = visit("/login/")
    type_name(gone, leaver.username, PASSWORD)
    expect(gone.get_by_text("用户名或密码不正确")).to_be_visible()
    page = sign_in(successor, "/")
    expect(page.get_by_role("link", name="5 我登记、接手的")).to_be_visible()
    for words in ("草稿0", "草稿2", "自动保存"):
        expect(page.get_by_text(words).first).to_be_visible()
    assert check(page) == NOTHING
    shot(page, "leaving-next-1366")
    page.get_by_role("link", name="5 我登记、接手的").click()
    expect(page.get_by_text("案件4")).to_be_visible()
    assert Document.objects.filter(drafted_by=successor).count() == 2
    assert Shift.objects.filter(person__user=successor).count() == 1

    # the auditor reads it in the trail
    audit = sign_in(town.auditor, "/auditing/trail/?person=system_admin")
    for words in ("工作交接", "接手工作", "停用账号"):
        expect(audit.get_by_role("cell", name=words, exact=True).first).to_be_visible()
    shot(audit, "leaving-trail-1366")
