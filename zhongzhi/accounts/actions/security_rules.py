"""The security administrator's acts: rules, unlocking, one-time passwords, sessions, dormant accounts, addresses."""

from collections.abc import Iterable
from functools import partial
from ipaddress import ip_network

from axes.models import AccessAttempt
from django.db import transaction
from django.utils import timezone

from zhongzhi.accounts import security_rules
from zhongzhi.accounts.actions.people import one_time_end, remember_password
from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.models import (
    ApiClient,
    DormancyDecision,
    DormancyReview,
    SecurityKind,
    SecurityRule,
    User,
    UserSession,
)
from zhongzhi.accounts.origin import NOWHERE, Origin
from zhongzhi.accounts.passwords import one_time_password
from zhongzhi.accounts.permissions import keeps_security, may_keep_account_of
from zhongzhi.accounts.queries import is_dormant, locked_names
from zhongzhi.accounts.security_rules import NUMBERS, RuleName, is_within
from zhongzhi.accounts.verbs import Verb
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import required_text

REASON_LENGTH = 120
NETWORKS_AT_MOST = 50
NOT_YOURS = "只有安全管理员可以办理，且不能办理自己的账号。"


@transaction.atomic
def set_number(name: RuleName, number: int, actor: User, reason: str, *, origin: Origin = NOWHERE) -> SecurityRule:
    """Set a rule to a number within its bounds, from now on."""
    require(keeps_security(actor), NOT_YOURS)
    limits = NUMBERS[name]
    if not limits.low <= number <= limits.high:
        raise BadInput(f"“{name.label}”应在 {limits.low} 至 {limits.high} 之间。", field="number")
    row = SecurityRule(name=name, numbers=number, reason=_reason(reason), set_by=actor)
    return _set(row, f"{name.label} 改为 {number}", actor, origin)


@transaction.atomic
def set_admin_networks(networks: Iterable[str], actor: User, reason: str, *, origin: Origin = NOWHERE) -> SecurityRule:
    """Say from where administrators sign in and work; never without the address this is said from."""
    require(keeps_security(actor), NOT_YOURS)
    ranges = clean_networks(networks)
    if not is_within(ranges, origin.ip):
        raise RuleViolation(
            f"这些地址段不含您现在的地址 {origin.ip or '（未知）'}，保存后您自己就进不来了。", field="networks"
        )
    row = SecurityRule(name=RuleName.ADMIN_NETWORKS, networks=ranges, reason=_reason(reason), set_by=actor)
    return _set(row, f"管理员地址段 改为 {'、'.join(ranges) or '不限'}", actor, origin)


@transaction.atomic
def set_client_networks(
    client: ApiClient, networks: Iterable[str], actor: User, reason: str, *, origin: Origin = NOWHERE
) -> None:
    """Say from where an outside system calls; none for anywhere."""
    require(keeps_security(actor), NOT_YOURS)
    client = ApiClient.objects.select_for_update().get(pk=client.pk)
    client.networks, why = clean_networks(networks), _reason(reason)
    client.save(update_fields=["networks"])
    detail = f"由 {actor.username}：{'、'.join(client.networks) or '不限'}（{why}）"
    note(SecurityKind.CLIENT_NETWORKS_CHANGED, client.user, origin=origin, detail=detail)


@transaction.atomic
def unlock(username: str, actor: User, reason: str, *, origin: Origin = NOWHERE) -> None:
    """Let a locked name try again at once. Nobody unlocks oneself."""
    require(keeps_security(actor) and username.lower() != actor.username.lower(), NOT_YOURS)
    why = _reason(reason)
    if username not in {lock.username for lock in locked_names(timezone.now())}:
        raise InvalidTransition("这个用户名没有锁定，或已到时自动解锁。")
    AccessAttempt.objects.filter(username=username).delete()
    person = User.objects.filter(username__iexact=username).first()
    detail = f"由 {actor.username}：{why}"
    note(SecurityKind.UNLOCKED, person, origin=origin, username=username, detail=detail)


