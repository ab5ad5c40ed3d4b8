"""One event handed to one webhook: composed when it is sent, by what the system sees then."""

import json
import time
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from intake.api.changes import ChangedCase
from intake.api.serializers import CaseOut
from intake.queries import case_visible_to
from workbench.models import EventKind, Webhook, WebhookDelivery
from workbench.webhooks.queries import is_entitled, secrets_of, waits_for_earlier
from zhongzhi.core.errors import NotFound
from zhongzhi.notices.gateway import GatewayAway
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.notices.webhook_calls import call


class EarlierWaits(Exception):
    """An earlier event of the same case has not been taken yet: the order of a case is kept."""


class WebhookPaused(GatewayAway):
    """Nothing is sent until it goes on."""


def hand_out(message: OutboxMessage) -> None:
    """Send one event; raises what keeps it waiting. What was ended meanwhile is let go."""
    row = WebhookDelivery.objects.select_related("webhook__client__user").get(pk=int(message.payload["delivery"]))
    hook = row.webhook
    if hook.ended_at is not None or not is_entitled(hook.client):
        return
    if hook.paused_at is not None:
        raise WebhookPaused
    if waits_for_earlier(row):
        raise EarlierWaits
    body = json.dumps(event_of(row, hook), cls=JSONEncoder, ensure_ascii=False).encode()
    call(hook.url, str(row.uid), int(time.time()), body, secrets_of(hook, timezone.now()))
    row.sent_at = timezone.now()
    row.save(update_fields=["sent_at"])


def event_of(row: WebhookDelivery, hook: Webhook) -> dict[str, Any]:
    """CloudEvents 1.0, structured."""
    return {
        "specversion": "1.0",
        "id": str(row.uid),
        "source": "/api/v1/",
        "type": f"zhongzhi.case.{row.kind}",
        "subject": row.case_code,
        "time": row.happened_at.isoformat(),
        "datacontenttype": "application/json",
        "data": _data(row, hook),
    }


def _data(row: WebhookDelivery, hook: Webhook) -> dict[str, Any]:
    """How the case stands now; of one that is out of sight, and of one that left, the code alone."""
    told: dict[str, Any] = {"code": row.case_code, "change": row.kind, "case": None}
    if row.kind == EventKind.LEFT:
        return told
    user = hook.client.user
    try:
        case = case_visible_to(user, row.case_code)
    except NotFound:
        return told
    shown = CaseOut(case, context={"request": SimpleNamespace(user=user)}).data if hook.is_full else None
    return told | {"case": shown if shown is not None else ChangedCase(case).data}
