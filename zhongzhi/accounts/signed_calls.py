"""Signed calls of outside systems, for networks that ask for it: who holds the token alone can neither change a call
nor make it twice.

A signature is HMAC with SM3 (GB/T 32905; RFC 2104), in hexadecimal, under the signing key of the system, over five
lines: method, path with its query, `X-Timestamp` (seconds since 1970), `X-Nonce` (used once), and the SM3 of the
content. Where a file is sent (`multipart/form-data`) the content counts as empty: the answer names the SM3 of what was
kept.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.constant_time import bytes_eq
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.exceptions import APIException, AuthenticationFailed

from zhongzhi.accounts.models import ApiClient
from zhongzhi.core.ciphers import sm3

WINDOW: Final = timedelta(minutes=5)
NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
MISSING: Final = "这个系统的调用须签名，请求头应有 X-Timestamp、X-Nonce、X-Signature。"


class CannotTell(APIException):
    """Whether a number was used before is not to be known just now."""

    status_code = 503
    default_detail, default_code = "暂时无法核对签名，请稍后重试。", "unavailable"
    wait = 5


@dataclass(frozen=True)
class Signed:
    """What a signature is made over."""

    method: str
    address: str
    timestamp: str
    nonce: str
    body: bytes

    def by(self, secret: str) -> str:
        """Its signature under a signing key."""
        lines = (self.method, self.address, self.timestamp, self.nonce, sm3(self.body))
        code = hmac.HMAC(secret.encode(), hashes.SM3())
        code.update("\n".join(lines).encode())
        return code.finalize().hex()


def require_signature(client: ApiClient, request: HttpRequest, now: datetime) -> None:
    """Where a system has a signing key, hold the call to it. Raises AuthenticationFailed with `signature_missing`,
    `signature_wrong`, `signature_stale` (five minutes either way) or `signature_repeated`."""
    secret = client.signing_secret
    if not secret:
        return
    told = {name: request.headers.get(f"X-{name}", "") for name in ("Timestamp", "Nonce", "Signature")}
    if not all(told.values()):
        raise AuthenticationFailed(MISSING, code="signature_missing")
    body = b"" if request.content_type == "multipart/form-data" else request.body
    signed = Signed(request.method or "", request.get_full_path(), told["Timestamp"], told["Nonce"], body)
    if not bytes_eq(signed.by(secret).encode(), told["Signature"].lower().encode()):
        raise AuthenticationFailed("签名不符，请核对签名密钥、请求地址、时间和内容。", code="signature_wrong")
    _require_fresh(told["Timestamp"], now)
    _require_first(client, told["Nonce"])


def _require_fresh(timestamp: str, now: datetime) -> None:
    seconds = int(timestamp) if re.fullmatch("[0-9]{1,12}", timestamp) else 0
    if abs(now.timestamp() - seconds) > WINDOW.total_seconds():
        raise AuthenticationFailed(
            f"X-Timestamp 与本系统时间相差超过五分钟，本系统现在是 {int(now.timestamp())}。", code="signature_stale"
        )


def _require_first(client: ApiClient, nonce: str) -> None:
    if not NONCE.fullmatch(nonce):
        raise AuthenticationFailed("X-Nonce 应为 16 至 64 位字母、数字、横线。", code="signature_wrong")
    try:
        first = cache.add(f"signature:{client.pk}:{nonce}", 1, 2 * WINDOW.total_seconds())
    except RedisError as away:
        raise CannotTell from away
    if not first:
        raise AuthenticationFailed("X-Nonce 已用过，每次调用请换一个。", code="signature_repeated")
