"""Which scope an outside system needs for a part of the API."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from zhongzhi.accounts.models import ApiToken, Scope
from zhongzhi.core.errors import PermissionDenied

MISSING = "scope_missing"


class ScopeMissing(PermissionDenied):
    """The token has not the scope for this part."""

    code = MISSING


def needs_scope(read: str, *writes: str, or_read: str | None = None) -> type[BasePermission]:
    """A DRF permission class: API clients need `read` (or `or_read`) for GET, HEAD and OPTIONS, for the rest one of
    `writes`; the refusal names the first.

    Without `writes` API clients cannot write there at all. People signed in with a session pass: what they
    may do is decided by their postings. An unknown scope is a ValueError when the view is loaded.
    """

    class NeedsScope(BasePermission):
        """Session users pass; API clients need the scope, and the refusal names it."""

        read_scopes = tuple(Scope(scope) for scope in (read, or_read) if scope)
        write_scopes = tuple(Scope(scope) for scope in writes)
        code = MISSING
        message = ""

        def has_permission(self, request: Request, view: Any) -> bool:
            """Whether the caller may call this view with this method."""
            if not isinstance(request.auth, ApiToken):
                return bool(request.user and request.user.is_authenticated)
            needed = self.read_scopes if request.method in SAFE_METHODS else self.write_scopes
            self.message = _refusal(needed[0] if needed else None)
            self.code = MISSING if needed else PermissionDenied.code
            return not request.auth.client.held_scopes.isdisjoint(needed)

    return NeedsScope


def require_scope(request: Request, scope: str) -> None:
    """For a part of what a view answers: ScopeMissing for an outside system without this scope."""
    needed = Scope(scope)
    if isinstance(request.auth, ApiToken) and needed not in request.auth.client.held_scopes:
        raise ScopeMissing(_refusal(needed))


def _refusal(needed: Scope | None) -> str:
    if needed is None:
        return "这个接口不对外部系统开放写入。"
    return f"令牌缺少权限 {needed.value}（{needed.label}），请联系系统管理员。"
