"""Errors of the API as problem documents (RFC 9457), one shape for all of them."""

from collections.abc import Iterator
from typing import Any

from django.core import exceptions as django_errors
from django.db import DataError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from zhongzhi.core.errors import NotFound, PermissionDenied, RuleViolation
from zhongzhi.web.error_responses import problem_body
from zhongzhi.web.slowness import refusal_for

CONTENT_TYPE = "application/problem+json"
BEYOND_SHAPE = frozenset({"does_not_exist", "empty"})
"""Faults that no document can rule out beforehand: it names what is not there, it is a file without a byte."""


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None for faults of ours, which go their usual way to 500."""
    if refused := refusal_for(error):
        waits = {"Retry-After": str(refused.context["wait"])} if "wait" in refused.context else None
        answer = _answer(refused.status, refused.code, refused.message, errors=refused.errors, headers=waits)
        answer.data |= {name: refused.context[name] for name in refused.told if name in refused.context}
        return answer
    if isinstance(error, Http404):
        return _answer(404, NotFound.code, NotFound.default_message)
    if isinstance(error, django_errors.PermissionDenied):
        return _answer(403, PermissionDenied.code, PermissionDenied.default_message)
    if isinstance(error, django_errors.RequestDataTooBig):
        return _answer(413, "too_large", "请求体过大。")
    if isinstance(error, OverflowError | DataError):
        return _answer(400, "invalid", "数字或日期超出范围，请核对后重试。")
    if isinstance(error, exceptions.ValidationError):
        errors = dict(_flat(error.detail))
        if set(_codes(error.detail)) <= BEYOND_SHAPE:
            return _answer(422, RuleViolation.code, next(iter(errors.values()))[0], errors=errors)
        return _answer(400, "invalid", next(iter(errors.values()))[0], errors=errors)
    return _of_framework(error) if isinstance(error, exceptions.APIException) else None


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(-(-wait // 1)))
    return _answer(error.status_code, _code(error), str(error.detail), headers=headers)


def _code(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else "invalid"


def _answer(
    status: int,
    code: str,
    detail: str,
    *,
    errors: dict[str, list[str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    return Response(problem_body(status, code, detail, errors), status, headers=headers, content_type=CONTENT_TYPE)


def _codes(detail: Any) -> Iterator[str]:
    """What kinds of faults there are."""
    if isinstance(detail, (dict, list)):
        for child in detail.values() if isinstance(detail, dict) else detail:
            yield from _codes(child)
    else:
        yield getattr(detail, "code", "")


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """DRF's nested faults as sentences by dotted path: `parties.0.name`."""
    if isinstance(detail, dict):
        for name, child in detail.items():
            yield from _flat(child, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list) and any(isinstance(child, (dict, list)) for child in detail):
        for at, child in enumerate(detail):
            yield from _flat(child, f"{path}.{at}" if path else str(at))
    elif detail:
        yield path or "non_field_errors", [str(s) for s in (detail if isinstance(detail, list) else [detail])]
