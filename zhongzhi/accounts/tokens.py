"""The text of an API token: `zz_<prefix>_<secret>`, found by its prefix, kept as a keyed hash."""

import secrets

from cryptography.hazmat.primitives.constant_time import bytes_eq

from zhongzhi.core.ciphers import keyed_hash, keyed_hashes

MARK, PURPOSE = "zz", "api-token"
PREFIX_BYTES = 5
SECRET_BYTES = 32


def new_token_text() -> str:
    """A token never seen before: 40 bits to find it by, 256 bits of secret."""
    return f"{MARK}_{secrets.token_hex(PREFIX_BYTES)}_{secrets.token_urlsafe(SECRET_BYTES)}"


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
