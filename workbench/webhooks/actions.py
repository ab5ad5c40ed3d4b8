"""Webhooks are set up, paused and ended by the system administrator, beside the outside system that they serve."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from grids.permissions import may_keep_api_clients
from intake.queries import changes_for
from workbench.exchange.profiles import choices
from workbench.models import EventKind, Webhook, WebhookDelivery, token_aad, webhook_aad
from workbench.verbs import Verb
from workbench.webhooks.queries import delivery_of, is_entitled, webhook_of
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import client_of
from zhongzhi.audit.actions import record
from zhongzhi.core.ciphers import seal
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.notices.actions import post_to_channel, retry_topic
from zhongzhi.notices.webhook_calls import checked_url, new_secret

WHO = "推送由系统管理员设定。"
OVERLAP = timedelta(hours=24)
MOST = 5


@dataclass(frozen=True)
class WithSecret:
    """A webhook and its new secret, which is shown this once."""

    hook: Webhook
    secret: str


@dataclass(frozen=True)
class Manner:
    """How an outside system is told: by a profile of exchange (empty: CloudEvents, thin or with the whole case), and
    with which token of its own."""

    is_full: bool = False
    profile: str = ""
    token: str = ""


@transaction.atomic
def open_webhook(client_pk: int, url: str, kinds: Sequence[str], manner: Manner, *, actor: User) -> WithSecret:
    """Tell an outside system of what changes in its sight from now on.

    Raises RuleViolation at `url` for an address that may not be called, and for a system without `changes:read`.
    """
    require(may_keep_api_clients(actor), WHO)
    url = checked_url(url)  # before the lock: names are looked up
    client = client_of(client_pk, lock=True)
    if not is_entitled(client):
        raise RuleViolation("推送须有“读取变更流”权限（changes:read），且系统在用。")
    if client.webhooks.filter(ended_at=None).count() >= MOST:
        raise RuleViolation(f"一个外部系统最多 {MOST} 个推送。")
    if not kinds or set(kinds) - set(EventKind.values):
        raise BadInput("请至少勾选一种事件。", field="kinds")
    if manner.profile and manner.profile not in dict(choices()):
        raise BadInput("请选择对接方式。", field="profile")
    cursor = str(changes_for(client.user, after="latest").after)
    hook = Webhook(client=client, url=url, kinds=list(kinds), cursor=cursor, profile=manner.profile)
    hook.is_full, secret = manner.is_full, new_secret()
    if manner.token:
        hook.token_sealed = seal(manner.token, aad=token_aad(hook.uid))
    hook.secret_sealed = seal(secret, aad=webhook_aad(hook.uid))
    hook.save()
    record(
        actor, Verb.WEBHOOK_OPENED, client, webhook=hook.pk, kinds=hook.kinds, full=hook.is_full, profile=hook.profile
    )
    return WithSecret(hook, secret)


@transaction.atomic
def renew_secret(client_pk: int, pk: int, *, actor: User) -> WithSecret:
    """Give it another secret; for a day what is sent is signed with the old one too."""
    hook = _open(client_pk, pk, actor)
    secret = new_secret()
    hook.old_secret_sealed, hook.old_until = hook.secret_sealed, timezone.now() + OVERLAP
    hook.secret_sealed = seal(secret, aad=webhook_aad(hook.uid))
    hook.save(update_fields=["secret_sealed", "old_secret_sealed", "old_until"])
    record(actor, Verb.WEBHOOK_SECRET_RENEWED, hook.client, webhook=hook.pk)
    return WithSecret(hook, secret)


@transaction.atomic
def pause_webhook(client_pk: int, pk: int, *, actor: User | None) -> Webhook:
    """Stop telling it; what changes meanwhile is told when it goes on. The clock pauses without an actor."""
    hook = _open(client_pk, pk, actor)
    if hook.paused_at is not None:
        raise InvalidTransition("这个推送已经暂停。")
    hook.paused_at = timezone.now()
    hook.save(update_fields=["paused_at"])
    record(actor, Verb.WEBHOOK_PAUSED, hook.client, webhook=hook.pk)
    return hook


@transaction.atomic
def resume_webhook(client_pk: int, pk: int, *, actor: User) -> Webhook:
    """Go on, with what waited first."""
    hook = _open(client_pk, pk, actor)
    if hook.paused_at is None:
        raise InvalidTransition("这个推送没有暂停。")
    hook.paused_at = None
    hook.save(update_fields=["paused_at"])
    retry_topic(hook.topic)
    record(actor, Verb.WEBHOOK_RESUMED, hook.client, webhook=hook.pk)
    return hook


@transaction.atomic
def end_webhook(client_pk: int, pk: int, *, actor: User) -> Webhook:
    """Never tell it again; its log stays."""
    hook = _open(client_pk, pk, actor)
    hook.ended_at = timezone.now()
    hook.save(update_fields=["ended_at"])
    record(actor, Verb.WEBHOOK_ENDED, hook.client, webhook=hook.pk)
    return hook


@transaction.atomic
def send_again(client_pk: int, pk: int, delivery_pk: int, *, actor: User) -> WebhookDelivery:
    """Tell one event once more, under the same id; InvalidTransition for one that has not gone out yet."""
    hook = _open(client_pk, pk, actor)
    row = delivery_of(hook, delivery_pk)
    if row.sent_at is None and row.refused_at is None:
        raise InvalidTransition("这一条还没有送达，会自动重试。")
    row.resent += 1
    row.sent_at, row.refused_at, row.reason = None, None, ""
    row.save(update_fields=["resent", "sent_at", "refused_at", "reason"])
    post_to_channel(hook.topic, row.key, {"delivery": str(row.pk)})
    record(actor, Verb.WEBHOOK_SENT_AGAIN, hook.client, webhook=hook.pk, delivery=row.pk)
    return row


def _open(client_pk: int, pk: int, actor: User | None) -> Webhook:
    require(actor is None or may_keep_api_clients(actor), WHO)
    hook = webhook_of(client_pk, pk, lock=True)
    if hook.ended_at is not None:
        raise InvalidTransition("这个推送已经停用。")
    return hook
