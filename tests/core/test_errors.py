"""Refusals carry a stable code, a status, a sentence for the user and the fields at fault."""

import pytest

from zhongzhi.core import errors
from zhongzhi.core.errors import (
    BadInput,
    DomainError,
    PermissionDenied,
    RuleViolation,
    VersionConflict,
    refuse_for,
    require,
)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("DomainError", 422, "rule_broken"),
        ("BadInput", 400, "invalid"),
        ("Unfit", 422, "rule_broken"),
        ("PermissionDenied", 403, "forbidden"),
        ("NotFound", 404, "not_found"),
        ("InvalidTransition", 409, "wrong_state"),
        ("VersionConflict", 412, "changed_meanwhile"),
        ("TooLarge", 413, "too_large"),
        ("UnsupportedType", 415, "unsupported_type"),
        ("RuleViolation", 422, "rule_broken"),
        ("RateLimited", 429, "throttled"),
    ],
)
def test_each_refusal_has_its_status_and_code_and_a_sentence(name: str, status: int, code: str) -> None:
    error = getattr(errors, name)()
    assert isinstance(error, DomainError)
    assert (error.status, error.code) == (status, code)
    assert error.message.endswith("。")
    assert (error.field, error.errors) == (None, {})


def test_a_refusal_reads_as_its_sentence() -> None:
    assert str(RuleViolation("请选择发生地。", field="territory")) == "请选择发生地。"
    assert str(BadInput()) == BadInput.default_message


def test_a_refusal_at_a_field_is_told_at_that_field() -> None:
    error = RuleViolation("请选择发生地。", field="territory")
    assert (error.field, error.errors) == ("territory", {"territory": ["请选择发生地。"]})


def test_a_refusal_of_several_fields_speaks_with_its_first_sentence_and_names_all() -> None:
    error = BadInput(errors={"name": ("太长。",), "phone": ["少一位。", "不是数字。"]})
    assert error.message == "太长。"
    assert error.field is None
    assert error.errors == {"name": ["太长。"], "phone": ["少一位。", "不是数字。"]}
    assert BadInput(errors={"name": ["太长。"]}).field == "name"


def test_a_refusal_keeps_the_context_for_logs_apart_from_what_it_says() -> None:
    error = VersionConflict(version=3)
    assert error.context == {"version": 3}
    assert (error.message, error.errors) == (VersionConflict.default_message, {})


def test_require_goes_on_when_allowed_and_refuses_else() -> None:
    require(True)
    with pytest.raises(PermissionDenied, match="只有中心负责人"):
        require(False, "只有中心负责人能办理。")
    with pytest.raises(PermissionDenied, match="您的岗位不能办理这一步。"):
        require(False)


def test_what_stands_against_it_is_raised_and_nothing_goes_on() -> None:
    refuse_for(None)
    with pytest.raises(RuleViolation, match="不行"):
        refuse_for(RuleViolation("不行"))
