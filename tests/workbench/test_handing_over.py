"""A clerk leaves: everything goes to the next in one act, is found there, and the trail tells."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from grids.actions import post_person, set_duty
from grids.actions.duty import duty_person
from grids.actions.leaving import held_work, leave
from grids.models import Posting, Role, Shift
from grids.scope import scope_of
from intake import actions, queries
from intake.actions.autosave import save_autosave
from intake.models import Case, EntryAutosave
from tests.people import STARTS, Ground, an_entry
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import User
from zhongzhi.audit.models import TrailEntry
from zhongzhi.audit.verify import Counts, verify
from zhongzhi.core.errors import BadInput, PermissionDenied, RuleViolation
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(ground: Ground) -> User:
    """Another clerk of the county's centre."""
    user = ground.people["next"] = create_user(username="next", name="王芳")
    post_person(user, ground.county_centre, Role.CLERK, starts_on=STARTS)
    return user


@pytest.fixture
def fourteen(ground: Ground) -> list[Case]:
    """Seven open cases, four drafts, two entries not sent and a turn of duty hang on the clerk."""
    cases = [actions.register_case(an_entry(title=f"案件{n}"), actor=ground.clerk) for n in range(7)]
    for n in range(4):
        actions.save_draft(an_entry(title=f"草稿{n}"), actor=ground.clerk)
    for n in range(2):
        save_autosave(f"title=未提交{n}", actor=ground.clerk, uid=uuid4())
    starts = timezone.now() + timedelta(days=1)
    set_duty(
        duty_person(ground.clerk),
        actor=ground.manager,
        organisation=ground.county_centre,
        starts_at=starts,
        ends_at=starts + timedelta(hours=8),
    )
    return cases


def to(successor: User) -> dict[str, User]:
    return dict.fromkeys(("cases", "drafts", "entries", "duty"), successor)


def test_fourteen_things_go_over_in_one_act_and_the_next_person_finds_them(
    ground: Ground, successor: User, fourteen: list[Case]
) -> None:
    assert sum(len(held.items) for held in held_work(ground.clerk)) == 14
    assert leave(ground.clerk, to(successor), actor=ground.manager, reason="调往司法局") == 14
    assert held_work(ground.clerk) == []
    assert {case.pk for case in queries.open_cases_of(successor)} == {case.pk for case in fourteen}
    assert queries.drafts_of(successor).count() == 4
    assert sorted(row.text for row in EntryAutosave.objects.filter(user=successor)) == [
        "title=未提交0",
        "title=未提交1",
    ]
    assert Shift.objects.filter(person__user=successor).count() == 1


def test_the_trail_tells_and_the_successor_is_told(ground: Ground, successor: User, fourteen: list[Case]) -> None:
    leave(ground.clerk, to(successor), actor=ground.manager, reason="调往司法局")
    verbs = list(TrailEntry.objects.filter(actor_id=ground.manager.pk).values_list("verb", flat=True))
    assert verbs.count("case_taken_over") == 11
    assert {"work_handed_over", "work_taken_over", "posting_ended", "account_closed"} <= set(verbs)
    assert list(verify(Counts())) == []
    deliver_due(timezone.now())
    assert "在办案件 7 件" in Notice.objects.get(user=successor, kind="work_taken_over").body
    assert Case.objects.get(pk=fourteen[0].pk).created_by == ground.clerk


def test_who_left_has_no_post_no_account_and_no_session(
    ground: Ground, successor: User, fourteen: list[Case], client: Client
) -> None:
    client.force_login(ground.clerk)
    leave(ground.clerk, to(successor), actor=ground.manager, reason="调往司法局")
    left = User.objects.get(pk=ground.clerk.pk)
    assert not left.is_active and scope_of(left).postings == ()
    assert not Posting.objects.filter(user=left, ends_on=None).exists()
    assert client.get("/").status_code == 302


def test_nothing_goes_over_where_one_kind_has_nobody_or_somebody_from_elsewhere(
    ground: Ground, successor: User, fourteen: list[Case]
) -> None:
    some = to(successor)
    del some["duty"]
    for successors in (some, to(ground.town_clerk), to(ground.auditor), to(ground.clerk), {}):
        with pytest.raises(RuleViolation):
            leave(ground.clerk, successors, actor=ground.manager, reason="调离")
    with pytest.raises(BadInput):
        leave(ground.clerk, to(successor), actor=ground.manager, reason=" ")
    with pytest.raises(PermissionDenied):
        leave(ground.clerk, to(successor), actor=ground.dispatcher, reason="调离")
    assert sum(len(held.items) for held in held_work(ground.clerk)) == 14
    assert User.objects.get(pk=ground.clerk.pk).is_active


def test_the_page_lists_what_hangs_on_a_person_and_gives_it_away(
    ground: Ground, successor: User, fourteen: list[Case], client: Client
) -> None:
    client.force_login(ground.manager)
    page = f"/grids/staff/{ground.clerk.pk}/hand-over/"
    shown = client.get(page).content.decode()
    assert "案件6" in shown and "草稿：草稿0" in shown and "7 件" in shown
    assert client.post(page, {"reason": "调离"}).status_code == 422
    answer = client.post(page, {"reason": "调离", "everything": str(successor.pk)})
    assert answer.status_code == 302
    assert held_work(ground.clerk) == []
    assert "账号已停用" in client.get(f"/grids/staff/{ground.clerk.pk}/").content.decode()


def test_what_was_taken_over_is_handed_on_by_the_next_who_leaves(
    ground: Ground, successor: User, fourteen: list[Case]
) -> None:
    leave(ground.clerk, to(successor), actor=ground.manager, reason="调离")
    third = create_user(username="third", name="李娜")
    post_person(third, ground.county_centre, Role.CLERK, starts_on=STARTS)
    leave(successor, to(third), actor=ground.manager, reason="调离")
    assert queries.open_cases_of(third).count() == 7
