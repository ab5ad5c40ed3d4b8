"""The threads of a web process are never all taken by ordinary work: some are kept for signing in and registering, and
one for whoever watches, so that one held row or one slow list does not take the site away from everybody."""

import threading
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhongzhi.core.errors import Crowded
from zhongzhi.web.error_responses import refusal
from zhongzhi.web.metrics import note_throttled

WAIT: Final = 5
KEPT_FOR_THE_WINDOW: Final = 3
KEPT_FOR_WATCHING: Final = 1
LEAST: Final = 8
"""With fewer threads none are kept: they would be missed more than they would help."""
WATCHING: Final = ("/readyz", "/metrics")
WINDOW: Final = ("/login/", "/cases/new/", "/cases/drafts/")
REGISTERING: Final = "/api/v1/cases/"
SLOW: Final = ("/figures/", "/screen/", "/api/v1/statistics/")
SLOW_ENDS: Final = ("/export/", "/docx/", "/zip/", "/paper/", "/print/")
STREAMS: Final = ("application/x-ndjson", "text/csv")
"""Figures, exports, papers and streams, by address or by what is accepted: they take half of the ordinary places."""


class KeptThreadsMiddleware:
    """Answers 503 at once where ordinary requests have taken all but the kept threads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """As many places as gunicorn gives threads (WEB_THREADS); without it there is no limit."""
        self.get_response = get_response
        threads = settings.WEB_THREADS
        self.limited = threads >= LEAST
        self.window = threading.BoundedSemaphore(max(threads - KEPT_FOR_WATCHING, 1))
        ordinary = max(threads - KEPT_FOR_WATCHING - KEPT_FOR_THE_WINDOW, 1)
        self.ordinary = threading.BoundedSemaphore(ordinary)
        self.slow = threading.BoundedSemaphore(max(ordinary // 2, 1))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take a place, and give it back when the answer has been sent."""
        if not self.limited or request.path in WATCHING:
            return self.get_response(request)
        needed = [self.window] if _at_the_window(request) else [self.ordinary, self.window]
        if _is_slow(request):
            needed = [self.slow, *needed]
        taken = [place for place in needed if place.acquire(blocking=False)]
        if len(taken) < len(needed):
            _leave(taken)
            note_throttled("threads")
            return refusal(request, Crowded(wait=WAIT))
        try:
            response = self.get_response(request)
        except BaseException:
            _leave(taken)
            raise
        return _until_sent(response, taken)


def _at_the_window(request: HttpRequest) -> bool:
    registers = request.method == "POST" and request.path == REGISTERING
    return registers or request.path.startswith(WINDOW)


def _is_slow(request: HttpRequest) -> bool:
    asked = request.path.startswith(SLOW) or request.path.endswith(SLOW_ENDS)
    return asked or (request.method == "GET" and request.headers.get("Accept", "").startswith(STREAMS))


def _until_sent(response: HttpResponse, taken: list[threading.BoundedSemaphore]) -> HttpResponse:
    """A stream works on after its answer has begun: its place is free when the server has closed it."""
    if response.streaming:
        response._resource_closers.append(lambda: _leave(taken))  # type: ignore[attr-defined]
    else:
        _leave(taken)
    return response


def _leave(taken: list[threading.BoundedSemaphore]) -> None:
    for place in taken:
        place.release()
    taken.clear()
