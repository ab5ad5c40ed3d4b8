"""Who has to wait before the next try, and who is locked."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.db.models import Count, Max
from django.db.models.functions import Lower

from zhongzhi.accounts.models import (
    SecurityEvent,
    SecurityKind,
    User,
)
from zhongzhi.accounts.security_rules import lockout_failures, lockout_time

USERNAME_LENGTH = 150
COUNTED = timedelta(hours=24)
FREE_CODES = 5
FREE_FAILURES, FREE_NAMES = 10, 10
ADDRESS_COUNTED, KNOWN_ADDRESS = timedelta(hours=1), timedelta(days=30)
LOCKS_SHOWN = 500
NAMES_SHOWN = 50
FIRST_WAIT, LONGEST_WAIT = 30, 15 * 60


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
