"""What is sent to another system of a case, by its profile: composed when it is sent, of what that system sees then."""

import json
from dataclasses import dataclass
from typing import Any

from rest_framework.utils.encoders import JSONEncoder

from workbench.exchange.profiles import Outgoing, Profile
from workbench.exchange.shaping import as_xml, shaped
from workbench.models import ExchangeItem, WebhookDelivery
from zhongzhi.core.ciphers import sm3

XML, JSON = "application/xml; charset=utf-8", "application/json; charset=utf-8"
NO_NEWS = "没有须报送的新内容，未发送。"


@dataclass(frozen=True)
class Composed:
    """A message as it goes out, and what tells it from another that says the same of the case."""

    body: bytes
    content_type: str
    digest: str


def composed(profile: Profile, row: WebhookDelivery, case: dict[str, Any] | None, sender: str) -> Composed | None:
    """The message of one change; None where the profile has nothing to say of the case as it stands.

    `case` is how the API shows it to that system (None: out of its sight), `sender` the name of its numbers. Raises
    RuleViolation for a code that the profile's maps do not have.
    """
    out = profile.outgoing
    if out is None or (out.statuses and (case or {}).get("status") not in out.statuses):
        return None
    event = {
        "id": str(row.uid),
        "sequence": row.pk,
        "kind": row.kind,
        "at": row.happened_at.isoformat(),
        "code": row.case_code,
    }
    facts = {"case": case, "number": _number(row, case, sender)}
    digest = sm3(_json(shaped(out.message, {**facts, "event": {}}, profile.codes)))
    if not row.resent and _was_said(out, row, digest):
        return None
    message = shaped(out.message, {**facts, "event": event}, profile.codes)
    if profile.root:
        return Composed(as_xml(message, profile.root), XML, digest)
    return Composed(_json(message), JSON, digest)


def _was_said(out: Outgoing, row: WebhookDelivery, digest: str) -> bool:
    """Whether the last message that went out of this case said the same."""
    if not out.once:
        return False
    went_out = WebhookDelivery.objects.filter(webhook=row.webhook_id, case_code=row.case_code, sent_at__isnull=False)
    last = went_out.exclude(digest="").exclude(pk=row.pk).order_by("-pk").first()
    return last is not None and last.digest == digest


def _number(row: WebhookDelivery, case: dict[str, Any] | None, sender: str) -> str | None:
    """Under which number the other system knows the case: as it wrote it itself, where it handed the case in."""
    came_in = ExchangeItem.objects.filter(client=row.webhook.client_id, case_code=row.case_code)
    if (item := came_in.order_by("pk").first()) is not None:
        return item.number
    numbers = [row["number"] for row in (case or {}).get("senders", ()) if row["system"] == sender]
    return numbers[0] if numbers else None


def _json(message: Any) -> bytes:
    return json.dumps(message, cls=JSONEncoder, ensure_ascii=False).encode()
