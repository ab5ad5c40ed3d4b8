"""Reads of webhooks and of what they told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from workbench.models import Webhook, WebhookDelivery, token_aad, webhook_aad
from zhongzhi.accounts.models import ApiClient, Scope
from zhongzhi.core.ciphers import unseal
from zhongzhi.core.errors import NotFound
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.notices.queries import messages_of_keys, waiting

SHOWN = 50
GIVES_UP_AFTER = 10
"""Failures of one message, some eight hours of growing waits, after which a webhook is paused."""


@dataclass(frozen=True)
class LogLine:
    """One event of a webhook, and how far its message is; no message where it was swept."""

    delivery: WebhookDelivery
    message: OutboxMessage | None


def webhooks_of(client: ApiClient) -> QuerySet[Webhook]:
    """Those of an outside system, ended ones last."""
    return Webhook.objects.filter(client=client).order_by("-ended_at", "pk")


def webhook_of(client_pk: int, pk: int, *, lock: bool = False) -> Webhook:
    """One of an outside system, locked where asked; NotFound for none."""
    rows = Webhook.objects.select_related("client__user").filter(client_id=client_pk, pk=pk)
    hook = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if hook is None:
        raise NotFound("没有找到这个推送。")
    return hook


def delivery_of(hook: Webhook, pk: int) -> WebhookDelivery:
    """One event that a webhook told; NotFound for none."""
    row = hook.deliveries.filter(pk=pk).first()
    if row is None:
        raise NotFound("没有找到这条推送记录。")
    return row


def is_entitled(client: ApiClient) -> bool:
    """Whether an outside system may be told of changes today."""
    in_time = client.ends_on is None or client.ends_on >= timezone.localdate()
    return client.is_active and in_time and Scope.CHANGES_READ in client.held_scopes


def running_webhooks() -> list[int]:
    """The numbers of those that are to be told."""
    rows = Webhook.objects.filter(paused_at=None, ended_at=None).select_related("client")
    return [hook.pk for hook in rows if is_entitled(hook.client)]


def secrets_of(hook: Webhook, now: datetime) -> Sequence[str]:
    """The secrets in force, the newest first."""
    kept = [hook.secret_sealed]
    if hook.old_secret_sealed is not None and hook.old_until is not None and hook.old_until > now:
        kept.append(hook.old_secret_sealed)
    return [unseal(bytes(sealed), aad=webhook_aad(hook.uid)) for sealed in kept]


def token_of_hook(hook: Webhook) -> str:
    """What we show at the other side; empty where it asks for none."""
    return unseal(bytes(hook.token_sealed), aad=token_aad(hook.uid)) if hook.token_sealed is not None else ""


def waits_for_earlier(delivery: WebhookDelivery) -> bool:
    """Whether an earlier event of the same case has not gone out yet, and is neither refused nor given up."""
    waiting = WebhookDelivery.objects.filter(sent_at=None, refused_at=None, pk__lt=delivery.pk)
    earlier = waiting.filter(webhook=delivery.webhook_id, case_code=delivery.case_code)
    keys = [row.key for row in earlier]
    return any(message.given_up_at is None for message in messages_of_keys(keys).values()) if keys else False


def is_failing(hook: Webhook) -> bool:
    """Whether a message of it failed too many times."""
    return waiting().filter(topic=hook.topic, attempts__gte=GIVES_UP_AFTER).exists()


def log_of(hook: Webhook) -> list[LogLine]:
    """What it told last, the latest first."""
    rows = list(hook.deliveries.order_by("-pk")[:SHOWN])
    messages = messages_of_keys(row.key for row in rows)
    return [LogLine(row, messages.get(row.key)) for row in rows]
