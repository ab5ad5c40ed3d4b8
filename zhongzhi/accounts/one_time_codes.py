"""Codes of authenticator apps (TOTP, RFC 6238: six digits, SHA-1, half a minute) and recovery codes on paper.

SHA-1 is what every app can do; as part of HMAC it is sound.
"""

import base64
import os
import re
import secrets
import string
from datetime import datetime

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from zhongzhi.core.ciphers import keyed_hashes

DIGITS, STEP_SECONDS, SECRET_BYTES = 6, 30, 20
DRIFT_STEPS = 1
"""A phone's clock may be half a minute off."""
ISSUER = "综治中心"
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
CLEAR_SIGNS = "".join(sign for sign in string.ascii_lowercase + string.digits if sign not in "01loi")


def new_secret() -> str:
    """160 bits as authenticator apps take them typed (base 32)."""
    return base64.b32encode(os.urandom(SECRET_BYTES)).decode()


def provisioning_address(secret: str, username: str) -> str:
    """What the QR code holds."""
    return _totp(secret).get_provisioning_uri(username, ISSUER)


def code_at(secret: str, moment: datetime) -> str:
    """The code an app shows at that moment."""
    return _totp(secret).generate(int(moment.timestamp())).decode()


def matching_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The half minute whose code this is, later than `after`; None for a wrong, old or repeated code."""
    given, present = re.sub(r"\s", "", code).encode(), int(now.timestamp()) // STEP_SECONDS
    totp, found = _totp(secret), None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if bytes_eq(totp.generate(step * STEP_SECONDS), given) and step > after:
            found = step
    return found


def new_recovery_code() -> str:
    """Two groups of five signs that nobody mistakes for one another on paper (49 bits)."""
    signs = "".join(secrets.choice(CLEAR_SIGNS) for _ in range(RECOVERY_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def recovery_digest(user_id: int, code: str) -> bytes:
    """What is kept of a recovery code; however it is typed: capitals, blanks and dashes do not matter."""
    return recovery_digests(user_id, code)[0]


def recovery_digests(user_id: int, code: str) -> list[bytes]:
    """What may be kept of a recovery code, under each hash key, the newest first."""
    plain = re.sub(r"[\s-]", "", code).lower()
    return keyed_hashes(f"{user_id}:{plain}", purpose="recovery-code")


def _totp(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what apps can do
