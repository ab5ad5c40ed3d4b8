"""What was sent waits no more: a form that had been kept says so, and is forgotten when its act is done."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from workbench.kept.actions import forget_input
from zhongzhi.accounts.models import User

MARK = "typed-is-kept"


class ForgetSentMiddleware:
    """After a POST that carries the mark and leads on to another page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer first; what is refused stays kept."""
        response = self.get_response(request)
        if request.method == "POST" and _leads_on(response) and MARK in request.POST:
            user = request.user
            if isinstance(user, User):
                forget_input(actor=user, place=request.path)
        return response


def _leads_on(response: HttpResponseBase) -> bool:
    return isinstance(response, HttpResponse) and (response.status_code in (302, 303) or "HX-Redirect" in response)
