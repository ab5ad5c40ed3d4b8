"""What the security administrator reads; NotFound for everybody else."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from grids.queries import postings_of
from grids.queries.people import proposals_for
from zhongzhi.accounts import queries as accounts
from zhongzhi.accounts.models import ApiClient, SecurityEvent, SecurityKind, SecurityRule, User, UserSession
from zhongzhi.accounts.permissions import keeps_security
from zhongzhi.accounts.queries import SecondFactors
from zhongzhi.core.errors import NotFound


@dataclass(frozen=True)
class Account:
    """A person with posts and second factors, as the lists show them."""

    user: User
    posts: str
    factors: SecondFactors
    is_own: bool


@dataclass(frozen=True)
class Count:
    """A figure of the desk: what waits, how much, and where."""

    title: str
    total: int
    route: str


def accounts_visible_to(actor: User) -> QuerySet[User]:
    """Everybody who can sign in."""
    _require(actor)
    return accounts.people()


def with_posts(actor: User, users: list[User]) -> list[Account]:
    """Accounts with posts and second factors, in a fixed number of queries."""
    posts: dict[int, list[str]] = {}
    for posting in postings_of(users):
        posts.setdefault(posting.user_id, []).append(
            f"{posting.organisation.short_name} {posting.title or posting.get_role_display()}"
        )
    factors = accounts.second_factors_of_all(users)
    return [Account(u, "；".join(posts.get(u.pk, [])), factors[u.pk], u.pk == actor.pk) for u in users]


def sessions_visible_to(actor: User) -> QuerySet[UserSession]:
    """Where anybody is signed in."""
    _require(actor)
    return accounts.open_sessions()


def events_visible_to(actor: User) -> QuerySet[SecurityEvent]:
    """The security log."""
    _require(actor)
    return accounts.security_events()


def locks_visible_to(actor: User) -> list[accounts.Lock]:
    """Names that are locked now."""
    _require(actor)
    return accounts.locked_names(timezone.now())


def dormant_visible_to(actor: User) -> QuerySet[User]:
    """Accounts that nobody uses."""
    _require(actor)
    return accounts.dormant_accounts(timezone.now())


def clients_visible_to(actor: User) -> QuerySet[ApiClient]:
    """Outside systems with their addresses."""
    _require(actor)
    return ApiClient.objects.order_by("name")


def rule_history(actor: User) -> QuerySet[SecurityRule]:
    """Rules as they were set, the last first."""
    _require(actor)
    return SecurityRule.objects.select_related("set_by").order_by("-id")[:50]


def counts_for(actor: User) -> list[Count]:
    """What waits on the desk."""
    failed = accounts.security_events().filter(
        kind__in=[SecurityKind.LOGIN_FAILED, SecurityKind.LOCKED_OUT, SecurityKind.FACTOR_FAILED],
        at__gte=timezone.now() - timedelta(days=1),
    )
    return [
        Count("待复核任职", proposals_for(actor).filter(granted=None).count(), "grids:post_reviews"),
        Count("锁定中", len(locks_visible_to(actor)), "workbench:security_locks"),
        Count("长期未用账号", dormant_visible_to(actor).count(), "workbench:security_dormant"),
        Count("24 小时登录失败", failed.count(), "workbench:security_events"),
        Count("在线会话", sessions_visible_to(actor).count(), "workbench:security_sessions"),
    ]


def _require(actor: User) -> None:
    if not keeps_security(actor):
        raise NotFound
