"""A query code looked up for a visitor: the same words whatever was wrong with it, and guesses are throttled."""

from django.http import HttpRequest

from intake.public.models import QueryCode
from intake.public.queries import query_code_of
from zhongzhi.accounts.origin import client_ip
from zhongzhi.web.throttle import Limit

MISSES = Limit("query-misses", times=20, seconds=600)


def caller_of(request: HttpRequest) -> str:
    """Whom visits are counted for."""
    return client_ip(request) or "local"


def code_for(request: HttpRequest, typed: str) -> QueryCode:
    """The live code. Misses are counted by address; from the twentieth on nothing is looked up for it.

    A look is counted before it is made and given back when it found something. Raises NotFound and RateLimited.
    """
    caller = caller_of(request)
    MISSES.spend(caller)
    code = query_code_of(typed)
    MISSES.give_back(caller)
    return code