@transaction.atomic
def give_one_time_password(person: User, actor: User, reason: str, *, origin: Origin = NOWHERE) -> str:
    """Give somebody who forgot theirs a password for one sign-in, shown this once; their sessions end.

    It stops working after the hours of the rule, and must be changed at the first sign-in.
    """
    require(may_keep_account_of(actor, person), NOT_YOURS)
    person, why = User.objects.select_for_update().get(pk=person.pk), _reason(reason)
    if not person.is_active:
        raise InvalidTransition("这个账号已停用，不能重置密码。")
    password = one_time_password()
    remember_password(person)
    person.set_password(password)
    person.password_changed_at, person.must_change_password = timezone.now(), True
    person.one_time_until = one_time_end()
    person.save(update_fields=["password", "password_changed_at", "must_change_password", "one_time_until"])
    UserSession.objects.filter(user=person).delete()
    record(actor, Verb.PASSWORD_RESET, person)
    note(SecurityKind.PASSWORD_RESET, person, origin=origin, detail=f"由 {actor.username}：{why}")
    return password


@transaction.atomic
def end_session_of(session: UserSession, actor: User, reason: str, *, origin: Origin = NOWHERE) -> None:
    """End a session of somebody else; one's own are ended on one's own page."""
    if session.user is None:
        raise InvalidTransition("这个会话没有登录的人。")
    require(may_keep_account_of(actor, session.user), NOT_YOURS)
    detail = f"由 {actor.username}：{_reason(reason)}（来源地址 {session.ip or '未知'}）"
    session.delete()
    note(SecurityKind.SESSION_ENDED, session.user, origin=origin, detail=detail)


@transaction.atomic
def review_dormant(
    person: User, decision: DormancyDecision, actor: User, reason: str, *, origin: Origin = NOWHERE
) -> DormancyReview:
    """Decide about an account that nobody uses: close it, or keep it until it comes up again."""
    require(may_keep_account_of(actor, person), NOT_YOURS)
    person, why = User.objects.select_for_update().get(pk=person.pk), _reason(reason)
    if not is_dormant(person, timezone.now()):
        raise InvalidTransition("这个账号已复核，或近期登录过。")
    row = DormancyReview.objects.create(user=person, decision=decision, reason=why, decided_by=actor)
    if decision == DormancyDecision.CLOSE:
        person.is_active = False
        person.save(update_fields=["is_active"])
        UserSession.objects.filter(user=person).delete()
    detail = f"由 {actor.username} {row.get_decision_display()}：{why}"
    note(SecurityKind.DORMANCY_REVIEWED, person, origin=origin, detail=detail)
    return row


def clean_networks(networks: Iterable[str]) -> list[str]:
    """Ranges as they are kept; BadInput (field networks) names the one that is none."""
    found: list[str] = []
    for text in filter(None, (given.strip() for given in networks)):
        try:
            found.append(str(ip_network(text, strict=False)))
        except ValueError as wrong:
            raise BadInput(f"“{text[:50]}”不是地址段，应写成 10.15.0.0/16 或 10.15.3.8。", field="networks") from wrong
    if len(found) > NETWORKS_AT_MOST:
        raise BadInput(f"地址段最多 {NETWORKS_AT_MOST} 个。", field="networks")
    return list(dict.fromkeys(found))


def _set(row: SecurityRule, detail: str, actor: User, origin: Origin) -> SecurityRule:
    row.save()
    note(SecurityKind.RULE_CHANGED, actor, origin=origin, detail=f"{detail}：{row.reason}")
    security_rules.forget()
    transaction.on_commit(partial(security_rules.forget))
    return row


def _reason(reason: str) -> str:
    return required_text(reason, field="reason", missing="请填写理由。", max_length=REASON_LENGTH)
