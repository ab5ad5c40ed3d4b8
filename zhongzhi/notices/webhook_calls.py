"""One call of a webhook: signed after Standard Webhooks, never to an address of our own network unless it is listed."""

import base64
import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from zhongzhi.core.errors import RuleViolation
from zhongzhi.notices.gateway import GatewayAway

MARK: Final = "whsec_"
SECRET_BYTES: Final = 32
TIMEOUT: Final = 10.0
AWAY: Final = frozenset({408, 429})
SAID: Final = 4096
"""So many bytes of an answer are read."""
CLOUD_EVENT: Final = "application/cloudevents+json; charset=utf-8"


class NotTaken(Exception):
    """The receiver answered, and not with a 2xx: it is tried again, unless the sender knows better.

    `said` is the beginning of what it answered.
    """

    def __init__(self, status: int, said: str = "") -> None:
        self.status, self.said = status, said
        super().__init__(status)


class AddressNotAllowed(Exception):
    """The name leads into a private network that is not listed."""


def new_secret() -> str:
    """A secret never seen before, as Standard Webhooks writes it."""
    return MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature_of(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def checked_url(url: str) -> str:
    """An address that may be called: HTTPS; HTTP only into a network that is listed. Raises RuleViolation at `url`."""
    parts = urlsplit(url.strip())
    try:
        is_well = bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        is_well = False
    if not is_well or parts.scheme not in ("https", "http") or parts.fragment:
        raise RuleViolation("请填写完整的地址，如 https://example.gov.cn/hooks/zhongzhi。", field="url")
    try:
        _address_of(parts)
    except AddressNotAllowed:
        said = "这个地址在内部网络，或没有使用 HTTPS；确需使用的，请先把网段列入 WEBHOOK_NETWORKS。"
        raise RuleViolation(said, field="url") from None
    except GatewayAway:
        raise RuleViolation("这个地址的主机名解析不到，请核对。", field="url") from None
    return url.strip()


@dataclass(frozen=True)
class Message:
    """What is told: the id of the event, the body and its type, and the token to be shown, where one is asked for."""

    event_id: str
    body: bytes
    content_type: str = CLOUD_EVENT
    token: str = ""


def call(url: str, message: Message, timestamp: int, keys: Sequence[str]) -> int:
    """POST the event with a signature for each secret in force; the status, which is a 2xx.

    Redirects are not followed. Raises GatewayAway where the next event fares no better now, NotTaken for another
    answer, AddressNotAllowed.
    """
    parts = urlsplit(url)
    event_id, body = message.event_id, message.body
    headers = {
        "Content-Type": message.content_type,
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature_of(secret, event_id, timestamp, body) for secret in keys),
    }
    if message.token:
        headers["Authorization"] = f"Bearer {message.token}"
    connection = _connection(parts, _address_of(parts))
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        status, said = answer.status, answer.read(SAID).decode("utf-8", "replace")
    except (OSError, HTTPException) as error:
        raise GatewayAway(type(error).__name__) from None
    finally:
        connection.close()
    if status >= 500 or status in AWAY:
        raise GatewayAway(status)
    if not 200 <= status < 300:
        raise NotTaken(status, said)
    return status


def _address_of(parts: SplitResult) -> str:
    """Where the name leads, looked up once: what is checked is what is called."""
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise GatewayAway("name") from None
    addresses = {str(row[4][0]) for row in found}
    for address in sorted(addresses):
        if not _may_call(address, parts.scheme):
            raise AddressNotAllowed
    return min(addresses)


def _may_call(address: str, scheme: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    return ip.is_global and not ip.is_multicast and scheme == "https"


def _connection(parts: SplitResult, address: str) -> HTTPConnection:
    """To that address, and to the name where the certificate is checked."""
    kind: Any = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection: HTTPConnection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
    connection._create_connection = lambda to, *rest: socket.create_connection((address, to[1]), *rest)  # type: ignore[attr-defined]
    return connection
