"""What was told of the seals outside of the database: one line of JSON each, chained by codes of their own.

When a newer hash key takes the place of another, a line under it vouches for all lines before it. Lines carry the
installation's signature where it has a key, so that others can check them without the secret of the codes; where a
time stamping authority is named, its token is a line of its own over the code of the line before. A database that was
rolled back, or whose trail was emptied, has fewer seals than the lines know. A restore of a backup adds a line that
says so: seals after the restored one are then no longer expected.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from zhongzhi.audit import queries
from zhongzhi.audit.chain import Json, anchor_mac
from zhongzhi.audit.contents import Fault
from zhongzhi.audit.stamps import stamp_faults
from zhongzhi.core.ciphers import KeyUnknown, newest_code_head
from zhongzhi.core.sm2 import Verdict, sign, signing_key, verify

KINDS = ("seal", "restored", "vouched", "stamped")


@dataclass
class Told:
    """What a file of anchors says: the code of each seal by its number, the code of the last line, what is wrong; lines
    whose key is not configured, and whether some are under an older key that no line of the newest vouches for."""

    seals: dict[int, str] = field(default_factory=dict)
    code: str = ""
    unproved: list[int] = field(default_factory=list)
    is_older: bool = False
    lines: "hashes.Hash" = field(default_factory=lambda: hashes.Hash(hashes.SM3()))
    count: int = 0
    thoroughly: bool = False
    faults: list[Fault] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The number of the last seal that is told."""
        return max(self.seals, default=0)


def line_of(prev: str, body: Mapping[str, Json]) -> tuple[str, str]:
    """The text of a line after another, signed where the installation has a key, and its code. Its code covers the id
    of that key, so that a signature taken away is missed."""
    body = {**body, "key": signing_key()} if signing_key() else body
    code = anchor_mac(prev, body)
    whole = {**body, **({"sm2": sign(signed_bytes(body, code))} if "key" in body else {}), "code": code}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")), code


def signed_bytes(body: Mapping[str, Json], code: str) -> bytes:
    """What the signature of a line is over: all it says, and its code, which stands for all lines before."""
    return json.dumps({**body, "code": code}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read(path: Path, *, thoroughly: bool = False) -> Told:
    """Read a file of anchors, with its signatures and time stamps where asked; one that is not there tells nothing."""
    told = Told(thoroughly=thoroughly)
    if path.exists():
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                _take(told, number, line)
    for number in told.unproved:
        what = f"库外第 {number} 行所用的密钥未配置，也没有担保"
        told.faults.append(Fault("anchor_altered", f"anchor#{number}", what))
    return told


def anchor_faults(path: Path) -> Iterator[Fault]:
    """Every seal that was told outside and is not in the database as it was told; lines that are not as written."""
    told = read(path, thoroughly=True)
    yield from told.faults
    found = {seal.seq: bytes(seal.mac).hex() for seal in queries.seals_in_order()}
    if found and not told.seals:
        yield Fault("anchors_missing", str(path), "库外没有任何封存记录，无法核对是否被整体回退")
    if gone := sorted(told.seals.keys() - found.keys()):
        what = f"库外记有第 {gone[0]} 至 {gone[-1]} 号封存，数据库里没有：留痕被回退或清空"
        yield Fault("seal_rolled_back", f"seal#{gone[0]}", what)
    for seq in sorted(seq for seq, mac in told.seals.items() if seq in found and found[seq] != mac):
        yield Fault("seal_not_as_anchored", f"seal#{seq}", f"第 {seq} 号封存与库外所记不同")


def _take(told: Told, number: int, line: str) -> None:
    """Add one line to what is told."""
    body = _body(line)
    digest = told.lines.copy().finalize().hex()
    told.lines.update(line.encode())
    told.count = number
    code = "" if body is None else body.pop("code")
    signature = "" if body is None else str(body.pop("sm2", ""))
    if body is None or not _is_sound(told, number, body, code):
        told.faults.append(Fault("anchor_altered", f"anchor#{number}", f"库外第 {number} 行被改动、删除或插入"))
    if body is None:
        return
    if told.thoroughly:
        told.faults += _signature_faults(number, body, code, signature)
    _follow(told, number, body, digest)
    told.is_older |= not code.startswith(newest_code_head().hex())
    told.code = code


def _follow(told: Told, number: int, body: Mapping[str, Any], digest: str) -> None:
    """Take in what a line says, by its kind; `digest` is that of all lines before it."""
    if "stamped" in body:
        if told.thoroughly:
            told.faults += stamp_faults(number, str(body.get("token", "")), told.code.encode())
    elif "vouched" in body:
        if (body["vouched"], body["mac"]) == (number - 1, digest):
            told.unproved, told.is_older = [], False
    elif "restored" in body:
        told.seals = {seq: mac for seq, mac in told.seals.items() if seq <= body["restored"]}
    else:
        told.seals[body["seal"]] = body["mac"]


def _signature_faults(number: int, body: Mapping[str, Json], code: str, signature: str) -> list[Fault]:
    """What is wrong with the installation's signature on a line; one that names no key was told without."""
    if "key" not in body:
        return []
    verdict = verify(signed_bytes(body, code), signature) if signature else Verdict.INVALID
    if verdict is Verdict.VALID:
        return []
    why = "签名无效或缺失" if verdict is Verdict.INVALID else "签名所用的密钥未配置"
    return [Fault("anchor_signature", f"anchor#{number}", f"库外第 {number} 行{why}")]


def _is_sound(told: Told, number: int, body: Mapping[str, Json], code: str) -> bool:
    """Whether a line is as it was told; one under a key that is not configured waits for a line that vouches for it."""
    try:
        return code == anchor_mac(told.code, body, like=code)
    except KeyUnknown:
        told.unproved.append(number)
        return True
    except ValueError:  # no hexadecimal number
        return False


def _body(line: str) -> dict[str, Any] | None:
    """One line as it was told; None for what is none."""
    try:
        body = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(body, dict) and isinstance(body.get("code"), str)
    kinds = isinstance(body, dict) and any(type(body.get(kind)) is int for kind in KINDS)
    return body if whole and kinds and isinstance(body.get("mac"), str) else None
