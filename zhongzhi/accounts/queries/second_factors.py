"""Reads of what a person shows besides the password, and of the account that single sign-on names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject, Lower

from zhongzhi.accounts.extension_points import post_facts_of
from zhongzhi.accounts.models import (
    Authenticator,
    Passkey,
    RecoveryCode,
    SecondFactorRule,
    User,
)
from zhongzhi.accounts.permissions import may_sign_in
from zhongzhi.core.errors import PermissionDenied
from zhongzhi.rows.arrays import THESE_KEYS, among
from zhongzhi.rows.remembered import RememberedRows

_RULES = RememberedRows(SecondFactorRule.objects.values_list("role", "starts_on"))


@dataclass(frozen=True)
class SecondFactors:
    """What a person has set up, and whether the rules ask for it."""

    authenticator: bool = False
    passkeys: int = 0
    recovery_codes: int = 0
    required_from: date | None = None
    """The first day a second factor is compulsory for one of the person's posts; None for never."""

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all; recovery codes alone are none."""
        return self.authenticator or self.passkeys > 0

    def is_due(self, today: date) -> bool:
        """Compulsory, and not there."""
        return not self.any and self.required_from is not None and self.required_from <= today


def second_factors_of(user: User) -> SecondFactors:
    """The second factors of one person."""
    return second_factors_of_all([user])[user.pk]


def second_factors_of_all(users: Iterable[User]) -> dict[int, SecondFactors]:
    """The second factors of several people by their keys, in as many queries as for one (beside their posts)."""
    people = list(users)
    found = dict(_factors().read(keys=[user.pk for user in people])) if people else {}
    rules = dict(_RULES.read())
    return {
        user.pk: SecondFactors(**found.get(user.pk, {}), required_from=_required_from(user, rules)) for user in people
    }


@cache
def _factors() -> RememberedRows[tuple[int, dict[str, Any]]]:
    mine = {"user": OuterRef("pk")}
    rows = User.objects.filter(among("pk", THESE_KEYS)).annotate(
        with_app=Exists(Authenticator.objects.filter(**mine).exclude(confirmed_at=None)),
        keys=_number(Passkey.objects.filter(**mine)),
        codes=_number(RecoveryCode.objects.filter(**mine, used_at=None)),
    )
    told = JSONObject(authenticator="with_app", passkeys="keys", recovery_codes="codes")
    return RememberedRows(rows.values_list("pk", told))


def _number(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("user").annotate(n=Count("pk")).values("n")), 0)


def _required_from(user: User, rules: dict[str, date]) -> date | None:
    if not rules:
        return None
    return min((rules[role] for role in post_facts_of(user).roles if role in rules), default=None)


def second_factor_rules() -> QuerySet[SecondFactorRule]:
    """Which roles show a second factor, and from when on."""
    return SecondFactorRule.objects.order_by("role")


def account_of_claim(claim: str) -> User:
    """The account that single sign-on means: the one of that user name, in service. Raises PermissionDenied."""
    user = User.objects.alias(folded=Lower("username")).filter(folded=claim.lower()).first() if claim else None
    if user is None:
        raise PermissionDenied("统一认证已通过，但本系统没有您的账号，请联系本单位系统管理员开通。")
    if not may_sign_in(user):
        raise PermissionDenied("您在本系统的账号已停用，请联系本单位系统管理员。")
    return user


def passkeys_of(user: User) -> QuerySet[Passkey]:
    """The person's own passkeys, the first first."""
    return Passkey.objects.filter(user=user).order_by("pk")
