"""Personal data kept sealed, keyed hashes for equality, and the trail's codes. One place for all keys.

A sealed value is `version | length of key id | key id | nonce (12) | ciphertext | tag (16)`: SM4-GCM (GB/T 32907)
is version 1, AES-256-GCM version 2. The head and the caller's `aad` (which row, which column) are authenticated
with it, so a value copied to another row does not open. Keys per use are derived from the masters with HKDF over
SM3 (GB/T 32905). Nonces are random: change the active key well before four thousand million values.

Codes made with a hash key (equality hashes, the trail) are the code alone under a key without an id, as the first keys
had none, and `length of key id | key id | code` under one with an id, so that both are told apart while one takes the
place of the other.

Keys come from settings through `configure_from`, once per process; what is configured is never changed in
place, so threads need no lock.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
MAC_BYTES: Final = 32
CODE_BYTES: Final = 1 + 32 + MAC_BYTES
"""The longest code of a hash key: its head with the longest id, and the code."""
CIPHERS: Final[Mapping[str, int]] = MappingProxyType({"sm4-gcm": 1, "aes-gcm": 2})
_KEY_BYTES: Final[Mapping[int, int]] = MappingProxyType({1: 16, 2: 32})
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_Algorithm: TypeAlias = algorithms.SM4 | algorithms.AES


class CipherBroken(Exception):
    """A sealed value does not open: changed, moved to another row, or its key is not configured."""


class KeyUnknown(CipherBroken):
    """What was made with a hash key that is not configured (any more)."""


class CiphersNotConfigured(RuntimeError):
    """Keys were asked for before `configure` was called."""


@dataclass(frozen=True)
class FieldKeys:
    """The masters by id, which of them seals, with what cipher, and the keys of hashes and trail, the newest first.

    Old keys stay listed for what was made with them. A hash key without an id has the id "".
    """

    active: str
    masters: Mapping[str, bytes] = field(repr=False)
    hash_keys: Mapping[str, bytes] = field(repr=False)
    cipher: str = "sm4-gcm"

    def __post_init__(self) -> None:
        """Refuse with ValueError what cannot work: wrong lengths, an active key that is not there."""
        if self.cipher not in CIPHERS:
            raise ValueError(f"unknown cipher {self.cipher!r}; known: {', '.join(CIPHERS)}")
        if self.active not in self.masters:
            raise ValueError(f"the active key {self.active!r} is not among the keys")
        if not self.hash_keys:
            raise ValueError("a hash key is needed")
        for key_id in (*self.masters, *filter(None, self.hash_keys)):
            if not _KEY_ID.fullmatch(key_id):
                raise ValueError(f"key id {key_id!r}: 1 to 32 letters, digits, dots, dashes or underscores")
        for key_id, key in (*self.masters.items(), *self.hash_keys.items()):
            _check_length(f"key {key_id}", key)

    @cached_property
    def subkeys(self) -> Mapping[tuple[str, int], bytes]:
        """The key of each master for each cipher."""
        return {
            (key_id, version): _derived(master, f"field/{version}", _KEY_BYTES[version])
            for key_id, master in self.masters.items()
            for version in CIPHERS.values()
        }

    @cached_property
    def equality_keys(self) -> Mapping[str, bytes]:
        """What keyed hashes are made with, by id of the key, the newest first."""
        return {key_id: _derived(key, "equality", MASTER_BYTES) for key_id, key in self.hash_keys.items()}

    @cached_property
    def trail_keys(self) -> Mapping[str, bytes]:
        """What the trail's codes are made with, by id of the key, the newest first."""
        return {key_id: _derived(key, "trail", MASTER_BYTES) for key_id, key in self.hash_keys.items()}

    @property
    def newest_hash_key(self) -> str:
        """The id of the hash key that is used for what is new."""
        return next(iter(self.hash_keys))


_configured: FieldKeys | None = None


def configure(keys: FieldKeys) -> None:
    """Use these keys from now on, in the whole process."""
    global _configured
    _configured = keys


def configure_from(field_keys: str, cipher: str, hash_keys: str) -> None:
    """Use the keys of the settings: `k2:<base64>,k1:<base64>` (the first seals), a cipher's name, and hash keys alike,
    of which one may stand without an id.

    Every key is 32 bytes. Raises ValueError naming the setting at fault, never its value.
    """
    masters = _listed("FIELD_KEYS", field_keys, needs_id=True)
    configure(FieldKeys(next(iter(masters)), masters, _listed("HASH_KEY", hash_keys, needs_id=False), cipher))


