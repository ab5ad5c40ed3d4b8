"""Which scope an outside system needs for a part of the API."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from zhongzhi.accounts.models import ApiToken, Scope
from zhongzhi.core.errors import PermissionDenied


def needs_scope(read: str, write: str | None = None, *, or_read: str | None = None) -> type[BasePermission]:
    """A DRF permission class: API clients need `read` (or `or_read`) for GET, HEAD and OPTIONS, `write` for the rest.

    Without `write` API clients cannot write there at all. People signed in with a session pass: what they
    may do is decided by their postings. An unknown scope is a ValueError when the view is loaded.
    """

    class NeedsScope(BasePermission):
        """Session users pass; API clients need the scope, and the refusal names it."""

        read_scope = Scope(read)
        other_read_scope = Scope(or_read) if or_read else None
        write_scope = Scope(write) if write else None
        code = "scope_missing"
        message = ""

        def has_permission(self, request: Request, view: Any) -> bool:
            """Whether the caller may call this view with this method."""
            if not isinstance(request.auth, ApiToken):
                return bool(request.user and request.user.is_authenticated)
            held, reads = request.auth.client.scopes, request.method in SAFE_METHODS
            if reads and self.other_read_scope in held:
                return True
            needed = self.read_scope if reads else self.write_scope
            self.message = _refusal(needed)
            return needed is not None and needed in held

    return NeedsScope


def require_scope(request: Request, scope: str) -> None:
    """For a part of what a view answers: PermissionDenied for an outside system without this scope."""
    needed = Scope(scope)
    if isinstance(request.auth, ApiToken) and needed not in request.auth.client.scopes:
        raise PermissionDenied(_refusal(needed))


def _refusal(needed: Scope | None) -> str:
    if needed is None:
        return "这个接口不对外部系统开放写入。"
    return f"令牌缺少权限 {needed.value}（{needed.label}），请联系系统管理员。"
