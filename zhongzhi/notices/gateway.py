"""Handing a text message to an HTTP gateway: one POST of JSON, an answer that says yes or no.

Failures are raised, and the outbox sends again. The gateway is told one key per message, so that what it took and we
did not hear of is not sent twice.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

PLACEHOLDER: Final = re.compile(r"\{(to|text|id)\}")
ANSWER_BYTES: Final = 64 * 1024
AWAY: Final = frozenset({401, 403, 404, 408, 429})


class GatewayAway(Exception):
    """The gateway cannot be reached, is overloaded or refuses us altogether: the next message fares no better now."""


class GatewayRefused(Exception):
    """The gateway does not take this message."""


def send(message_key: str, *, to: str, text: str) -> None:
    """POST one message to `TEXT_MESSAGE_URL`, made from `TEXT_MESSAGE_TEMPLATE`; the same key is the same message.

    Waits at most `TEXT_MESSAGE_TIMEOUT` seconds for each answer of the network. Redirects are not followed: number and
    words go to the configured host only. Raises GatewayAway or GatewayRefused; neither carries number or words.
    """
    own = hashlib.sha256(message_key.encode()).hexdigest()[:32]
    body = json.dumps(filled(template(), {"to": to, "text": text, "id": own}), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json", "Idempotency-Key": own}
    if settings.TEXT_MESSAGE_TOKEN:
        headers["Authorization"] = f"Bearer {settings.TEXT_MESSAGE_TOKEN}"
    status, answer = _post(settings.TEXT_MESSAGE_URL, body, headers)
    if status in AWAY or status >= 500:
        raise GatewayAway(status)
    if not 200 <= status < 300 or not _accepted(answer):
        raise GatewayRefused(status)


def template() -> Any:
    """What is sent, as JSON with `{to}`, `{text}` and `{id}` in its texts. Raises ValueError for what is no JSON."""
    return json.loads(settings.TEXT_MESSAGE_TEMPLATE)


def filled(shape: Any, values: Mapping[str, str]) -> Any:
    """The template with its placeholders replaced, once: what stands in a value is never a placeholder itself."""
    if isinstance(shape, str):
        return PLACEHOLDER.sub(lambda found: values[found[1]], shape)
    if isinstance(shape, list):
        return [filled(item, values) for item in shape]
    return {key: filled(item, values) for key, item in shape.items()} if isinstance(shape, dict) else shape


def _post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=settings.TEXT_MESSAGE_TIMEOUT)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read(ANSWER_BYTES)
    except (OSError, HTTPException) as error:
        raise GatewayAway(type(error).__name__) from None
    finally:
        connection.close()


def _accepted(answer: bytes) -> bool:
    """Whether the answer says so, where `TEXT_MESSAGE_ACCEPTED` (`code=0`) tells what to look for."""
    name, _, wanted = settings.TEXT_MESSAGE_ACCEPTED.partition("=")
    if not name:
        return True
    try:
        found = json.loads(answer)
    except ValueError:
        return False
    return isinstance(found, dict) and name in found and str(found[name]) == wanted
