"""What the codes of the trail are made of: one canonical form, the same when written and when verified."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import TypeAlias
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise

from zhongzhi.audit.models import CHAIN_LENGTH, ContentMark, TrailEntry, TrailSeal, TrailVoucher
from zhongzhi.core.ciphers import chain_mac

Json: TypeAlias = bool | int | str | list["Json"] | dict[str, "Json"] | None
Bytes: TypeAlias = bytes | memoryview
CONTENTS = "contents"
"""The chain on which blocks of marks stand."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def chain_of(subject: Model | str) -> str:
    """The chain of a saved row (`case:12`), or the name as given; ValueError for what can have none."""
    if isinstance(subject, Model):
        if subject.pk is None:
            raise ValueError("a subject must be saved before it has a trail")
        return chain_of_row(subject.__class__, subject.pk)  # of whoever is signed in, the row behind the lazy object
    if not 0 < len(subject) <= CHAIN_LENGTH or not subject.isprintable():
        raise ValueError(f"a chain is named by 1 to {CHAIN_LENGTH} printable characters")
    return subject


def chain_of_row(model: type[Model], pk: int) -> str:
    """The chain of a row that is known by its key only."""
    return f"{model._meta.model_name}:{pk}"


def json_facts(facts: Mapping[str, object]) -> dict[str, Json]:
    """Facts as they are kept: dates, times, decimals, floats and UUIDs as text; ValueError for what is no JSON."""
    return {key: _plain(value) for key, value in facts.items()}


def entry_mac(
    prev: Bytes,
    *,
    chain: str,
    seq: int,
    actor_id: int | None,
    verb: str,
    facts: Mapping[str, Json],
    at: datetime,
    like: Bytes | None = None,
) -> bytes:
    """The code of one entry, over the code of the entry before it (empty for the first); under the newest key, or under
    that of the code `like`."""
    body = {"chain": chain, "seq": seq, "actor": actor_id, "verb": verb, "facts": facts, "at": _moment(at)}
    return chain_mac(bytes(prev) + b"\n" + _canonical(body), like=like)


def seal_mac(prev: Bytes, *, seq: int, heads: int, digest: str, at: datetime, like: Bytes | None = None) -> bytes:
    """The code of one seal, over the code of the seal before it (empty for the first); `like` as for entries."""
    body = {"seal": seq, "heads": heads, "digest": digest, "at": _moment(at)}
    return chain_mac(bytes(prev) + b"\n" + _canonical(body), like=like)


def voucher_mac(voucher: TrailVoucher, *, like: Bytes | None = None) -> bytes:
    """The code of one voucher, over the code of the voucher before it (empty for the first)."""
    body = {name: getattr(voucher, name) for name in ("seq", "subject", "first", "last", "rows", "digest")}
    return chain_mac(b"voucher\n" + bytes(voucher.prev) + b"\n" + _canonical(body), like=like)


def vouched_line(row: TrailEntry | TrailSeal | TrailVoucher) -> bytes:
    """What a voucher's digest reads of one row: all that its own code is made of, and that code."""
    if isinstance(row, TrailEntry):
        facts = _canonical(row.facts).decode()
        said: tuple[object, ...] = (row.chain, row.seq, row.actor_id, row.verb, facts, _moment(row.at))
    elif isinstance(row, TrailSeal):
        said = (row.seq, row.heads, row.digest, _moment(row.at))
    else:
        said = (row.seq, row.subject, row.first, row.last, row.rows, row.digest)
    return _canonical({"row": [row.pk, *said, bytes(row.prev).hex(), bytes(row.mac).hex()]}) + b"\n"


def head_line(chain: str, seq: int, mac: Bytes) -> bytes:
    """What a seal's digest reads of one chain."""
    return f"{chain}\t{seq}\t{bytes(mac).hex()}\n".encode()


def mark_line(mark: ContentMark) -> bytes:
    """What a block's digest reads of one mark."""
    digest = "" if mark.digest is None else bytes(mark.digest).hex()
    parts = (mark.pk, mark.subject, mark.row, digest, mark.event, mark.xact, _moment(mark.at))
    return "\t".join(map(str, parts)).encode() + b"\n"


def anchor_mac(prev: str, body: Mapping[str, Json], *, like: str | None = None) -> str:
    """The code of one line outside of the database, over the code of the line before it; `like` as for entries."""
    data = f"anchor\n{prev}\n".encode() + _canonical(body)
    return chain_mac(data, like=None if like is None else bytes.fromhex(like)).hex()


def _plain(value: object) -> Json:
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {_text(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _text(_as_text(value))


def _as_text(value: object) -> object:
    """Numbers that JSON would write in more than one way, and moments, as the one text they have."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    if isinstance(value, Decimal | UUID | Promise):
        return str(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{type(value).__name__} is no fact for the trail: give a key, a code or a figure")
    if "\0" in value:
        raise ValueError("a fact holds a NUL character")
    value.encode()
    return str(value)


def _canonical(body: Mapping[str, object]) -> bytes:
    return _ENCODER.encode(body).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
