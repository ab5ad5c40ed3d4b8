"""Answers that carry a case, with its version as ETag."""

import json
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from intake import queries
from intake.api.serializers import CaseOut
from intake.models import Case
from zhongzhi.accounts.models import User
from zhongzhi.core.ciphers import sm3
from zhongzhi.web.fields import shown_as


def case_answer(request: Request, code: str, *, status: int = 200) -> Response:
    """A case in sight as it is now."""
    return _answer(request, queries.whole_case_visible_to(cast(User, request.user), code), status)


def registered_answer(request: Request, case: Case) -> Response:
    """A case that the caller has just registered."""
    return _answer(request, queries.case_just_registered(cast(User, request.user), case), 201)


def _answer(request: Request, case: Case, status: int) -> Response:
    """The ETag is its version and a digest of what this caller is shown."""
    (data,) = shown_as(CaseOut, [case], {"request": request})
    response = Response(data, status)
    response["ETag"] = f'"{case.version}-{_digest(data)}"'
    if status == 201:
        response["Location"] = f"/api/v1/cases/{case.code}/"
    return response


def _digest(data: Any) -> str:
    return sm3(json.dumps(data, cls=JSONEncoder, sort_keys=True).encode())[:16]
