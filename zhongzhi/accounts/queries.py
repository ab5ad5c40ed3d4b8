"""Reads of identity: one's sessions, the passwords one had, a token by its text."""

import hmac
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from axes.models import AccessAttempt
from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from zhongzhi.accounts.extension_points import post_facts_of
from zhongzhi.accounts.models import (
    ApiClient,
    ApiToken,
    Authenticator,
    DormancyReview,
    IdempotencyRecord,
    Passkey,
    PasswordHistory,
    RecoveryCode,
    SecondFactorRule,
    SecurityEvent,
    SecurityKind,
    User,
    UserKind,
    UserSession,
)
from zhongzhi.accounts.permissions import may_sign_in
from zhongzhi.accounts.security_rules import RuleName, lockout_failures, lockout_time, number_of
from zhongzhi.accounts.tokens import digest_of, prefix_of
from zhongzhi.core.errors import NotFound, PermissionDenied

IDEMPOTENCY_KEPT = timedelta(hours=48)
USERNAME_LENGTH = 150
FAILURES = (SecurityKind.LOGIN_FAILED, SecurityKind.LOCKED_OUT)
COUNTED = timedelta(hours=24)
FREE_CODES = 5
FREE_FAILURES, FREE_NAMES = 10, 10
ADDRESS_COUNTED, KNOWN_ADDRESS = timedelta(hours=1), timedelta(days=30)
LOCKS_SHOWN = 500
NAMES_SHOWN = 50
FIRST_WAIT, LONGEST_WAIT = 30, 15 * 60


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
    with_app = set(
        Authenticator.objects.filter(user__in=people).exclude(confirmed_at=None).values_list("user", flat=True)
    )
    keys = Counter(Passkey.objects.filter(user__in=people).values_list("user", flat=True))
    codes = Counter(RecoveryCode.objects.filter(user__in=people, used_at=None).values_list("user", flat=True))
    rules = dict(SecondFactorRule.objects.values_list("role", "starts_on"))
    return {
        user.pk: SecondFactors(user.pk in with_app, keys[user.pk], codes[user.pk], _required_from(user, rules))
        for user in people
    }


def _required_from(user: User, rules: dict[str, date]) -> date | None:
    if not rules:
        return None
    return min((rules[role] for role in post_facts_of(user).roles if role in rules), default=None)


def second_factor_rules() -> QuerySet[SecondFactorRule]:
    """Which roles show a second factor, and from when on."""
    return SecondFactorRule.objects.order_by("role")


def recent_sign_ins(user: User, count: int) -> list[SecurityEvent]:
    """The latest lines about the person's signing in, failures included, the last first."""
    kinds = [SecurityKind.LOGGED_IN, SecurityKind.FACTOR_FAILED]
    own, named = Q(user=user, kind__in=kinds), Q(kind__in=FAILURES, user=None, username=user.username.lower())
    latest = [SecurityEvent.objects.filter(part).order_by("-id")[:count] for part in (own, named)]
    return sorted((line for part in latest for line in part), key=lambda line: line.pk, reverse=True)[:count]


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


def names_of_users(keys: Iterable[int]) -> dict[int, str]:
    """The names of some people, by key."""
    return dict(User.objects.filter(pk__in=list(keys)).values_list("pk", "name"))


def has_client(name: str) -> bool:
    """Whether an outside system has this name, ended ones included."""
    return ApiClient.objects.filter(name=name).exists()


def api_clients() -> QuerySet[ApiClient]:
    """All outside systems, those in use first, with how many tokens of each work now."""
    works = Q(tokens__revoked_at=None) & (Q(tokens__expires_at=None) | Q(tokens__expires_at__gt=timezone.now()))
    counted = ApiClient.objects.select_related("user").annotate(working_tokens=Count("tokens", filter=works))
    return counted.order_by("-is_active", "name")


def client_of(pk: int, *, lock: bool = False) -> ApiClient:
    """An outside system by its key, locked where asked; NotFound for none."""
    rows = ApiClient.objects.select_related("user")
    client = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if client is None:
        raise NotFound("没有找到这个外部系统。")
    return client


def token_of(client: ApiClient, pk: int) -> ApiToken:
    """One of the tokens of an outside system; NotFound for none."""
    token = ApiToken.objects.select_related("client__user").filter(client=client, pk=pk).first()
    if token is None:
        raise NotFound("没有找到这个令牌。")
    return token


def tokens_of(client: ApiClient) -> QuerySet[ApiToken]:
    """Its tokens, the latest first."""
    return ApiToken.objects.filter(client=client).order_by("-pk")


def tokens_that_end(before: datetime) -> int:
    """How many tokens in use stop working before a moment: those have to be renewed."""
    return _tokens_in_force(timezone.now()).filter(expires_at__lt=before).count()


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
    return max(1, math.ceil((latest + lockout_time() - now).total_seconds()))


@dataclass(frozen=True)
class Lock:
    """A name that is locked: from which addresses it was tried, how often, and until when."""

    username: str
    addresses: tuple[str, ...]
    failures: int
    until: datetime


def locked_names(now: datetime) -> list[Lock]:
    """Names that wait at this moment, locked at an address or everywhere; what was typed need be nobody's name."""
    here = _locked_at_addresses(now)
    known = {lock.username for lock in here}
    return here + [lock for lock in _waiting_everywhere(now) if lock.username not in known]


