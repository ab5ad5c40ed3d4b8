"""Maintenance: an installation that is closed for a while, or shows its pages and saves nothing (`MODE`)."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhongzhi.web.error_responses import error_response

WAIT: Final = "60"
SAFE: Final = ("GET", "HEAD", "OPTIONS")
ALWAYS: Final = ("/static/", "/readyz", "/metrics")
GOING_IN_AND_OUT: Final = ("/login/", "/logout/")
CLOSED: Final = "系统正在维护，暂时不能使用，请稍后再来。"
READ_ONLY: Final = "系统正在维护，现在只能查看，不能保存；这一步没有保存。请把填写的内容留在页面上，稍后再提交。"


class ModeMiddleware:
    """Answers 503 with `Retry-After` for what the mode does not allow. Needs neither database nor session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Watchers and static files are always answered; in and out one goes while nothing is saved."""
        words, code = _refused(request)
        if not words:
            return self.get_response(request)
        answer = error_response(request, 503, code, words)
        answer["Retry-After"] = WAIT
        answer["Cache-Control"] = "no-store"
        return answer


def _refused(request: HttpRequest) -> tuple[str, str]:
    if settings.MODE == "open" or request.path.startswith(ALWAYS):
        return "", ""
    if settings.MODE == "closed":
        return CLOSED, "maintenance"
    if request.method in SAFE or request.path.startswith(GOING_IN_AND_OUT):
        return "", ""
    return READ_ONLY, "read_only"
