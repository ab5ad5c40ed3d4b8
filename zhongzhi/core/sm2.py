"""The installation's own signatures: SM2 with SM3 (GB/T 32918), over whatever bytes say what was signed.

A key has an id. The first one signs; all of them verify, so that what an older key signed stays verifiable. A pair is
its private part (32 bytes) and its public part (64 bytes), as base64; of a key that signs no more the public part will
do. The signer's identity within SM2 is the default of GM/T 0009.

Keys come from settings through `configure_from`, once per process. Without keys nothing is signed.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gmssl_pyx import GmsslInnerError, sm2_key_generate, sm2_sign, sm2_verify

PRIVATE_BYTES: Final = 32
PUBLIC_BYTES: Final = 64


class Verdict(StrEnum):
    """What a check of a signature says."""

    VALID = "valid"
    INVALID = "invalid"
    KEY_UNKNOWN = "key_unknown"


@dataclass(frozen=True)
class SigningKeys:
    """Public parts by id; the private part of the first one, which signs (none where nothing is signed)."""

    public: Mapping[str, bytes] = field(default_factory=dict)
    active: str = ""
    private: bytes = field(default=b"", repr=False)


_configured = SigningKeys()


def configure(keys: SigningKeys) -> None:
    """Use these keys from now on, in the whole process."""
    global _configured
    _configured = keys


def configure_from(text: str) -> None:
    """Use the keys of the setting: `s2:<base64>,s1:<base64>`, the first one a pair. ValueError names what is wrong."""
    public, active, private = dict[str, bytes](), "", b""
    for entry in filter(None, (part.strip() for part in text.split(","))):
        key_id, colon, value = entry.partition(":")
        if not colon or not key_id or key_id in public:
            raise ValueError("SIGNING_KEYS: each key is written once as id:base64")
        key = _decoded(key_id, value)
        public[key_id] = key[-PUBLIC_BYTES:]
        if not active:
            active, private = key_id, key[:-PUBLIC_BYTES]
    if active and len(private) != PRIVATE_BYTES:
        raise ValueError("SIGNING_KEYS: the first key needs its private part, as 96 bytes")
    configure(SigningKeys(public, active, private))


def fresh_key() -> str:
    """A new pair, as base64."""
    public, private = sm2_key_generate()
    return base64.b64encode(private + public).decode()


def public_keys() -> dict[str, str]:
    """The public parts by id, as base64: what others need to verify."""
    return {key_id: base64.b64encode(key).decode() for key_id, key in _configured.public.items()}


def signing_key() -> str:
    """The id of the key that signs; empty where there is none."""
    return _configured.active


def sign(message: bytes) -> str:
    """Sign under the first key: `id:base64 of the DER`. Empty where there is no key."""
    keys = _configured
    if not keys.active:
        return ""
    made = sm2_sign(keys.private, keys.public[keys.active], message)
    return f"{keys.active}:{base64.b64encode(made).decode()}"


def verify(message: bytes, signature: str) -> Verdict:
    """Check a signature against the key that it names."""
    key_id, _, text = signature.rpartition(":")
    if key_id not in _configured.public:
        return Verdict.KEY_UNKNOWN
    try:
        made = base64.b64decode(text, validate=True)
        return Verdict.VALID if sm2_verify(_configured.public[key_id], message, made) else Verdict.INVALID
    except (GmsslInnerError, binascii.Error, ValueError):
        return Verdict.INVALID


def _decoded(key_id: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"SIGNING_KEYS: key {key_id}: not base64") from None
    if len(key) not in (PUBLIC_BYTES, PRIVATE_BYTES + PUBLIC_BYTES):
        raise ValueError(f"SIGNING_KEYS: key {key_id}: 96 bytes for a pair, 64 for a public part, not {len(key)}")
    return key
