"""A query code looked up for a visitor: the same words whatever was wrong with it, and guesses are throttled.

The beginning of the code does too, with the last four digits of the phone; what was found so is open for half an hour.
"""

from collections.abc import Callable

from django.core import signing
from django.http import HttpRequest

from intake.public.models import QueryCode, short_code_hashes
from intake.public.queries import NOT_FOUND, query_code_by_phone, query_code_numbered, query_code_of
from zhongzhi.accounts.origin import client_ip
from zhongzhi.core.errors import NotFound
from zhongzhi.web.throttle import Limit

MISSES = Limit("query-misses", times=20, seconds=600)
MISSES_OF_ONE = Limit("query-misses-of-one", times=10, seconds=3600)
"""Tails tried with one beginning, from wherever: four digits are no secret by themselves."""
SALT, OPEN_FOR = "citizen.follow", 1800


def caller_of(request: HttpRequest) -> str:
    """Whom visits are counted for."""
    return client_ip(request) or "local"


def code_for(request: HttpRequest, typed: str) -> QueryCode:
    """The live code, typed whole or found by the phone a while ago. Misses are counted by address; from the twentieth
    on nothing is looked up for it.

    A look is counted before it is made and given back when it found something. Raises NotFound and RateLimited.
    """
    return _counted(request, lambda: _found_before(typed) if ":" in typed else query_code_of(typed))


def way_by_phone(request: HttpRequest, short: str, tail: str) -> str:
    """What stands in the address for a code found by its beginning and the tail of the phone. Raises as `code_for`."""
    one = short_code_hashes(short)[0].hex()[:24]
    MISSES_OF_ONE.spend(one)
    code = _counted(request, lambda: query_code_by_phone(short, tail))
    MISSES_OF_ONE.give_back(one)
    return signing.dumps(code.pk, salt=SALT)


def _counted(request: HttpRequest, look: Callable[[], QueryCode]) -> QueryCode:
    caller = caller_of(request)
    MISSES.spend(caller)
    code = look()
    MISSES.give_back(caller)
    return code


def _found_before(typed: str) -> QueryCode:
    try:
        return query_code_numbered(signing.loads(typed, salt=SALT, max_age=OPEN_FOR))
    except signing.BadSignature as error:
        raise NotFound(NOT_FOUND) from error
