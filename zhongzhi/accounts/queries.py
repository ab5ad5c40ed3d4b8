"""Reads of identity: one's sessions, the passwords one had, a token by its text."""

import hmac
import math
from datetime import datetime, timedelta
from uuid import UUID

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from zhongzhi.accounts.models import (
    ApiClient,
    ApiToken,
    IdempotencyRecord,
    PasswordHistory,
    User,
    UserKind,
    UserSession,
)
from zhongzhi.accounts.tokens import digest_of, prefix_of
from zhongzhi.core.errors import NotFound

IDEMPOTENCY_KEPT = timedelta(hours=48)
USERNAME_LENGTH = 150


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


def client_named(name: str) -> ApiClient:
    """An outside system by its name; NotFound for none."""
    client = ApiClient.objects.select_related("user").filter(name=name).first()
    if client is None:
        raise NotFound(f"没有名为“{name}”的外部系统，请先用 issue_token 登记。")
    return client


def usable_token(text: str, now: datetime) -> ApiToken | None:
    """The token row for a token as shown by a client, or None: unknown, revoked, expired, client ended."""
    token = _tokens_in_force(now).filter(prefix=prefix_of(text)).first()
    if token is None or not hmac.compare_digest(bytes(token.digest), digest_of(text)):
        return None
    return token


def token_by_prefix(text: str) -> ApiToken | None:
    """The token row with that prefix; the whole token may be given as well."""
    return ApiToken.objects.select_related("client__user").filter(prefix=prefix_of(text) or text).first()


def seconds_locked(username: str, ip: str | None, now: datetime) -> int:
    """How long logins of this name from this address stay locked after too many wrong passwords."""
    tries = AccessAttempt.objects.filter(username=username, ip_address=ip)
    latest: datetime = tries.aggregate(latest=Max("attempt_time"))["latest"] or now
    return max(1, math.ceil((latest + settings.AXES_COOLOFF_TIME - now).total_seconds()))


def spent_idempotency_records(now: datetime) -> QuerySet[IdempotencyRecord]:
    """Answers older than the 48 hours for which a key is remembered."""
    return IdempotencyRecord.objects.filter(created_at__lt=now - IDEMPOTENCY_KEPT)


def _tokens_in_force(now: datetime) -> QuerySet[ApiToken]:
    today = timezone.localdate(now)
    return ApiToken.objects.select_related("client__user").filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        Q(client__ends_on__isnull=True) | Q(client__ends_on__gte=today),
        revoked_at__isnull=True,
        client__is_active=True,
        client__user__is_active=True,
    )
