"""Reads of what is exchanged with other systems: how much stands how, and what is stuck."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from workbench.exchange.profiles import profiles
from workbench.models import ExchangeItem, ExchangeState, Webhook, WebhookDelivery
from zhongzhi.accounts.models import ApiClient
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.notices.queries import messages_of_keys

SHOWN = 50


@dataclass(frozen=True)
class StuckMessage:
    """A message of ours that was refused or could not be delivered, with its message in the outbox."""

    delivery: WebhookDelivery
    message: OutboxMessage | None


def overtaken(item: ExchangeItem) -> bool:
    """Whether a message that its sender wrote later on the same number was taken before."""
    if item.sequence is None:
        return False
    others = ExchangeItem.objects.filter(client=item.client_id, number=item.number, sequence__gt=item.sequence)
    return others.exclude(state=ExchangeState.REFUSED).exists()


def answerable(client: ApiClient, event: str) -> WebhookDelivery | None:
    """The message of ours to a system by the id of its event, locked; None for none."""
    try:
        uid = UUID(event)
    except ValueError:
        return None
    return WebhookDelivery.objects.select_for_update().filter(webhook__client=client, uid=uid).first()


def manner_of(hook: Webhook) -> str:
    """How a webhook speaks, in words."""
    known = profiles().get(hook.profile)
    return known.label if known else hook.profile or "CloudEvents"


def exchanges_out() -> list[Webhook]:
    """Every address that something is sent to, in use, with how much stands how."""
    told = {
        "waiting": Q(deliveries__sent_at=None, deliveries__refused_at=None),
        "taken": Q(deliveries__sent_at__isnull=False, deliveries__answered_at=None),
        "refused": Q(deliveries__refused_at__isnull=False),
        "answered": Q(deliveries__answered_at__isnull=False),
    }
    there = Q(deliveries__isnull=False)
    counts = {name: Count("deliveries", filter=there & condition) for name, condition in told.items()}
    rows = Webhook.objects.filter(ended_at=None).select_related("client").annotate(**counts)
    found = list(rows.order_by("client__name", "pk"))
    for hook in found:
        hook.manner = manner_of(hook)  # type: ignore[attr-defined]
    return found


def exchanges_in() -> QuerySet[ApiClient]:
    """Every system that sent something by a profile, with how much stands how."""
    states = {state: Q(exchange_items__state=state) for state in ExchangeState.values}
    counts = {f"{state}_items": Count("exchange_items", filter=those) for state, those in states.items()}
    return ApiClient.objects.exclude(exchange_items=None).annotate(**counts).order_by("name")


def stuck_out() -> Sequence[StuckMessage]:
    """What was refused, and what failed at least once and waits: the latest first."""
    rows = WebhookDelivery.objects.filter(webhook__ended_at=None, sent_at=None).select_related("webhook__client")
    waiting = list(rows.order_by("-pk")[: SHOWN * 4])
    messages = messages_of_keys(row.key for row in waiting)
    lines = [StuckMessage(row, messages.get(row.key)) for row in waiting]
    return [line for line in lines if line.delivery.refused_at or (line.message and line.message.attempts)][:SHOWN]


def refused_in() -> QuerySet[ExchangeItem]:
    """What other systems sent and was refused, the latest first."""
    return ExchangeItem.objects.filter(state=ExchangeState.REFUSED).select_related("client").order_by("-pk")[:SHOWN]
