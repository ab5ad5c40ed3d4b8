"""Signing in and out, and the end of sessions. Requests come in because the session travels with them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from zhongzhi.accounts import login_sessions as sessions
from zhongzhi.accounts.actions.second_factors import WRONG_CODE, take_code
from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.models import SecurityKind, User, UserSession
from zhongzhi.accounts.origin import NOWHERE, Origin, origin_of
from zhongzhi.accounts.permissions import may_end_session, may_sign_in, may_work_from
from zhongzhi.accounts.queries import second_factors_of, seconds_until_next_code, sessions_of
from zhongzhi.core.errors import BadInput, PermissionDenied, RateLimited, require

WAITING = "_second_factor"
SECOND_STEP_WITHIN = timedelta(minutes=5)
NOT_FROM_HERE = "管理员账号只能从规定的地址登录，请到本单位的办公电脑上登录。"
BACKEND = "zhongzhi.accounts.signed_in.AccountBackend"
FACTORS = {
    "password": "密码",
    "totp": "密码和动态码",
    "recovery": "密码和恢复码",
    "passkey": "通行密钥",
    "sso": "统一认证",
}
"""What a person showed, as the security log says it."""


def begin_sign_in(request: HttpRequest, user: User, first: str = "password") -> bool:
    """The first factor was right: open the session, or, where the person has a second one, wait for that.

    True when the person is signed in; False when a second factor has to follow within five minutes.
    """
    require(may_sign_in(user), "这个账号不能在页面登录。")
    counts_for_both = first == "sso" and settings.OIDC_COUNTS_AS_SECOND_FACTOR
    if counts_for_both or not second_factors_of(user).any:
        sign_in(request, user, first)
        return True
    request.session.cycle_key()
    request.session[WAITING] = {"user": user.pk, "at": timezone.now().isoformat(), "first": first}
    return False


def waiting_person(request: HttpRequest) -> User | None:
    """Who showed the first factor in this browser and has to show the second one yet."""
    waiting = request.session.get(WAITING)
    if waiting is None or timezone.now() - datetime.fromisoformat(waiting["at"]) > SECOND_STEP_WITHIN:
        return None
    user = User.objects.filter(pk=waiting["user"]).first()
    return user if user and may_sign_in(user) else None


def finish_sign_in(request: HttpRequest, user: User, code: str) -> None:
    """The second factor follows: open the session.

    Raises BadInput (field code) for a wrong code, RateLimited after too many of them.
    """
    _require_patience(user)
    used = take_code(user, code, origin=origin_of(request))
    if not used:
        raise BadInput(WRONG_CODE, field="code")
    sign_in(request, user, used)


@transaction.atomic
def sign_in(request: HttpRequest, user: User, factor: str = "password") -> None:
    """Open a session for a person who showed enough; the session gets a new key.

    Where the rules ask for a second factor that is not there, it is the first thing to be set up.
    """
    require(may_sign_in(user), "这个账号不能在页面登录。")
    require(may_work_from(user, origin_of(request).ip), NOT_FROM_HERE)
    factors = second_factors_of(user)
    request.session.pop(WAITING, None)
    auth.login(request, user, backend=BACKEND)
    sessions.begin(request.session, origin_of(request), factor, enrol=factors.is_due(timezone.localdate()))
    note(SecurityKind.LOGGED_IN, user, origin=origin_of(request), detail=FACTORS[factor])


def confirm_identity(request: HttpRequest, secret: str) -> None:
    """Show again who sits there: a code where the person has a second factor, else the password.

    Raises BadInput (field identity_secret) for a wrong one, RateLimited after too many of them; both are noted.
    """
    user = require_person(request)
    _require_patience(user)
    with_code = second_factors_of(user).any
    right = bool(take_code(user, secret, origin=origin_of(request))) if with_code else user.check_password(secret)
    if not right:
        if not with_code:
            note(SecurityKind.FACTOR_FAILED, user, origin=origin_of(request), detail="密码")
        raise BadInput(WRONG_CODE if with_code else "密码不正确。", field="identity_secret")
    confirm_session(request)


def _require_patience(user: User) -> None:
    if wait := seconds_until_next_code(user, timezone.now()):
        raise RateLimited(f"输错次数过多，请 {wait} 秒后再试。", wait=wait)


def confirm_session(request: HttpRequest) -> None:
    """Note that the person of this session just showed who they are."""
    sessions.confirm(request.session)
    note(SecurityKind.IDENTITY_CONFIRMED, require_person(request), origin=origin_of(request))


def require_person(request: HttpRequest) -> User:
    """Who is signed in; PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied("请先登录。")
    return request.user


@transaction.atomic
def sign_out(request: HttpRequest) -> None:
    """Close the session in use; signing out twice does no harm."""
    if isinstance(request.user, User):
        note(SecurityKind.LOGGED_OUT, request.user, origin=origin_of(request))
    auth.logout(request)


@transaction.atomic
def expire_session(request: HttpRequest, *, reason: str) -> None:
    """Close a session that stood idle, or lasted, longer than the limit (`reason`: idle or absolute)."""
    user = request.user if isinstance(request.user, User) else None
    note(SecurityKind.SESSION_EXPIRED, user, origin=origin_of(request), detail=reason)
    auth.logout(request)


@transaction.atomic
def end_session(session: UserSession, *, actor: User, origin: Origin = NOWHERE) -> None:
    """Close one of the actor's sessions from elsewhere; `PermissionDenied` for anyone else's."""
    require(may_end_session(actor, session), "只能结束自己的登录会话。")
    session.delete()
    note(SecurityKind.SESSION_ENDED, actor, origin=origin, detail=f"来源地址 {session.ip or '未知'}")


@transaction.atomic
def end_other_sessions(user: User, *, keep: str | None, origin: Origin = NOWHERE) -> int:
    """Close all sessions of a person but the one with key `keep`; returns how many were closed."""
    count, _ = sessions_of(user).exclude(session_key=keep or "").delete()
    if count:
        note(SecurityKind.SESSION_ENDED, user, origin=origin, detail=f"其他会话 {count} 个")
    return count


def end_all_sessions() -> int:
    """Close every session there is, as after a restore: some of them were ended since. Returns how many."""
    count, _ = UserSession.objects.all().delete()
    return count
