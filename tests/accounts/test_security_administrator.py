"""What the security administrator does: rules, unlocking, one-time passwords, sessions, dormant accounts, addresses."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from tests.accounts.known import PASSWORD, age_session
from tests.people import Ground
from zhongzhi.accounts import actions
from zhongzhi.accounts.models import ApiClient, DormancyDecision, SecurityEvent, SecurityRule, User, UserSession
from zhongzhi.accounts.origin import Origin
from zhongzhi.accounts.queries import dormant_accounts, locked_names
from zhongzhi.accounts.security_rules import RuleName, networks_of, number_of
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, PermissionDenied, RuleViolation

pytestmark = pytest.mark.django_db
HERE = Origin("127.0.0.1")
WHY = "按安全检查要求"
OTHERS = ["clerk", "manager", "leader", "system_admin", "auditor"]


def sign_in(username: str, password: str) -> Client:
    browser = Client()
    browser.post("/login/", {"username": username, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def give_password(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


def lock(user: User) -> None:
    give_password(user)
    for _ in range(5):
        Client().post("/login/", {"username": user.username, "password": "wrong"})


def is_dormant(user: User) -> bool:
    return dormant_accounts(timezone.now()).filter(pk=user.pk).exists()


def make_dormant(user: User) -> None:
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=91), last_login=None)


def test_a_rule_holds_from_the_moment_it_is_set_and_keeps_its_history(ground: Ground) -> None:
    assert number_of(RuleName.PASSWORD_AGE) == 90
    actions.set_number(RuleName.PASSWORD_AGE, 60, ground.security_admin, WHY)
    actions.set_number(RuleName.PASSWORD_AGE, 30, ground.security_admin, WHY)
    assert number_of(RuleName.PASSWORD_AGE) == 30
    assert list(SecurityRule.objects.order_by("id").values_list("numbers", flat=True)) == [60, 30]
    assert SecurityEvent.objects.filter(kind="rule_changed").count() == 2


@pytest.mark.parametrize("number", [0, 181])
def test_a_rule_stays_within_its_bounds(ground: Ground, number: int) -> None:
    with pytest.raises(BadInput):
        actions.set_number(RuleName.PASSWORD_AGE, number, ground.security_admin, WHY)


def test_a_rule_that_was_set_is_never_changed(ground: Ground) -> None:
    rule = actions.set_number(RuleName.PASSWORD_AGE, 60, ground.security_admin, WHY)
    for change in ("UPDATE accounts_securityrule SET numbers = 1", "DELETE FROM accounts_securityrule"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert SecurityRule.objects.get(pk=rule.pk).numbers == 60


def test_the_idle_end_of_the_rule_ends_sessions(ground: Ground, client: Client) -> None:
    client.force_login(ground.clerk)
    client.get("/account/sessions/")
    age_session(client, seen=timedelta(minutes=20))
    assert client.get("/account/sessions/").status_code == 200
    actions.set_number(RuleName.IDLE_END, 10, ground.security_admin, WHY)
    age_session(client, seen=timedelta(minutes=20))
    assert client.get("/account/sessions/").status_code == 302


def test_a_locked_name_is_seen_and_unlocked(ground: Ground) -> None:
    lock(ground.clerk)
    assert not is_in(sign_in("clerk", PASSWORD))
    assert [found.username for found in locked_names(timezone.now())] == ["clerk"]
    actions.unlock("clerk", ground.security_admin, WHY, origin=HERE)
    assert locked_names(timezone.now()) == []
    assert is_in(sign_in("clerk", PASSWORD))
    assert SecurityEvent.objects.get(kind="unlocked").user == ground.clerk


def test_the_rule_says_after_how_many_wrong_passwords_a_name_is_locked(ground: Ground) -> None:
    actions.set_number(RuleName.LOCKOUT_FAILURES, 10, ground.security_admin, WHY)
    lock(ground.clerk)
    assert is_in(sign_in("clerk", PASSWORD))


def test_a_name_tried_from_many_addresses_is_seen_and_unlocked(ground: Ground) -> None:
    give_password(ground.clerk)
    for number in range(12):
        Client(REMOTE_ADDR=f"10.1.1.{number}").post("/login/", {"username": "clerk", "password": "wrong"})
    assert not is_in(sign_in("clerk", PASSWORD))
    assert [found.username for found in locked_names(timezone.now())] == ["clerk"]
    actions.unlock("clerk", ground.security_admin, WHY, origin=HERE)
    assert locked_names(timezone.now()) == []
    assert is_in(sign_in("clerk", PASSWORD))


def test_what_is_not_locked_is_not_unlocked(ground: Ground) -> None:
    with pytest.raises(InvalidTransition):
        actions.unlock("clerk", ground.security_admin, WHY)


def test_a_one_time_password_opens_once_and_must_be_changed(ground: Ground) -> None:
    before = sign_in_with_own(ground.clerk)
    password = actions.give_one_time_password(ground.clerk, ground.security_admin, WHY)
    assert before.get("/account/sessions/").status_code == 302
    browser = sign_in("clerk", password)
    assert browser.get("/")["Location"] == "/account/password/"
    assert password not in "".join(SecurityEvent.objects.values_list("detail", flat=True))


def sign_in_with_own(user: User) -> Client:
    give_password(user)
    browser = sign_in(user.username, PASSWORD)
    assert is_in(browser)
    return browser


def test_a_one_time_password_expires(ground: Ground) -> None:
    password = actions.give_one_time_password(ground.clerk, ground.security_admin, WHY)
    User.objects.filter(pk=ground.clerk.pk).update(one_time_until=timezone.now() - timedelta(seconds=1))
    assert not is_in(sign_in("clerk", password))


def test_a_changed_password_does_not_expire_as_a_one_time_password(ground: Ground) -> None:
    actions.give_one_time_password(ground.clerk, ground.security_admin, WHY)
    person = actions.change_password(User.objects.get(pk=ground.clerk.pk), PASSWORD)
    assert (person.one_time_until, person.must_change_password) == (None, False)


def test_a_password_given_with_a_new_account_expires_too(db: None) -> None:
    new = actions.create_user(username="new", name="新来", password=PASSWORD, must_change_password=True)
    assert new.one_time_until is not None


def test_a_session_of_somebody_else_is_ended(ground: Ground, client: Client) -> None:
    client.force_login(ground.clerk)
    client.get("/account/sessions/")
    session = UserSession.objects.get(user=ground.clerk)
    actions.end_session_of(session, ground.security_admin, WHY)
    assert client.get("/account/sessions/").status_code == 302


def test_a_dormant_account_is_closed_or_kept_and_comes_up_again(ground: Ground) -> None:
    for person in (ground.clerk, ground.handler):
        make_dormant(person)
    actions.review_dormant(ground.clerk, DormancyDecision.CLOSE, ground.security_admin, WHY)
    actions.review_dormant(ground.handler, DormancyDecision.KEEP, ground.security_admin, WHY)
    assert not User.objects.get(pk=ground.clerk.pk).is_active
    assert User.objects.get(pk=ground.handler.pk).is_active
    assert not is_dormant(ground.handler)
    later = timezone.now() + timedelta(days=91)
    assert dormant_accounts(later).filter(pk=ground.handler.pk).exists()


def test_an_account_in_use_is_not_reviewed(ground: Ground) -> None:
    with pytest.raises(InvalidTransition):
        actions.review_dormant(ground.clerk, DormancyDecision.CLOSE, ground.security_admin, WHY)


def test_administrators_come_from_the_ranges_of_the_rule_only(ground: Ground, client: Client) -> None:
    actions.set_admin_networks(["127.0.0.0/8"], ground.security_admin, WHY, origin=HERE)
    client.force_login(ground.auditor)
    assert client.get("/account/sessions/").status_code == 200
    assert client.get("/account/sessions/", REMOTE_ADDR="10.9.9.9").status_code == 302
    give_password(ground.auditor)
    browser = Client(REMOTE_ADDR="10.9.9.9")
    browser.post("/login/", {"username": "auditor", "password": PASSWORD})
    assert not is_in(browser)
    browser.force_login(ground.clerk)
    assert browser.get("/account/sessions/").status_code == 200


def test_no_rule_shuts_out_who_sets_it(ground: Ground) -> None:
    for ranges in (["10.15.0.0/16"], ["::1/128"]):
        with pytest.raises(RuleViolation):
            actions.set_admin_networks(ranges, ground.security_admin, WHY, origin=HERE)
    assert networks_of() == ()


def test_what_is_no_range_is_named(ground: Ground) -> None:
    with pytest.raises(BadInput, match="旗政务网"):
        actions.set_admin_networks(["旗政务网"], ground.security_admin, WHY, origin=HERE)


def test_an_outside_system_calls_from_its_ranges_only(ground: Ground) -> None:
    client = actions.register_client("12345热线", ["stats:read"])
    text = actions.issue_token(client).text
    caller = Client(headers={"Authorization": f"Bearer {text}"})
    actions.set_client_networks(client, ["10.15.0.0/16"], ground.security_admin, WHY, origin=HERE)
    assert caller.get("/api/v1/cases/").status_code == 401
    assert caller.get("/api/v1/cases/", REMOTE_ADDR="10.15.3.8").status_code != 401


def acts(ground: Ground, person: User) -> dict[str, Callable[[User], object]]:
    """Everything that is reserved, done to this person."""
    session = UserSession.objects.create(
        session_key=f"key-{person.pk}", session_data="", expire_date=timezone.now() + timedelta(hours=1), user=person
    )
    client = ApiClient.objects.create(name="外部系统", user=actions.create_user(username="api-x", name="外部系统"))
    return {
        "rule": lambda actor: actions.set_number(RuleName.IDLE_END, 10, actor, WHY),
        "networks": lambda actor: actions.set_admin_networks([], actor, WHY, origin=HERE),
        "client": lambda actor: actions.set_client_networks(client, [], actor, WHY, origin=HERE),
        "unlock": lambda actor: actions.unlock(person.username, actor, WHY),
        "password": lambda actor: actions.give_one_time_password(person, actor, WHY),
        "factor": lambda actor: actions.reset_second_factor(person, actor, WHY),
        "session": lambda actor: actions.end_session_of(session, actor, WHY),
        "dormant": lambda actor: actions.review_dormant(person, DormancyDecision.KEEP, actor, WHY),
    }


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_does_any_of_it(ground: Ground, who: str) -> None:
    done = [name for name, act in acts(ground, ground.handler).items() if not refused(act, ground.people[who])]
    assert done == []


def test_the_security_administrator_does_none_of_it_to_himself(ground: Ground) -> None:
    own = acts(ground, ground.security_admin)
    done = [
        name
        for name in ("unlock", "password", "factor", "session", "dormant")
        if not refused(own[name], ground.security_admin)
    ]
    assert done == []


def refused(act: Callable[[User], object], actor: User) -> bool:
    try:
        with transaction.atomic():
            act(actor)
    except PermissionDenied:
        return True
    except DomainError:
        return False
    return False


@pytest.mark.parametrize("name", ["rule", "client", "password", "session"])
def test_nothing_without_a_reason(ground: Ground, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.WHY", "  ")
    with pytest.raises(BadInput):
        acts(ground, ground.handler)[name](ground.security_admin)
