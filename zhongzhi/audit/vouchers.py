"""What vouchers answer for: rows of the trail under hash keys that are given up. Compared with what was vouched for."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from cryptography.hazmat.primitives import hashes
from django.db import connection
from django.db.models import BinaryField, F, Q, QuerySet
from django.db.models.functions import Length, Substr

from zhongzhi.audit.chain import vouched_line
from zhongzhi.audit.contents import Fault
from zhongzhi.audit.models import VOUCHED, TrailEntry, TrailSeal, TrailVoucher
from zhongzhi.audit.soundness import is_sound_voucher
from zhongzhi.core.ciphers import MAC_BYTES, code_heads

CHUNK: Final = 2000
Row: TypeAlias = TrailEntry | TrailSeal | TrailVoucher
SUBJECTS: Final[dict[str, type[Row]]] = {"entry": TrailEntry, "seal": TrailSeal, "voucher": TrailVoucher}
TITLES: Final = dict(VOUCHED)
UNVOUCHED: Final = """
    SELECT count(*), min(id) FROM {table} AS one WHERE NOT ({known}) AND NOT EXISTS (
        SELECT FROM audit_trailvoucher AS v WHERE v.subject = %s AND one.id BETWEEN v.first AND v.last
    )
"""


def under_other_keys(subject: str, head: bytes) -> QuerySet[Row]:
    """Rows of a kind whose codes do not begin with this head, by key."""
    begins = Substr(F("mac"), 1, max(1, len(head)), output_field=BinaryField())
    same = Q(head_of_code=head) if head else Q()
    found: QuerySet[Row] = (
        SUBJECTS[subject]
        ._default_manager.annotate(head_of_code=begins, length_of_code=Length("mac"))
        .exclude(same & Q(length_of_code=len(head) + MAC_BYTES))
        .order_by("pk")
    )
    return found


def digest_of(rows: Iterator[Row]) -> tuple[str, int]:
    """Digest and number of rows, in their order."""
    digest, number = hashes.Hash(hashes.SM3()), 0
    for row in rows:
        digest.update(vouched_line(row))
        number += 1
    return digest.finalize().hex(), number


def covered_by(voucher: TrailVoucher) -> Iterator[Row]:
    """The rows that a voucher answers for, as they are now."""
    head = bytes(voucher.mac)[:-MAC_BYTES]
    rows = under_other_keys(voucher.subject, head).filter(pk__gte=voucher.first, pk__lte=voucher.last)
    return rows.iterator(CHUNK)


def voucher_faults() -> Iterator[Fault]:
    """Every voucher that is not as it was made, whose rows are not as they were, and rows nobody answers for."""
    seq, mac = 0, b""
    for voucher in TrailVoucher.objects.order_by("seq"):
        if voucher.seq != seq + 1 or bytes(voucher.prev) != mac or not is_sound_voucher(voucher):
            yield Fault("voucher_altered", f"voucher#{voucher.seq}", f"第 {voucher.seq} 份担保被改动、删除或插入")
        if digest_of(covered_by(voucher)) != (voucher.digest, voucher.rows):
            what = f"{TITLES[voucher.subject]}数据库编号 {voucher.first} 至 {voucher.last} 中有的与换密钥时不同"
            yield Fault("vouched_altered", f"{voucher.subject}:{voucher.first}-{voucher.last}", what)
        seq, mac = voucher.seq, bytes(voucher.mac)
    for subject in SUBJECTS:
        yield from _unvouched(subject)


def _unvouched(subject: str) -> Iterator[Fault]:
    """Rows under a key that is not configured, for which no voucher answers."""
    known = [f"(length(mac) = {len(head) + MAC_BYTES} AND substr(mac, 1, {len(head)}) = %s)" for head in code_heads()]
    table = SUBJECTS[subject]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(UNVOUCHED.format(table=table, known=" OR ".join(known)), [*code_heads(), subject])
        number, first = cursor.fetchone()
    if number:
        what = f"{TITLES[subject]}有 {number} 条（数据库编号 {first} 起）所用的密钥未配置，也没有担保"
        yield Fault("key_missing", f"{subject}:{first}", what)
