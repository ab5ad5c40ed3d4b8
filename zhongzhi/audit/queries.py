"""Reading the trail: of one subject for people, and all of it in order for its check."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Max, Model, Q, QuerySet

from zhongzhi.audit.chain import CONTENTS, chain_of, head_line
from zhongzhi.audit.models import ChainHead, ContentMark, SealedHead, TrailCheck, TrailEntry, TrailSeal
from zhongzhi.audit.verbs import Verb

CHUNK = 2000


def trail_of(subject: Model | str) -> QuerySet[TrailEntry]:
    """What was done to a subject, oldest first, with who did it."""
    return TrailEntry.objects.filter(chain=chain_of(subject)).select_related("actor").order_by("seq")


def latest_acts_of(actor: AbstractBaseUser, verbs: Sequence[str], *, since: datetime) -> QuerySet[TrailEntry]:
    """What somebody did of these acts since then, the last first."""
    return TrailEntry.objects.filter(actor_id=actor.pk, verb__in=verbs, at__gte=since).order_by("-id")


def latest_entries(chains: Iterable[str]) -> dict[str, TrailEntry]:
    """The last thing that was done to each of some subjects, by the name of its chain."""
    rows = TrailEntry.objects.filter(chain__in=list(chains)).order_by("chain", "-seq").distinct("chain")
    return {entry.chain: entry for entry in rows}


def entries_of_all() -> QuerySet[TrailEntry]:
    """The whole trail with who acted; narrow it before reading."""
    return TrailEntry.objects.select_related("actor")


def acts_since(verbs: Sequence[str], since: datetime) -> QuerySet[TrailEntry]:
    """What people did of these acts since then; what the clock did not."""
    return TrailEntry.objects.filter(verb__in=verbs, at__gte=since, actor__isnull=False)


def checks() -> QuerySet[TrailCheck]:
    """Checks of the trail, the last asked for first."""
    return TrailCheck.objects.select_related("asked_by").order_by("-id")


def heads_in_order(chain: str | None) -> Iterator[ChainHead]:
    """Heads of all chains or of one, by chain; read in chunks, like all that follow."""
    return ChainHead.objects.filter(_of(chain)).order_by("chain").iterator(CHUNK)


def entries_in_order(chain: str | None) -> Iterator[TrailEntry]:
    """Entries of all chains or of one, by chain and number."""
    return TrailEntry.objects.filter(_of(chain)).order_by("chain", "seq", "id").iterator(CHUNK)


def sealed_in_order(chain: str | None) -> Iterator[SealedHead]:
    """What seals saw of all chains or of one, by chain and number."""
    return SealedHead.objects.filter(_of(chain)).order_by("chain", "seq", "id").iterator(CHUNK)


def seals_in_order() -> Iterator[TrailSeal]:
    """All seals, the first first."""
    return TrailSeal.objects.order_by("seq", "id").iterator(CHUNK)


def heads_under(seal: TrailSeal) -> Iterator[SealedHead]:
    """The heads that one seal lists."""
    return seal.sealed.order_by("chain", "seq").iterator(CHUNK)


def seals_after(seq: int) -> Iterator[TrailSeal]:
    """Seals with a higher number than one, in order."""
    return TrailSeal.objects.filter(seq__gt=seq).order_by("seq").iterator(CHUNK)


def last_block() -> int:
    """The number of the newest block of marks, 0 before the first."""
    return ContentMark.objects.filter(block__isnull=False).aggregate(last=Max("block"))["last"] or 0


def gathered_in_order() -> Iterator[ContentMark]:
    """Marks that are in a block, by block."""
    return ContentMark.objects.filter(block__isnull=False).order_by("block", "id").iterator(CHUNK)


def blocks_told() -> Iterator[TrailEntry]:
    """The entries of the trail that tell of blocks, the first first."""
    return TrailEntry.objects.filter(chain=CONTENTS, verb=Verb.CONTENTS_GATHERED).order_by("seq").iterator(CHUNK)


def ends_of_trail() -> dict[str, int | str]:
    """Where the trail stands: how many chains and seals, a digest over the ends of all chains, the last seal's code."""
    digest, chains = hashes.Hash(hashes.SM3()), 0
    for head in heads_in_order(None):
        digest.update(head_line(head.chain, head.seq, head.mac))
        chains += 1
    last = TrailSeal.objects.order_by("-seq").first()
    seals, mac = (last.seq, bytes(last.mac).hex()) if last else (0, "")
    return {"chains": chains, "heads": digest.finalize().hex(), "seals": seals, "seal": mac}


def _of(chain: str | None) -> Q:
    return Q() if chain is None else Q(chain=chain)
