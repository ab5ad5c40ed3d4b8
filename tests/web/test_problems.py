"""Every refusal of the API in one shape; JSON that is bounded."""

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions

from zhongzhi.core import errors
from zhongzhi.core.errors import TooLarge
from zhongzhi.web.parsers import LimitedJSONParser
from zhongzhi.web.problems import problem_response


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (errors.BadInput("x", field="a"), 400, "invalid"),
        (errors.PermissionDenied(), 403, "forbidden"),
        (errors.NotFound(), 404, "not_found"),
        (errors.InvalidTransition(), 409, "wrong_state"),
        (errors.VersionConflict(), 412, "changed_meanwhile"),
        (errors.TooLarge(), 413, "too_large"),
        (errors.UnsupportedType(), 415, "unsupported_type"),
        (errors.RuleViolation(), 422, "rule_broken"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.MethodNotAllowed("GET"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.ParseError(), 400, "parse_error"),
        (exceptions.Throttled(30), 429, "throttled"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_status_and_code(error: Exception, status: int, code: str) -> None:
    answer = problem_response(error, {})
    assert answer is not None
    assert (answer.status_code, answer.data["status"], answer.data["code"]) == (status, status, code)
    assert answer.content_type == "application/problem+json"
    assert answer.data["title"]
    assert answer.data["detail"]


def test_nested_faults_are_told_by_dotted_path() -> None:
    detail = {"parties": [{}, {"name": ["必填。"], "phone": ["太短。"]}], "title": ["太长。"]}
    answer = problem_response(exceptions.ValidationError(detail), {})
    assert answer is not None
    assert answer.data["errors"] == {"parties.1.name": ["必填。"], "parties.1.phone": ["太短。"], "title": ["太长。"]}
    assert answer.data["detail"] == "必填。"


def test_who_calls_too_often_is_told_when_to_come_again() -> None:
    answer = problem_response(exceptions.Throttled(12.3), {})
    assert answer is not None
    assert answer["Retry-After"] == "13"


def test_a_fault_of_ours_is_not_dressed_up() -> None:
    assert problem_response(RuntimeError("x"), {}) is None


def parse(raw: bytes) -> Any:
    return LimitedJSONParser().parse(io.BytesIO(raw))


def test_good_json_is_taken() -> None:
    assert parse('{"a": [1, {"名": "𠮷"}]}'.encode()) == {"a": [1, {"名": "𠮷"}]}


def test_a_mark_of_the_encoding_before_json_is_passed_over() -> None:
    assert parse(b"\xef\xbb\xbf" + '{"名": "王海"}'.encode()) == {"名": "王海"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"\xff\xfe",
        b"[" * 11 + b"]" * 11,
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "twice", "nan", "infinity", "no utf-8", "deep", "very deep"],
)
def test_what_is_no_such_json_is_refused(raw: bytes) -> None:
    with pytest.raises(exceptions.ParseError):
        parse(raw)


def test_json_too_large_is_refused(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2048
    with pytest.raises(TooLarge, match="2 KB"):
        parse(b'"' + b"x" * 3000 + b'"')
