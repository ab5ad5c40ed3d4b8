"""Refusals: what the program says no to, each with a stable code and a sentence that tells the user what to do.

Raised where the reason is known, caught only at the edge (pages and API), which turns them into an answer with
the status of the class.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class DomainError(Exception):
    """A refusal. `message` is Chinese and meant for the user; `errors` holds the sentences by field."""

    code: ClassVar[str] = "rule_broken"
    status: ClassVar[int] = 422
    default_message: ClassVar[str] = "这一步不能办理。"
    told: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        message: str | None = None,
        *,
        field: str | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        **context: object,
    ) -> None:
        """Say what is wrong, and where: one `field`, or `errors` for several at once.

        `context` is kept for logs and tests; it never holds personal data. What of it a class names in `told` stands
        in the answer to a program.
        """
        by_field = {name: list(sentences) for name, sentences in (errors or {}).items()}
        self.message: str = message or _first(by_field) or self.default_message
        if field is not None:
            by_field.setdefault(field, [self.message])
        self.field: str | None = field or (next(iter(by_field)) if len(by_field) == 1 else None)
        self.errors: dict[str, list[str]] = by_field
        self.context = context
        super().__init__(self.message)


class BadInput(DomainError):
    """The input has not the shape asked for."""

    code = "invalid"
    status = 400
    default_message = "填写的内容有误，请按提示修改后重新提交。"


class Unfit(BadInput):
    """The shape is right and cannot be taken all the same: something is missing beside what else was said, it names
    what is not there, a file holds nothing. No document of the shape can tell."""

    code = "rule_broken"
    status = 422


class PermissionDenied(DomainError):
    """The person's post does not include this act."""

    code = "forbidden"
    status = 403
    default_message = "您的岗位不能办理这一步。"


class NotFound(DomainError):
    """It is not there, or not for this person to see: the answer is the same."""

    code = "not_found"
    status = 404
    default_message = "没有找到，或者不在您的查看范围内。"


class InvalidTransition(DomainError):
    """The act does not fit the state the matter is in."""

    code = "wrong_state"
    status = 409
    default_message = "当前状态下不能办理这一步，请刷新后查看最新情况。"


class VersionConflict(DomainError):
    """Somebody else changed it since it was read."""

    code = "changed_meanwhile"
    status = 412
    default_message = "您打开之后，内容已有人更新过。请核对最新情况后再提交。"


class TooLarge(DomainError):
    """More bytes than allowed."""

    code = "too_large"
    status = 413
    default_message = "提交的内容过大，请缩小后再试。"


class UnsupportedType(DomainError):
    """A kind of content that is not taken."""

    code = "unsupported_type"
    status = 415
    default_message = "不支持这种类型的内容。"


class RuleViolation(DomainError):
    """Well-formed, but against a rule of the office."""

    code = "rule_broken"
    status = 422
    default_message = "填写的内容不符合办理规则，请按提示修改。"


class RateLimited(DomainError):
    """Asked too many times within a short while; `context["wait"]` holds the seconds to wait."""

    code = "throttled"
    status = 429
    default_message = "操作过于频繁，请稍后再试。"


class Busy(DomainError):
    """Somebody holds what is needed, for longer than anyone should wait; `context["wait"]` holds seconds."""

    code = "busy"
    status = 503
    default_message = "有人正在保存同一件事，没有等到；这一步没有保存。请稍等几秒再提交一次。"


class Crowded(DomainError):
    """All threads but those kept for the window are at work; `context["wait"]` holds seconds."""

    code = "crowded"
    status = 503
    default_message = "现在办理的人太多，这一步没有保存。请稍等几秒再提交一次。"


class Lost(DomainError):
    """The database went away in the middle: whether it was saved is not known; `context["wait"]` holds seconds."""

    code = "outcome_unknown"
    status = 503
    default_message = (
        "数据库刚才断开，系统暂时不能应答。如果刚才提交了内容，请稍等几秒，"
        "刷新原来的页面核对是否已保存；没有保存再提交一次。"
    )


class TooSlow(DomainError):
    """The database worked at it for longer than allowed; `context["wait"]` holds seconds."""

    code = "too_slow"
    status = 503
    default_message = "这一步用时过长，已停止，没有保存。请缩小查询范围，或稍后再试一次。"


class FilesAway(DomainError):
    """The storage of files does not answer; `context["wait"]` holds seconds."""

    code = "files_away"
    status = 503
    default_message = "文件存储暂时连不上，这一步没有保存。请稍等再试一次；仍不行请联系系统管理员。"


def require(allowed: bool, message: str = PermissionDenied.default_message) -> None:
    """Go on only when a permission predicate said yes; else PermissionDenied."""
    if not allowed:
        raise PermissionDenied(message)


def refuse_for(why: DomainError | None) -> None:
    """Go on only when nothing stands against it; raise what does. The offer asks for the same `why`."""
    if why is not None:
        raise why


def _first(by_field: dict[str, list[str]]) -> str | None:
    return next((sentences[0] for sentences in by_field.values() if sentences), None)
