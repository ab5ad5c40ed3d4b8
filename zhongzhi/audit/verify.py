"""Checks the trail against its codes, chain by chain, in constant memory; then what the trail vouches for.

Three sorted streams are merged: heads, entries and what seals saw of them. Everything is read as it was at one
moment, so that a system at work shows no faults of its own.
"""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes
from django.db import connection, transaction
from django.utils import timezone

from zhongzhi.audit import queries
from zhongzhi.audit.actions import ask_check, begin_check, is_check_due
from zhongzhi.audit.anchors import anchor_faults
from zhongzhi.audit.chain import head_line
from zhongzhi.audit.contents import Fault, content_faults
from zhongzhi.audit.models import ChainHead, SealedHead, TrailCheck, TrailEntry, TrailSeal
from zhongzhi.audit.soundness import is_sound_entry, is_sound_seal
from zhongzhi.audit.vouchers import voucher_faults

__all__ = ["Counts", "Fault", "at_one_moment", "verify", "verify_all", "work_on_checks"]
FAULTS_KEPT = 100
Row: TypeAlias = ChainHead | TrailEntry | SealedHead


@dataclass
class Counts:
    """How much was checked."""

    chains: int = 0
    entries: int = 0
    seals: int = 0


def verify(counts: Counts, chain: str | None = None) -> Iterator[Fault]:
    """Every fault of the trail, or of one chain; `counts` is filled on the way.

    Seals themselves are checked with the whole trail only, for each covers many chains. To be read `at_one_moment`.
    """
    for name, rows in groupby(_side_by_side(chain), key=lambda row: row.chain):
        counts.chains += 1
        yield from _Walk(name, counts).faults(rows)
    if chain is None:
        yield from _seal_faults(counts)


def verify_all(counts: Counts, anchors: Path | None = None) -> Iterator[Fault]:
    """Every fault of the trail, then of the contents it vouches for, then against what was told outside (`anchors`).

    To be read `at_one_moment`.
    """
    yield from verify(counts)
    yield from voucher_faults()
    yield from content_faults()
    if anchors is not None:
        yield from anchor_faults(anchors)


@contextmanager
def at_one_moment() -> Iterator[None]:
    """Read everything as of now, whatever others commit meanwhile; inside a transaction, as that one reads."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def work_on_checks() -> int:
    """Ask for the day's check when it is due, do those that were asked for, and keep what they found."""
    if is_check_due(timezone.now()):
        ask_check(None)
    done = 0
    while check := begin_check(timezone.now()):
        _check(check)
        done += 1
    return done


def _check(check: TrailCheck) -> None:
    counts, kept, number = Counts(), [], 0
    with at_one_moment():
        for fault in verify_all(counts):
            number += 1
            if number <= FAULTS_KEPT:
                kept.append([fault.where, fault.code, fault.what])
    check.chains, check.entries, check.seals = counts.chains, counts.entries, counts.seals
    check.fault_count, check.faults, check.finished_at = number, kept, timezone.now()
    check.save()


def _side_by_side(chain: str | None) -> Iterator[Row]:
    """All rows by chain: its head, then its entries by number, each followed by what a seal saw of it."""
    return heapq.merge(
        queries.heads_in_order(chain), queries.entries_in_order(chain), queries.sealed_in_order(chain), key=_place
    )


def _place(row: Row) -> tuple[str, int, int, int]:
    if isinstance(row, ChainHead):
        return row.chain, 0, 0, 0
    return row.chain, 1, row.seq, int(isinstance(row, SealedHead))


