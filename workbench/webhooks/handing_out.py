"""One event handed to one webhook: composed when it is sent, by what the system sees then."""

import json
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from intake.api.changes import ChangedCase
from intake.api.serializers import CaseOut
from intake.queries import case_visible_to
from workbench.exchange.actions import note_result
from workbench.exchange.composing import NO_NEWS, composed
from workbench.exchange.profiles import Profile, profile_named
from workbench.models import EventKind, Webhook, WebhookDelivery
from workbench.models.webhooks import REASON_LENGTH
from workbench.webhooks.queries import is_entitled, secrets_of, token_of_hook, waits_for_earlier
from zhongzhi.core.errors import NotFound, RuleViolation
from zhongzhi.notices.gateway import GatewayAway
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.notices.webhook_calls import Message, NotTaken, call


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
    if hook.profile:
        _exchange(row, hook, profile_named(hook.profile))
        return
    body = json.dumps(event_of(row, hook), cls=JSONEncoder, ensure_ascii=False).encode()
    call(hook.url, Message(str(row.uid), body, token=token_of_hook(hook)), int(time.time()), _secrets(hook))
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
        "data": {"code": row.case_code, "change": row.kind, "case": _case(row, hook, is_full=hook.is_full)},
    }


def _exchange(row: WebhookDelivery, hook: Webhook, profile: Profile) -> None:
    """Send it by a profile. What the other side refuses, or no map of codes has a word for, is not sent again by
    itself: somebody has to look at it."""
    try:
        message = composed(profile, row, _case(row, hook, is_full=True), hook.client.own_sender)
        if message is not None:
            said = Message(str(row.uid), message.body, message.content_type, token_of_hook(hook))
            call(hook.url, said, int(time.time()), _secrets(hook))
            note_result(hook.client, row.case_code)
    except RuleViolation as refusal:
        _refused(row, refusal.message)
    except NotTaken as refusal:
        if profile.outgoing is None or refusal.status not in profile.outgoing.refused:
            raise
        _refused(row, f"{refusal.status} {_reason(refusal.said)}")
    else:
        row.sent_at, row.reason = timezone.now(), "" if message else NO_NEWS
        row.digest = message.digest if message else ""
        row.save(update_fields=["sent_at", "reason", "digest"])


def _refused(row: WebhookDelivery, why: str) -> None:
    row.refused_at, row.reason = timezone.now(), why[:REASON_LENGTH]
    row.save(update_fields=["refused_at", "reason"])


def _reason(said: str) -> str:
    """The sentence of a problem document; else what was answered, as text."""
    try:
        document = json.loads(said)
    except ValueError:
        return " ".join(said.split())
    told = document.get("detail") if isinstance(document, dict) else None
    return str(told or said)


def _secrets(hook: Webhook) -> Sequence[str]:
    return secrets_of(hook, timezone.now())


def _case(row: WebhookDelivery, hook: Webhook, *, is_full: bool) -> dict[str, Any] | None:
    """How the case stands now; None of one that is out of sight, and of one that left."""
    if row.kind == EventKind.LEFT:
        return None
    user = hook.client.user
    try:
        case = case_visible_to(user, row.case_code)
    except NotFound:
        return None
    if is_full:
        return dict(CaseOut(case, context={"request": SimpleNamespace(user=user)}).data)
    return dict(ChangedCase(case).data)
