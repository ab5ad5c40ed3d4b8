"""Codes of an authenticator, recovery codes, who resets them, and which roles must have one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grids.models import Role
from tests.accounts.known import set_up_authenticator
from tests.people import Ground
from zhongzhi.accounts.actions import (
    begin_authenticator,
    confirm_authenticator,
    remove_authenticator,
    require_second_factor,
    reset_second_factor,
    take_code,
)
from zhongzhi.accounts.models import Authenticator, RecoveryCode, SecurityEvent, User
from zhongzhi.accounts.one_time_codes import code_at, matching_step, new_secret
from zhongzhi.accounts.queries import second_factors_of, second_factors_of_all
from zhongzhi.core.errors import BadInput, InvalidTransition, PermissionDenied

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=30)


def test_a_code_of_the_app_is_taken_once(clerk: User) -> None:
    secret, _ = set_up_authenticator(clerk)
    code = code_at(secret, timezone.now() + STEP)
    assert take_code(clerk, code) == "totp"
    assert take_code(clerk, code) == ""


def test_a_code_before_the_last_one_taken_is_refused(clerk: User) -> None:
    secret, _ = set_up_authenticator(clerk)
    assert take_code(clerk, code_at(secret, timezone.now() + STEP)) == "totp"
    assert take_code(clerk, code_at(secret, timezone.now())) == ""


def test_a_phone_may_be_half_a_minute_off_and_no_more() -> None:
    secret, now = new_secret(), timezone.now()
    taken = [matching_step(secret, code_at(secret, now + n * STEP), now, after=0) is not None for n in range(-3, 4)]
    assert taken == [False, False, True, True, True, False, False]


def test_the_secret_is_sealed_and_only_a_right_code_puts_it_into_use(clerk: User) -> None:
    secret = begin_authenticator(clerk)
    assert secret.encode() not in bytes(Authenticator.objects.get(user=clerk).secret)
    with pytest.raises(BadInput):
        confirm_authenticator(clerk, code_at(secret, timezone.now() + timedelta(days=1)))
    assert not second_factors_of(clerk).any
    set_up_authenticator(clerk)
    with pytest.raises(InvalidTransition):
        begin_authenticator(clerk)


def test_a_recovery_code_is_kept_as_a_hash_and_good_once_however_typed(clerk: User) -> None:
    _, codes = set_up_authenticator(clerk)
    assert len(set(codes)) == 10
    assert codes[0].encode() not in b"".join(bytes(row.digest) for row in RecoveryCode.objects.all())
    assert take_code(clerk, f" {codes[0].upper().replace('-', ' ')}") == "recovery"
    assert take_code(clerk, codes[0]) == ""
    assert second_factors_of(clerk).recovery_codes == 9


def test_a_recovery_code_of_another_person_is_worth_nothing(ground: Ground) -> None:
    _, codes = set_up_authenticator(ground.clerk)
    set_up_authenticator(ground.manager)
    assert take_code(ground.manager, codes[0]) == ""


def test_recovery_codes_go_with_the_last_second_factor(clerk: User) -> None:
    set_up_authenticator(clerk)
    remove_authenticator(clerk)
    assert not RecoveryCode.objects.filter(user=clerk).exists()
    assert SecurityEvent.objects.filter(kind="factor_removed", user=clerk).count() == 1


def test_the_security_administrator_resets_with_a_reason_and_sessions_end(ground: Ground, client) -> None:
    set_up_authenticator(ground.clerk)
    client.force_login(ground.clerk)
    reset_second_factor(ground.clerk, ground.security_admin, "手机遗失，已当面核对身份")
    assert not second_factors_of(ground.clerk).any
    assert client.get("/account/sessions/").status_code == 302
    line = SecurityEvent.objects.get(kind="factor_reset")
    assert (line.user, line.detail) == (ground.clerk, "由 security_admin：手机遗失，已当面核对身份")


@pytest.mark.parametrize("who", ["clerk", "manager", "leader", "system_admin", "auditor"])
def test_nobody_else_resets(ground: Ground, who: str) -> None:
    set_up_authenticator(ground.handler)
    with pytest.raises(PermissionDenied):
        reset_second_factor(ground.handler, ground.people[who], "手机遗失")
    assert second_factors_of(ground.handler).any


def test_the_security_administrator_does_not_reset_his_own(ground: Ground) -> None:
    with pytest.raises(PermissionDenied):
        reset_second_factor(ground.security_admin, ground.security_admin, "手机遗失")


def test_no_reset_without_a_reason(ground: Ground) -> None:
    set_up_authenticator(ground.clerk)
    with pytest.raises(BadInput):
        reset_second_factor(ground.clerk, ground.security_admin, "  ")
    assert second_factors_of(ground.clerk).any


def test_a_rule_makes_it_due_for_its_roles_from_its_day_on(ground: Ground) -> None:
    today = timezone.localdate()
    require_second_factor([Role.MANAGER], starts_on=today + timedelta(days=7))
    manager, clerk = second_factors_of(ground.manager), second_factors_of(ground.clerk)
    assert clerk.required_from is None
    assert (manager.is_due(today), manager.is_due(today + timedelta(days=7))) == (False, True)
    set_up_authenticator(ground.manager)
    assert not second_factors_of(ground.manager).is_due(today + timedelta(days=7))


def test_a_rule_given_again_keeps_its_day_and_a_role_left_out_is_free(ground: Ground) -> None:
    today = timezone.localdate()
    require_second_factor([Role.MANAGER, Role.LEADER], starts_on=today)
    require_second_factor([Role.MANAGER, Role.AUDITOR], starts_on=today + timedelta(days=9))
    days = {name: second_factors_of(ground.people[name]).required_from for name in ("manager", "leader", "auditor")}
    assert days == {"manager": today, "leader": None, "auditor": today + timedelta(days=9)}


def test_many_people_cost_as_many_queries_as_one(ground: Ground, django_assert_num_queries) -> None:
    set_up_authenticator(ground.clerk)
    with django_assert_num_queries(2):
        found = second_factors_of_all(ground.people.values())
    assert [name for name, person in ground.people.items() if found[person.pk].any] == ["clerk"]
