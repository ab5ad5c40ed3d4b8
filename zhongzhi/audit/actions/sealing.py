"""Seals over the ends of the chains."""

from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes
from django.db import connection, transaction
from django.utils import timezone

from zhongzhi.audit.chain import head_line, seal_mac
from zhongzhi.audit.models import ChainHead, SealedHead, TrailSeal

SEAL_LOCK = 0x7A7A_0001
HEADS_PER_SEAL = 2000


@transaction.atomic
def seal_heads(limit: int = HEADS_PER_SEAL) -> TrailSeal | None:
    """Seal the ends of at most `limit` chains that grew since they were sealed last; None when there is none.

    A chain that is being written this moment waits for the next seal. Two callers at once seal once.
    """
    if not _alone():
        return None
    heads = list(ChainHead.objects.filter(unsealed=True).order_by("chain").select_for_update(skip_locked=True)[:limit])
    if not heads:
        return None
    seal = _next_seal(heads)
    SealedHead.objects.bulk_create(
        [SealedHead(seal=seal, chain=head.chain, seq=head.seq, mac=head.mac) for head in heads]
    )
    ChainHead.objects.filter(chain__in=[head.chain for head in heads]).update(unsealed=False)
    return seal


def _alone() -> bool:
    """Whether this transaction is the only one that seals, from now to its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        return bool(cursor.fetchone()[0])


def _next_seal(heads: Sequence[ChainHead]) -> TrailSeal:
    digest = hashes.Hash(hashes.SM3())
    for head in heads:
        digest.update(head_line(head.chain, head.seq, head.mac))
    last = TrailSeal.objects.order_by("-seq").first()
    seq, prev = (last.seq + 1, bytes(last.mac)) if last else (1, b"")
    seal = TrailSeal(seq=seq, heads=len(heads), digest=digest.finalize().hex(), at=timezone.now(), prev=prev)
    seal.mac = seal_mac(prev, seq=seal.seq, heads=seal.heads, digest=seal.digest, at=seal.at)
    seal.save(force_insert=True)
    return seal
