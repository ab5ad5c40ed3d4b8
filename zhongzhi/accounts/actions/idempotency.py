"""Keys of POSTs: claimed before the act, answered with it, forgotten after 48 hours."""

import json
from datetime import datetime
from typing import Any

from rest_framework.renderers import JSONRenderer

from zhongzhi.accounts.models import IdempotencyRecord, User
from zhongzhi.accounts.queries import spent_idempotency_records
from zhongzhi.core.ciphers import seal, unseal

SWEEP_BATCH = 1000


def claim_key(
    user: User, key: str, *, method: str, path: str, fingerprint: str, now: datetime
) -> tuple[IdempotencyRecord, bool]:
    """The record of this key, and whether this request is the first with it.

    Must run in the transaction of the act. A second request waits here until the first has committed (then
    it finds the answer) or was rolled back (then it is the first itself).
    """
    spent_idempotency_records(now).filter(user=user, key=key).delete()
    return IdempotencyRecord.objects.get_or_create(
        user=user,
        key=key,
        defaults={"method": method, "path": path[:500], "fingerprint": fingerprint, "created_at": now},
    )


def keep_answer(record: IdempotencyRecord, *, status: int, headers: dict[str, str], data: Any) -> None:
    """Keep the answer of the act with its key, sealed, in the same transaction."""
    text = JSONRenderer().render(data).decode() or "null"
    record.status, record.headers = status, headers
    record.body = seal(text, aad=_aad(record))
    record.save(update_fields=["status", "headers", "body"])


def kept_answer(record: IdempotencyRecord) -> Any:
    """The data answered the first time."""
    return json.loads(unseal(bytes(record.body), aad=_aad(record)))


def sweep_idempotency(now: datetime) -> int:
    """Forget answers older than 48 hours, in small batches; returns how many were forgotten."""
    total = 0
    while spent := list(spent_idempotency_records(now).values_list("pk", flat=True)[:SWEEP_BATCH]):
        total += IdempotencyRecord.objects.filter(pk__in=spent).delete()[0]
    return total


def _aad(record: IdempotencyRecord) -> str:
    return f"idempotency:{record.user_id}:{record.key}"