@dataclass
class _Walk:
    """One chain from its first entry to its head: what was seen last of entries and seals, and how far it must go."""

    chain: str
    counts: Counts
    head: ChainHead | None = None
    known: int = 0
    sealed: int = 0
    seq: int = 0
    mac: bytes = b""
    sound: bool = field(default=True)

    def faults(self, rows: Iterator[Row]) -> Iterator[Fault]:
        """What is wrong with the chain."""
        for row in rows:
            if isinstance(row, ChainHead):
                self.head, self.known = row, row.seq
            elif isinstance(row, TrailEntry):
                self.counts.entries += 1
                yield from self._entry(row)
            else:
                self.sealed = row.seq
                self.known = max(self.known, row.seq)
                yield from self._sealed(row)
        yield from self._end()

    def _entry(self, entry: TrailEntry) -> Iterator[Fault]:
        if entry.seq <= self.seq:
            yield self._fault("entry_inserted", entry.seq, f"第 {entry.seq} 条是多出来的（数据库编号 {entry.pk}）")
            return
        if gap := entry.seq > self.seq + 1:
            yield self._missing(entry.seq - 1)
        sound = is_sound_entry(entry)
        if not sound:
            what = f"第 {entry.seq} 条与校验码不符，内容被改动或是插入的（数据库编号 {entry.pk}）"
            yield self._fault("entry_altered", entry.seq, what)
        elif self.sound and not gap and bytes(entry.prev) != self.mac:
            yield self._fault("entry_unlinked", entry.seq, f"第 {entry.seq} 条接不上前一条（数据库编号 {entry.pk}）")
        self.seq, self.mac, self.sound = entry.seq, bytes(entry.mac), sound

    def _sealed(self, sealed: SealedHead) -> Iterator[Fault]:
        if sealed.seq == self.seq and bytes(sealed.mac) != self.mac:
            what = f"第 {sealed.seq} 条与第 {sealed.seal_id} 号封存所见不同"
            yield self._fault("entry_not_as_sealed", sealed.seq, what)

    def _end(self) -> Iterator[Fault]:
        if self.seq < self.known:
            yield self._missing(self.known)
        if self.head is None:
            yield self._fault("head_missing", self.seq, "链尾记录不见了")
        elif self.head.seq < self.seq:
            what = f"链尾停在第 {self.head.seq} 条，实际有 {self.seq} 条：链尾被改动，或之后的条目是插入的"
            yield self._fault("head_altered", self.head.seq, what)
        elif self.head.seq < self.known:
            what = f"链尾被倒退到第 {self.head.seq} 条，封存时已有 {self.known} 条"
            yield self._fault("head_altered", self.head.seq, what)
        elif self.head.seq == self.seq and bytes(self.head.mac) != self.mac:
            yield self._fault("head_altered", self.head.seq, "链尾的校验码与最后一条不符")

        if self.head is not None and not self.head.unsealed and self.sealed < self.head.seq:
            yield self._fault("seal_missing", self.head.seq, f"第 {self.head.seq} 条已封存，封存记录却不见了")

    def _missing(self, last: int) -> Fault:
        first = self.seq + 1
        which = f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"
        return self._fault("entry_missing", first, f"{which}不见了")

    def _fault(self, code: str, seq: int, what: str) -> Fault:
        return Fault(code, f"{self.chain}#{seq}", what)


def _seal_faults(counts: Counts) -> Iterator[Fault]:
    """What is wrong with the seals, each against the one before and against the heads it lists."""
    seq, mac = 0, b""
    for seal in queries.seals_in_order():
        counts.seals += 1
        if seal.seq != seq + 1:
            yield Fault("seal_missing", f"seal#{seq + 1}", f"第 {seq + 1} 至 {seal.seq - 1} 号封存不见了")
        elif bytes(seal.prev) != mac:
            yield Fault("seal_unlinked", f"seal#{seal.seq}", f"第 {seal.seq} 号封存接不上前一号")
        if not is_sound_seal(seal):
            yield Fault("seal_altered", f"seal#{seal.seq}", f"第 {seal.seq} 号封存与校验码不符")
        if _digest(seal) != (seal.digest, seal.heads):
            yield Fault("seal_heads_altered", f"seal#{seal.seq}", f"第 {seal.seq} 号封存列出的链尾被改动")
        seq, mac = seal.seq, bytes(seal.mac)


def _digest(seal: TrailSeal) -> tuple[str, int]:
    """Digest and number of the heads that a seal lists now."""
    digest, heads = hashes.Hash(hashes.SM3()), 0
    for sealed in queries.heads_under(seal):
        digest.update(head_line(sealed.chain, sealed.seq, sealed.mac))
        heads += 1
    return digest.finalize().hex(), heads
