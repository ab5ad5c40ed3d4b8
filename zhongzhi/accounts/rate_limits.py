"""How often a caller may call the API: counted per minute in Valkey, told in headers."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from zhongzhi.accounts.models import ApiToken
from zhongzhi.web.cached import count_on
from zhongzhi.web.metrics import note_throttled
from zhongzhi.web.throttle import window

WINDOW = 60
DAYS = 30
"""So long it is known how often an outside system called."""
KINDS = ("calls", "refused", "failed")
log = logging.getLogger(__name__)


class PerMinute(BaseThrottle):
    """So many calls a minute for each outside system, and for each person; visitors are counted together by address.

    While Valkey is away nobody is refused: the API does not depend on it.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this call; what is left is put on the request for the headers."""
        by_system = isinstance(request.auth, ApiToken)
        limit = settings.API_CLIENT_PER_MINUTE if by_system else settings.API_PERSON_PER_MINUTE
        number, self.seconds_left = window(WINDOW)
        count = _count(f"api-calls:{_caller(self, request)}:{number}")
        request._request.rate_limit = (limit, max(limit - count, 0), self.seconds_left)  # type: ignore[attr-defined]
        if count > limit:
            note_throttled("api_client" if by_system else "api_person")
        return bool(count <= limit)

    def wait(self) -> float:
        """When the next minute begins."""
        return float(self.seconds_left)


class LimitHeaders:
    """Put before APIView: `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) on every answer."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Tell the caller what is left; a call that was refused before it was counted counts too."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if isinstance(request, Request) and not hasattr(request._request, "rate_limit"):
            PerMinute().allow_request(request, self)
        known = getattr(getattr(request, "_request", request), "rate_limit", None)
        shown = getattr(request, "auth", None)
        if isinstance(shown, ApiToken):
            _note_call(shown.client_id, answer.status_code)
        for name, value in zip(("Limit", "Remaining", "Reset"), known or (), strict=False):
            answer[f"RateLimit-{name}"] = str(value)
        return answer


@dataclass(frozen=True)
class DayOfCalls:
    """How often an outside system called on a day, how many of these were refused (4xx) and how many failed (5xx)."""

    day: date
    calls: int
    refused: int
    failed: int


def calls_of(client_id: int, today: date) -> list[DayOfCalls]:
    """The days of the last thirty on which an outside system called, the latest first; none while Valkey is away."""
    days = [today - timedelta(days=n) for n in range(DAYS)]
    try:
        found = cache.get_many([_day_key(client_id, day, kind) for day in days for kind in KINDS])
    except RedisError:
        return []
    told = [DayOfCalls(day, *(int(found.get(_day_key(client_id, day, kind), 0)) for kind in KINDS)) for day in days]
    return [line for line in told if line.calls]


def _note_call(client_id: int, status: int) -> None:
    kinds = ["calls", *(["failed"] if status >= 500 else ["refused"] if status >= 400 else [])]
    for kind in kinds:
        _count(_day_key(client_id, timezone.localdate(), kind), (DAYS + 1) * 86_400)


def _day_key(client_id: int, day: date, kind: str) -> str:
    return f"api-day:{kind}:{client_id}:{day:%Y%m%d}"


def _caller(throttle: BaseThrottle, request: Request) -> str:
    if isinstance(request.auth, ApiToken):
        return f"client-{request.auth.client_id}"
    return f"user-{request.user.pk}" if request.user.is_authenticated else f"address-{throttle.get_ident(request)}"


def _count(key: str, seconds: int = 2 * WINDOW) -> int:
    try:
        return count_on(key, seconds)
    except (RedisError, ValueError):
        log.warning("calls are not counted: the cache is away")
        return 0