def _waiting_everywhere(now: datetime) -> list[Lock]:
    wrong = SecurityEvent.objects.filter(kind=SecurityKind.LOGIN_FAILED, at__gt=now - COUNTED)
    often = wrong.values_list("username").annotate(number=Count("pk")).filter(number__gte=FREE_FAILURES)
    waits = [(name, number, _wait_of_name(name, None, now)) for name, number in often.order_by("-number")[:NAMES_SHOWN]]
    return [Lock(name, (), number, now + timedelta(seconds=wait)) for name, number, wait in waits if wait]


def _locked_at_addresses(now: datetime) -> list[Lock]:
    tries = AccessAttempt.objects.filter(
        failures_since_start__gte=lockout_failures(), attempt_time__gt=now - lockout_time()
    )
    found: dict[str, list[AccessAttempt]] = {}
    for row in tries.order_by("-attempt_time")[:LOCKS_SHOWN]:
        found.setdefault(row.username or "", []).append(row)
    return [
        Lock(
            name,
            tuple(str(row.ip_address) for row in rows if row.ip_address),
            sum(row.failures_since_start for row in rows),
            rows[0].attempt_time + lockout_time(),
        )
        for name, rows in found.items()
    ]


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


def growing_wait(failures: int, free: int, latest: datetime | None, now: datetime) -> int:
    """Seconds still to wait after so many failures: none for the first, then 30, doubling, a quarter hour at most."""
    if failures < free or latest is None:
        return 0
    wait = min(LONGEST_WAIT, FIRST_WAIT << min(failures - free, 10))
    return max(0, math.ceil((latest - now).total_seconds()) + wait)


def seconds_until_next_code(user: User, now: datetime) -> int:
    """How long no further code or password of somebody already half inside is looked at, after five wrong ones."""
    mine = SecurityEvent.objects.filter(user=user, at__gt=now - COUNTED)
    good = mine.filter(kind__in=[SecurityKind.LOGGED_IN, SecurityKind.IDENTITY_CONFIRMED, SecurityKind.UNLOCKED])
    since = good.order_by("-id").values_list("id", flat=True).first() or 0
    wrong = mine.filter(kind=SecurityKind.FACTOR_FAILED, id__gt=since).aggregate(count=Count("pk"), latest=Max("at"))
    return growing_wait(wrong["count"], FREE_CODES, wrong["latest"], now)


def seconds_to_wait(username: str, ip: str | None, now: datetime) -> int:
    """How long no password for this name from this address is looked at, beside the lock of the two together.

    After ten wrong ones for a name from anywhere, and after ten names that failed at one address, each further failure
    makes the wait longer. From where the person signed in within the last month the name's wait does not count: others
    cannot shut that door.
    """
    return max(_wait_of_name(username, ip, now), _wait_at_address(ip, now) if ip else 0)


def _wait_of_name(username: str, ip: str | None, now: datetime) -> int:
    user = User.objects.alias(folded=Lower("username")).filter(folded=username).first()
    signed_in = SecurityEvent.objects.filter(kind=SecurityKind.LOGGED_IN, user=user, at__gt=now - KNOWN_ADDRESS)
    signed_in = signed_in.exclude(user=None)
    wrong = SecurityEvent.objects.filter(kind=SecurityKind.LOGIN_FAILED, username=username, at__gt=now - COUNTED)
    unlocked = SecurityEvent.objects.filter(kind=SecurityKind.UNLOCKED, username=username, at__gt=now - COUNTED)
    ends = [rows.aggregate(last=Max("id"))["last"] or 0 for rows in (signed_in, unlocked)]
    found = wrong.filter(id__gt=max(ends)).aggregate(count=Count("pk"), latest=Max("at"))
    wait = growing_wait(found["count"], FREE_FAILURES, found["latest"], now)
    return 0 if wait and ip and signed_in.filter(ip=ip).exists() else wait


def _wait_at_address(ip: str, now: datetime) -> int:
    here = SecurityEvent.objects.filter(ip=ip, at__gt=now - ADDRESS_COUNTED)
    good: dict[str, int] = {}
    for name, last in here.filter(kind=SecurityKind.LOGGED_IN).values_list("username").annotate(Max("id")):
        good[name.lower()] = last
    wrong = here.filter(kind=SecurityKind.LOGIN_FAILED).values_list("username").annotate(Max("id"), Max("at"))
    moments = [at for name, last, at in wrong if good.get(name, 0) < last]
    return growing_wait(len(moments), FREE_NAMES, max(moments, default=None), now)


def sign_in_before(user: User) -> tuple[SecurityEvent | None, int]:
    """The sign-in before the one of now, and how many tries failed between the two."""
    lines = list(SecurityEvent.objects.filter(user=user, kind=SecurityKind.LOGGED_IN).order_by("-id")[:2])
    if len(lines) < 2:
        return None, 0
    between = SecurityEvent.objects.filter(id__gt=lines[1].pk, id__lt=lines[0].pk)
    named = Q(kind__in=FAILURES, username=user.username.lower())
    return lines[1], between.filter(named | Q(kind=SecurityKind.FACTOR_FAILED, user=user)).count()


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
