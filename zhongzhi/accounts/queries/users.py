"""Reads of people: accounts, sessions, passwords they had, signing in, dormant accounts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhongzhi.accounts.models import (
    DormancyReview,
    PasswordHistory,
    SecurityEvent,
    SecurityKind,
    User,
    UserKind,
    UserSession,
)
from zhongzhi.accounts.security_rules import RuleName, number_of
from zhongzhi.core.errors import NotFound

FAILURES = (SecurityKind.LOGIN_FAILED, SecurityKind.LOCKED_OUT)


def recent_sign_ins(user: User, count: int) -> list[SecurityEvent]:
    """The latest lines about the person's signing in, failures included, the last first."""
    kinds = [SecurityKind.LOGGED_IN, SecurityKind.FACTOR_FAILED]
    own, named = Q(user=user, kind__in=kinds), Q(kind__in=FAILURES, user=None, username=user.username.lower())
    latest = [SecurityEvent.objects.filter(part).order_by("-id")[:count] for part in (own, named)]
    return sorted((line for part in latest for line in part), key=lambda line: line.pk, reverse=True)[:count]


def people() -> QuerySet[User]:
    """Everybody who can sign in; outside systems not."""
    return User.objects.filter(is_active=True, kind=UserKind.PERSON).order_by("pk")


def sessions_of(user: User) -> QuerySet[UserSession]:
    """Where the person is signed in now, the latest used first."""
    return UserSession.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-last_seen_at")


def session_of(user: User, public_id: UUID) -> UserSession:
    """One of the person's own sessions; anyone else's is out of sight (`NotFound`)."""
    session = sessions_of(user).filter(public_id=public_id).first()
    if session is None:
        raise NotFound("这个会话不存在或已经结束。")
    return session


def recent_password_hashes(user: User, count: int) -> list[str]:
    """The hashes of the last `count` passwords, the one in use included."""
    former = PasswordHistory.objects.filter(user=user).order_by("-id").values_list("password", flat=True)
    return [user.password, *former[: count - 1]]


def names_of_users(keys: Iterable[int]) -> dict[int, str]:
    """The names of some people, by key."""
    return dict(User.objects.filter(pk__in=list(keys)).values_list("pk", "name"))


def dormant_accounts(now: datetime) -> QuerySet[User]:
    """Open accounts that nobody signed in with for as long as the rule says, and that were not kept since then."""
    since = now - timedelta(days=number_of(RuleName.DORMANT))
    used = Q(last_login__gte=since) | Q(last_login=None, date_joined__gte=since)
    kept = DormancyReview.objects.filter(decided_at__gte=since).values("user")
    return people().exclude(used).exclude(pk__in=kept)


def is_dormant(user: User, now: datetime) -> bool:
    """Whether this account waits for a decision."""
    return dormant_accounts(now).filter(pk=user.pk).exists()


def open_sessions() -> QuerySet[UserSession]:
    """Where anybody is signed in now."""
    return UserSession.objects.filter(user__isnull=False, expire_date__gt=timezone.now()).select_related("user")


def security_events() -> QuerySet[SecurityEvent]:
    """The security log of everybody."""
    return SecurityEvent.objects.select_related("user")


def sign_in_before(user: User) -> tuple[SecurityEvent | None, int]:
    """The sign-in before the one of now, and how many tries failed between the two."""
    lines = list(SecurityEvent.objects.filter(user=user, kind=SecurityKind.LOGGED_IN).order_by("-id")[:2])
    if len(lines) < 2:
        return None, 0
    between = SecurityEvent.objects.filter(id__gt=lines[1].pk, id__lt=lines[0].pk)
    named = Q(kind__in=FAILURES, username=user.username.lower())
    return lines[1], between.filter(named | Q(kind=SecurityKind.FACTOR_FAILED, user=user)).count()
