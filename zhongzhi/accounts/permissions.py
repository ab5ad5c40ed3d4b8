"""Who may sign in, whose password is due, who may end a session or reset a second factor."""

from datetime import datetime

from django.conf import settings

from zhongzhi.accounts.extension_points import post_facts_of
from zhongzhi.accounts.models import User, UserKind, UserSession
from zhongzhi.accounts.security_rules import is_within, networks_of, password_age

ONLY_SINGLE_SIGN_ON = "请用统一身份认证登录；只有管理员可以用本系统的密码或通行密钥登录。"


def may_sign_in(user: User) -> bool:
    """Only people use the login page; an outside system has its token."""
    return user.is_active and user.kind == UserKind.PERSON


def password_is_due(user: User, now: datetime) -> bool:
    """The person must choose a new password before anything else (set by someone else, or too old)."""
    return user.must_change_password or now - user.password_changed_at > password_age()


def may_end_session(actor: User, session: UserSession) -> bool:
    """One ends one's own sessions."""
    return session.user_id == actor.pk


def may_reset_second_factor(actor: User, person: User) -> bool:
    """The security administrator, and never one's own: nobody gets past the second factor alone."""
    return actor.is_active and actor.pk != person.pk and post_facts_of(actor).keeps_sign_in


def keeps_security(actor: User) -> bool:
    """The security administrator: rules, lockouts, sessions, the security log."""
    return actor.is_active and post_facts_of(actor).keeps_sign_in


def may_keep_account_of(actor: User, person: User) -> bool:
    """Reset, unlock, review, end sessions: the security administrator, and never one's own."""
    return keeps_security(actor) and actor.pk != person.pk and person.kind == UserKind.PERSON


def may_work_from(user: User, address: str | None) -> bool:
    """Administrators work from the address ranges of the rule only; everybody else from anywhere."""
    networks = networks_of()
    return is_within(networks, address) or not post_facts_of(user).is_administrator


def may_use_password(user: User) -> bool:
    """Where single sign-on is compulsory only administrators still sign in with a password of ours."""
    return not settings.OIDC_ONLY or post_facts_of(user).is_administrator
