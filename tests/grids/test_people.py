"""Accounts and posts: who may post whom, deputies, and the review of posts with wide sight."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids.actions import people as actions
from grids.entries import AccountEntry, PostEntry
from grids.models import Organisation, Posting, PostProposal, Role
from grids.permissions import may_keep_account, may_post
from grids.queries import people_kept_by
from grids.scope import scope_of
from tests.days import today
from tests.people import Ground
from zhongzhi.accounts.models import User
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied, RuleViolation
from zhongzhi.notices.actions import deliver_due
from zhongzhi.notices.models import Notice

pytestmark = pytest.mark.django_db

STAFF = {Role.CLERK, Role.DISPATCHER, Role.HANDLER, Role.MEDIATOR, Role.GRID_WORKER}


def a_post(organisation: Organisation, role: Role, **changes: object) -> PostEntry:
    return PostEntry(**({"organisation": organisation.pk, "role": role, "starts_on": today()} | changes))  # type: ignore[arg-type]


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def given(actor: User, organisation: Organisation) -> set[Role]:
    return {role for role in Role if may_post(again(actor), organisation, role)}


def test_the_system_administrator_gives_every_post_of_people_in_the_county(ground: Ground) -> None:
    everything = set(Role) - {Role.API_CLIENT}
    for place in (ground.county_centre, ground.justice_bureau, ground.village_centre):
        assert given(ground.system_admin, place) == everything


def test_the_head_of_a_centre_gives_posts_of_staff_at_home_and_of_heads_below_and_nowhere_else(ground: Ground) -> None:
    assert given(ground.town_manager, ground.juri_centre) == STAFF
    assert given(ground.town_manager, ground.village_centre) == STAFF | {Role.MANAGER}
    for place in (ground.county_centre, ground.lubei_centre, ground.justice_bureau, ground.juri_police):
        assert given(ground.town_manager, place) == set()


@pytest.mark.parametrize(
    "name", ["clerk", "dispatcher", "handler", "leader", "security_admin", "auditor", "grid_worker"]
)
def test_others_give_no_post(name: str, ground: Ground) -> None:
    assert [place for place in ground.organisations.values() if given(ground.people[name], place)] == []


def test_nobody_posts_themselves(ground: Ground) -> None:
    for name in ("system_admin", "manager"):
        actor = ground.people[name]
        with pytest.raises(PermissionDenied):
            actions.give_post(actor, a_post(ground.county_centre, Role.CLERK), actor=actor)


def test_an_account_is_kept_by_who_may_give_all_its_posts(ground: Ground) -> None:
    assert may_keep_account(ground.manager, ground.clerk)
    assert not may_keep_account(ground.manager, ground.handler)
    assert not may_keep_account(ground.town_manager, ground.manager)
    assert not may_keep_account(ground.system_admin, ground.system_admin)
    assert may_keep_account(ground.system_admin, ground.auditor)


def test_a_new_account_has_a_one_time_password_and_a_post_from_today(ground: Ground) -> None:
    account = AccountEntry("bao", "包新", "13800000001")
    user, password = actions.open_account(account, a_post(ground.county_centre, Role.CLERK), actor=ground.manager)
    assert user.check_password(password) and user.must_change_password
    assert scope_of(again(user)).roles == {Role.CLERK}
    verbs = TrailEntry.objects.filter(actor_id=ground.manager.pk).values_list("verb", flat=True)
    assert {"account_opened", "posting_started"} <= set(verbs)


def test_an_account_without_a_post_that_may_be_given_is_not_opened(ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        actions.open_account(
            AccountEntry("bao", "包新"), a_post(ground.county_centre, Role.LEADER), actor=ground.manager
        )
    assert not User.objects.filter(username="bao").exists()


def test_a_post_of_wide_sight_opens_nothing_before_it_is_confirmed(ground: Ground) -> None:
    user, _ = actions.open_account(
        AccountEntry("lingdao", "新领导"), a_post(ground.politics_and_law, Role.LEADER), actor=ground.system_admin
    )
    assert scope_of(again(user)).postings == ()
    proposal = PostProposal.objects.get(user=user)
    deliver_due(timezone.now())
    assert Notice.objects.filter(user=ground.security_admin, kind="post_to_confirm").exists()
    actions.confirm_post(proposal, actor=ground.security_admin)
    assert scope_of(again(user)).roles == {Role.LEADER}
    with pytest.raises(InvalidTransition):
        actions.confirm_post(proposal, actor=ground.security_admin)


def test_a_refused_post_never_was_and_who_asked_is_told_why(ground: Ground) -> None:
    proposal = actions.give_post(
        ground.handler, a_post(ground.county_centre, Role.DISPATCHER), actor=ground.system_admin
    )
    assert isinstance(proposal, PostProposal)
    with pytest.raises(BadInput):
        actions.refuse_post(proposal, reason=" ", actor=ground.security_admin)
    actions.refuse_post(proposal, reason="没有任命文件", actor=ground.security_admin)
    assert scope_of(again(ground.handler)).roles == {Role.HANDLER}
    deliver_due(timezone.now())
    assert Notice.objects.get(user=ground.system_admin, kind="post_decided").body == "没有任命文件"


def test_only_another_security_administrator_confirms(ground: Ground) -> None:
    proposal = actions.give_post(ground.handler, a_post(ground.juri_centre, Role.MANAGER), actor=ground.system_admin)
    assert isinstance(proposal, PostProposal)
    for name in ("system_admin", "handler", "manager", "auditor"):
        with pytest.raises(PermissionDenied):
            actions.confirm_post(proposal, actor=ground.people[name])


def test_a_deputy_serves_for_a_time_in_the_post_of_somebody_who_holds_it(ground: Ground) -> None:
    week = today() + timedelta(days=7)
    post = a_post(ground.county_centre, Role.CLERK, deputises_for="clerk")
    with pytest.raises(RuleViolation, match="结束日期"):
        actions.give_post(ground.handler, post, actor=ground.system_admin)
    post = a_post(ground.county_centre, Role.CLERK, deputises_for="clerk", ends_on=week)
    actions.give_post(ground.handler, post, actor=ground.system_admin)
    held = Posting.objects.get(user=ground.handler, role=Role.CLERK)
    assert (held.deputises_for, held.ends_on) == (ground.clerk, week)
    assert scope_of(again(ground.handler), on=week).roles == {Role.HANDLER}


def test_heads_see_their_own_people_and_administrators_everybody(ground: Ground) -> None:
    assert set(people_kept_by(ground.town_manager)) == {
        ground.town_clerk, ground.town_dispatcher, ground.town_manager, ground.village_manager, ground.grid_worker,
    }  # fmt: skip
    assert set(people_kept_by(ground.system_admin)) == set(ground.people.values())


def test_the_pages_make_an_account_show_its_password_once_and_end_its_post(ground: Ground, client: Client) -> None:
    client.force_login(ground.manager)
    client.get("/")
    typed = {
        "name": "包新", "username": "bao", "organisation": ground.county_centre.name, "role": "clerk",
        "starts_on": str(today() - timedelta(days=1)),
    }  # fmt: skip
    assert client.post("/grids/staff/new/", typed | {"username": "clerk"}).status_code == 422
    page = client.post("/grids/staff/new/", typed).content.decode()
    user = User.objects.get(username="bao")
    assert "只显示这一次" in page and "包新" in page
    assert "包新" in client.get("/grids/staff/").content.decode()
    post = user.postings.get()
    answer = client.post(f"/grids/staff/posts/{post.pk}/end/", {"ends_on": str(today())})
    assert answer.headers["HX-Redirect"] == f"/grids/staff/{user.pk}/"
    assert scope_of(again(user)).postings == ()
    assert client.get(f"/grids/staff/{ground.leader.pk}/").status_code == 404


def test_the_security_administrator_confirms_on_the_page(ground: Ground, client: Client) -> None:
    actions.give_post(ground.handler, a_post(ground.juri_centre, Role.MANAGER), actor=ground.system_admin)
    proposal = PostProposal.objects.get()
    client.force_login(ground.security_admin)
    assert "王立新" in client.get("/grids/post-reviews/").content.decode()
    assert client.post(f"/grids/post-reviews/{proposal.pk}/confirm/").status_code == 200
    assert Role.MANAGER in scope_of(again(ground.handler)).roles
