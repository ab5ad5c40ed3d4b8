"""The rules of security and what they are now: read by everybody through `number_of` and `networks_of`.

A process remembers them for some seconds, so that a page costs no query for them; who sets a rule forgets them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db.models import TextChoices

from zhongzhi.accounts.models import SecurityRule

REMEMBERED_SECONDS = 10


class RuleName(TextChoices):
    """Every rule that the security administrator sets."""

    PASSWORD_AGE = "password_age_days", "密码有效期（天）"
    PASSWORD_LENGTH = "password_length", "密码最短长度（位）"
    ONE_TIME_PASSWORD = "one_time_password_hours", "一次性密码有效期（小时）"
    IDLE_END = "idle_minutes", "无操作自动退出（分钟）"
    ABSOLUTE_END = "absolute_hours", "一次登录最长时间（小时）"
    LOCKOUT_FAILURES = "lockout_failures", "连续输错几次锁定"
    LOCKOUT_MINUTES = "lockout_minutes", "锁定时间（分钟）"
    DORMANT = "dormant_days", "多少天未登录须复核（天）"
    LOOKS_AN_HOUR = "looks_an_hour", "一小时查看完整号码超过几次预警"
    LOOKS_AT_MOST = "looks_at_most", "一小时最多查看完整号码几次"
    EXPORTS_A_DAY = "exports_a_day", "一天导出完整号码超过几次预警"
    LOOKS_OFF_HOURS = "looks_off_hours", "非工作时间一天查看超过几次预警"
    ADMIN_NETWORKS = "admin_networks", "管理员可登录的地址段"


@dataclass(frozen=True)
class Limits:
    """What a number may be, and what it is where nobody set it."""

    default: Callable[[], int]
    low: int
    high: int


N = RuleName
NUMBERS: dict[RuleName, Limits] = {
    N.PASSWORD_AGE: Limits(lambda: settings.PASSWORD_MAX_AGE.days, 1, 180),
    N.PASSWORD_LENGTH: Limits(lambda: 10, 8, 64),
    N.ONE_TIME_PASSWORD: Limits(lambda: 72, 1, 168),
    N.IDLE_END: Limits(lambda: int(settings.SESSION_IDLE_LIMIT.total_seconds() // 60), 5, 240),
    N.ABSOLUTE_END: Limits(lambda: int(settings.SESSION_ABSOLUTE_LIMIT.total_seconds() // 3600), 1, 24),
    N.LOCKOUT_FAILURES: Limits(lambda: settings.AXES_FAILURE_LIMIT_DEFAULT, 3, 10),
    N.LOCKOUT_MINUTES: Limits(lambda: settings.AXES_COOLOFF_DEFAULT_MINUTES, 5, 120),
    N.DORMANT: Limits(lambda: 90, 30, 365),
    N.LOOKS_AN_HOUR: Limits(lambda: 30, 1, 1000),
    N.LOOKS_AT_MOST: Limits(lambda: 60, 5, 1000),
    N.EXPORTS_A_DAY: Limits(lambda: 0, 0, 100),
    N.LOOKS_OFF_HOURS: Limits(lambda: 0, 0, 1000),
}
"""The bounds keep a rule from being set so that it is none, or so that nobody can work."""
Kept = dict[str, tuple[int | None, tuple[str, ...]]]
_remembered: list[tuple[Kept, float]] = []


def number_of(name: RuleName) -> int:
    """What the rule is now."""
    number = _kept().get(name, (None, ()))[0]
    return NUMBERS[name].default() if number is None else number


def networks_of(name: RuleName = RuleName.ADMIN_NETWORKS) -> tuple[str, ...]:
    """The address ranges of the rule; none for no limit."""
    return _kept().get(name, (None, ()))[1]


def is_within(networks: tuple[str, ...] | list[str], address: str | None) -> bool:
    """Whether an address lies in one of the ranges; without ranges everywhere is right. No address lies nowhere."""
    if not networks:
        return True
    return address is not None and any(ip_address(address) in ip_network(network) for network in networks)


def password_age() -> timedelta:
    """How old a password may be."""
    return timedelta(days=number_of(N.PASSWORD_AGE))


def idle_end() -> timedelta:
    """How long a session may stand idle."""
    return timedelta(minutes=number_of(N.IDLE_END))


def absolute_end() -> timedelta:
    """How long a session may last."""
    return timedelta(hours=number_of(N.ABSOLUTE_END))


def lockout_time(*_: object) -> timedelta:
    """How long a name stays locked."""
    return timedelta(minutes=number_of(N.LOCKOUT_MINUTES))


def lockout_failures(*_: object) -> int:
    """How many wrong passwords lock a name."""
    return number_of(N.LOCKOUT_FAILURES)


def remember(kept: Kept, seconds: float = REMEMBERED_SECONDS) -> None:
    """Hold these as what is set, for a while."""
    _remembered[:] = [(kept, time.monotonic() + seconds)]


def forget() -> None:
    """Read them again at the next question."""
    _remembered.clear()


def _kept() -> Kept:
    if not _remembered or _remembered[0][1] < time.monotonic():
        rows = SecurityRule.objects.order_by("name", "-id").distinct("name")
        remember({row.name: (row.numbers, tuple(row.networks)) for row in rows})
    return _remembered[0][0]
