"""What the web processes count of their requests, for Prometheus: by route, never by address or person.

Under gunicorn the workers write into one folder (`PROMETHEUS_MULTIPROC_DIR`, see gunicorn.conf.py) and whichever is
asked answers for all of them; a single process keeps its counts to itself.
"""

import os
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
UNKNOWN, STATIC = "(unknown)", "(static)"
BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

COUNTED = CollectorRegistry()
REQUESTS = Counter(
    "zhongzhi_requests", "Requests by route name, method and status.", ["route", "method", "status"], registry=COUNTED
)
SECONDS = Histogram(
    "zhongzhi_request_seconds",
    "Seconds until the answer began, by route name and method.",
    ["route", "method"],
    buckets=BUCKETS,
    registry=COUNTED,
)
THROTTLED = Counter(
    "zhongzhi_throttled", "Requests refused because there were too many, by limit.", ["limit"], registry=COUNTED
)


class MetricsMiddleware:
    """Counts every request and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What is not ours to name shares one name: addresses can be made up without end."""
        begun = time.perf_counter()
        response = self.get_response(request)
        route, method = _route(request), request.method if request.method in METHODS else OTHER
        SECONDS.labels(route, method).observe(time.perf_counter() - begun)
        REQUESTS.labels(route, method, str(response.status_code)).inc()
        return response


def note_throttled(limit: str) -> None:
    """Count a refusal. `limit` is a name from the program, never of a caller."""
    THROTTLED.labels(limit).inc()


def counted() -> bytes:
    """Everything that was counted, in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(COUNTED)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return STATIC if request.path.startswith("/static/") else UNKNOWN
