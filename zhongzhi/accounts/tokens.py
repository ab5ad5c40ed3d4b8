"""The text of an API token: `zz_<prefix>_<secret>`, found by its prefix, kept as a keyed hash.

What OAuth2 gives for one is a pass: signed, good for an hour, kept nowhere; it opens no more than the token behind it.
"""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.constant_time import bytes_eq
from django.core import signing

from zhongzhi.core.ciphers import keyed_hash, keyed_hashes

MARK, PURPOSE = "zz", "api-token"
PASS_MARK, PASS_SALT = "zzo_", "zhongzhi.accounts.oauth"
PASS_SECONDS = 3600
PREFIX_BYTES = 5
SECRET_BYTES = 32


def new_token_text() -> str:
    """A token never seen before: 40 bits to find it by, 256 bits of secret."""
    return f"{MARK}_{secrets.token_hex(PREFIX_BYTES)}_{secrets.token_urlsafe(SECRET_BYTES)}"


def new_signing_secret() -> str:
    """A key to sign calls with, never seen before."""
    return secrets.token_urlsafe(SECRET_BYTES)


def prefix_of(text: str) -> str:
    """The part of a token by which its row is found; empty when the text is no token of ours."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    return prefix if mark == MARK and secret and prefix.isascii() and prefix.isalnum() else ""


def digest_of(text: str) -> bytes:
    """What is kept of a token: 32 bytes."""
    return keyed_hash(text, purpose=PURPOSE)


def is_digest_of(digest: bytes, text: str) -> bool:
    """Whether this is what was kept of a token, under any of the hash keys."""
    return any(bytes_eq(digest, known) for known in keyed_hashes(text, purpose=PURPOSE))


@dataclass(frozen=True)
class Pass:
    """What a pass says: the row of the token behind it, and the scopes it opens."""

    token: int
    scopes: frozenset[str]


def new_pass(token: int, scopes: frozenset[str]) -> str:
    """A pass for a token, good for an hour."""
    return PASS_MARK + signing.dumps([token, sorted(scopes)], salt=PASS_SALT, compress=True)


def read_pass(text: str) -> Pass | None:
    """What a pass says; None for none of ours, and for one that is over."""
    if not text.startswith(PASS_MARK):
        return None
    try:
        token, scopes = signing.loads(text.removeprefix(PASS_MARK), salt=PASS_SALT, max_age=PASS_SECONDS)
    except signing.BadSignature:
        return None
    return Pass(token, frozenset(scopes))
