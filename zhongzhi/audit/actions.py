"""Writing the trail: one entry per act, and seals over the ends of the chains."""

from collections.abc import Sequence

from cryptography.hazmat.primitives import hashes
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from zhongzhi.audit.chain import chain_of, entry_mac, head_line, json_facts, seal_mac
from zhongzhi.audit.models import ChainHead, SealedHead, TrailEntry, TrailSeal

SEAL_LOCK = 0x7A7A_0001
HEADS_PER_SEAL = 2000
# One statement finds or makes the head, locks it and counts it on; `mac` is still that of the entry before.
NEXT_LINK = """
    INSERT INTO audit_chainhead AS head (chain, seq, mac, unsealed) VALUES (%s, 1, '', true)
    ON CONFLICT (chain) DO UPDATE SET seq = head.seq + 1
    RETURNING seq, mac
"""


def record(actor: AbstractBaseUser | None, verb: str, subject: Model | str, **facts: object) -> TrailEntry:
    """Write what `actor` (None: the clock) did to `subject`, in the transaction of the act itself.

    `facts` are keys, codes and figures, never personal data: nobody can take an entry back. Entries of one subject
    are numbered without gaps, and who writes the next one waits for the end of this transaction; other subjects
    are not held up. Raises `transaction.TransactionManagementError` outside of a transaction, ValueError for facts
    that are no JSON.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act and its trail are written in one transaction")
    if actor is not None and actor.pk is None:
        raise ValueError("a visitor leaves no trail: only signed-in people and the clock act")
    chain, kept, at = chain_of(subject), json_facts(facts), timezone.now()
    actor_id = None if actor is None else actor.pk
    seq, prev = _next_link(chain)
    mac = entry_mac(prev, chain=chain, seq=seq, actor_id=actor_id, verb=verb, facts=kept, at=at)
    entry = TrailEntry.objects.create(
        chain=chain, seq=seq, actor_id=actor_id, verb=str(verb), facts=kept, at=at, prev=prev, mac=mac
    )
    ChainHead.objects.filter(chain=chain).update(mac=mac, unsealed=True)
    return entry


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


def _next_link(chain: str) -> tuple[int, bytes]:
    """Number of the next entry and code of the entry before; the head stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_LINK, [chain])
        seq, mac = cursor.fetchone()
    return seq, bytes(mac)


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