def seal(plain: str, *, aad: str) -> bytes:
    """Seal a value under the active key. `aad` says where it belongs and must be given again to open it."""
    keys, head = _keys(), active_head()
    version = head[0]
    nonce = os.urandom(NONCE_BYTES)
    algorithm = _algorithm(version, keys.subkeys[keys.active, version])
    encryptor = Cipher(algorithm, modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(head + aad.encode())
    return head + nonce + encryptor.update(plain.encode()) + encryptor.finalize() + encryptor.tag


def active_head() -> bytes:
    """With what every value begins that is sealed now: cipher and id of the active key."""
    keys = _keys()
    return bytes([CIPHERS[keys.cipher], len(keys.active)]) + keys.active.encode()


def unseal(sealed: bytes | memoryview, *, aad: str) -> str:
    """Open a sealed value. Raises CipherBroken when any byte or the `aad` differs, or the key is unknown."""
    sealed = bytes(sealed)
    version, key_id = _head(sealed)
    if (key_id, version) not in _keys().subkeys:
        raise CipherBroken(f"key {key_id!r} is not configured")
    body_at = 2 + len(key_id)
    nonce, rest = sealed[body_at : body_at + NONCE_BYTES], sealed[body_at + NONCE_BYTES :]
    mode = modes.GCM(nonce, rest[-TAG_BYTES:])
    decryptor = Cipher(_algorithm(version, _keys().subkeys[key_id, version]), mode).decryptor()
    decryptor.authenticate_additional_data(sealed[:body_at] + aad.encode())
    try:
        return (decryptor.update(rest[:-TAG_BYTES]) + decryptor.finalize()).decode()
    except InvalidTag:
        raise CipherBroken(f"the value does not open under key {key_id!r}: changed, or of another row") from None


def reseal(sealed: bytes | memoryview, *, aad: str) -> bytes | None:
    """The value sealed anew under the active key and cipher, for rotation; None when it is already.

    Raises CipherBroken like `unseal`.
    """
    keys = _keys()
    if _head(bytes(sealed)) == (CIPHERS[keys.cipher], keys.active):
        return None
    return seal(unseal(sealed, aad=aad), aad=aad)


def keyed_hash(value: str, *, purpose: str) -> bytes:
    """HMAC-SM3 of a normalised value under the newest hash key, for equality. Hashes of two purposes never compare."""
    return keyed_hashes(value, purpose=purpose)[0]


def keyed_hashes(value: str, *, purpose: str) -> list[bytes]:
    """What the hash of a value may be: under each hash key, the newest first.

    Whoever looks for a value asks for all.
    """
    if not purpose or "\0" in purpose:
        raise ValueError("a purpose is needed, without NUL")
    data = f"{purpose}\0{value}".encode()
    return [_code_head(key_id) + _mac(key, data) for key_id, key in _keys().equality_keys.items()]


def has_older_hash_keys() -> bool:
    """Whether hashes of one value may differ, because a key takes the place of another."""
    return len(_keys().hash_keys) > 1


def newest_code_head() -> bytes:
    """With what every code begins that is made now with a hash key."""
    return _code_head(_keys().newest_hash_key)


def code_heads() -> list[bytes]:
    """With what codes begin under the hash keys that are configured, the newest first."""
    return [_code_head(key_id) for key_id in _keys().hash_keys]


def chain_mac(data: bytes, *, like: bytes | memoryview | None = None) -> bytes:
    """HMAC-SM3 that chains the entries of the trail: under the newest key, or under that of the code `like`.

    Raises KeyUnknown when that one is not configured.
    """
    keys = _keys()
    key_id = keys.newest_hash_key if like is None else _code_key(bytes(like))
    if key_id not in keys.trail_keys:
        raise KeyUnknown(f"hash key {key_id!r} is not configured")
    return _code_head(key_id) + _mac(keys.trail_keys[key_id], data)


def sm3(data: bytes) -> str:
    """The SM3 digest (GB/T 32905) in hexadecimal; needs no key."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def fingerprints() -> dict[str, str]:
    """What tells two keys apart without telling either: of each field key by its id, of hash keys as `HASH_KEY`, with
    `:id` where they have one."""
    hash_keys = {f"HASH_KEY:{key_id}" if key_id else "HASH_KEY": key for key_id, key in _keys().hash_keys.items()}
    return {name: _derived(key, "fingerprint", 8).hex() for name, key in {**_keys().masters, **hash_keys}.items()}


def _keys() -> FieldKeys:
    if _configured is None:
        raise CiphersNotConfigured("call zhongzhi.core.ciphers.configure_from(FIELD_KEYS, FIELD_CIPHER, HASH_KEY)")
    return _configured


def _head(sealed: bytes) -> tuple[int, str]:
    """Version and key id of a sealed value; CipherBroken for what is none."""
    length = sealed[1] if len(sealed) > 1 else 0
    if len(sealed) < 2 + length + NONCE_BYTES + TAG_BYTES or sealed[0] not in _KEY_BYTES:
        raise CipherBroken("not a sealed value")
    key_id = sealed[2 : 2 + length].decode("ascii", "replace")
    if not _KEY_ID.fullmatch(key_id):
        raise CipherBroken("not a sealed value")
    return sealed[0], key_id


def _code_head(key_id: str) -> bytes:
    return bytes([len(key_id)]) + key_id.encode() if key_id else b""


def _code_key(code: bytes) -> str:
    """The id of the key that a code was made with; a code that is none is of no key that could be known."""
    if len(code) == MAC_BYTES:
        return ""
    length = code[0] if code else 0
    return code[1 : 1 + length].decode("ascii", "replace") if len(code) == 1 + length + MAC_BYTES else "\0"


def _algorithm(version: int, key: bytes) -> _Algorithm:
    return algorithms.SM4(key) if version == CIPHERS["sm4-gcm"] else algorithms.AES(key)


def _mac(key: bytes, data: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


def _derived(master: bytes, use: str, length: int) -> bytes:
    return HKDF(hashes.SM3(), length, salt=None, info=f"zhongzhi/{use}".encode()).derive(master)


def _listed(setting: str, text: str, *, needs_id: bool) -> dict[str, bytes]:
    """The keys of a setting by id, in their order."""
    found: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        key_id, colon, key = entry.rpartition(":")
        if needs_id and not colon:
            raise ValueError(f"{setting}: each key is written as id:base64")
        if key_id in found:
            raise ValueError(f"{setting}: key {key_id} is listed twice")
        found[key_id] = _decoded(f"{setting}: key {key_id}" if key_id else setting, key)
    if not found:
        raise ValueError(f"{setting}: at least one key is needed, as id:base64 of 32 bytes")
    return found


def _decoded(what: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{what}: not base64") from None
    _check_length(what, key)
    return key


def _check_length(what: str, key: bytes) -> None:
    if len(key) != MASTER_BYTES:
        raise ValueError(f"{what}: {MASTER_BYTES} bytes are needed, {len(key)} were given")
