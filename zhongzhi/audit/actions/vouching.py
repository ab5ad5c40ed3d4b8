"""A newer hash key takes the trail over: what is under older ones is checked with them once more and vouched for."""

import time
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from zhongzhi.audit.actions.sealing import SEAL_LOCK
from zhongzhi.audit.chain import voucher_mac
from zhongzhi.audit.models import TrailVoucher
from zhongzhi.audit.soundness import is_sound
from zhongzhi.audit.vouchers import SUBJECTS, Row, digest_of, under_other_keys, voucher_faults
from zhongzhi.core.ciphers import newest_code_head
from zhongzhi.core.errors import DomainError

BATCH = 2000
LOOK_AGAIN_SECONDS = 0.2
LAST_BEGUN = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
STILL_RUNNING = "SELECT pg_snapshot_xmin(pg_current_snapshot()) < %s::xid8"


class TrailBroken(DomainError):
    """What should be vouched for is not as it was written."""

    code = "trail_broken"


def vouch_for_older_keys(batch: int = BATCH) -> Iterator[tuple[str, int, int]]:
    """Vouch batch by batch for every row under an older hash key; tell kind, how many are done and left.

    May be stopped anywhere and started again. Raises TrailBroken at the first row that
    is not sound.
    """
    if fault := next(voucher_faults(), None):
        raise TrailBroken(f"留痕不完好，不能换密钥：{fault.what}。请先执行 verify_trail 查明。")
    for subject in SUBJECTS:
        end, done = _settled_end(subject), 0
        left = rows_to_vouch(subject, end).count()
        while number := _vouch(subject, end, batch):
            done += number
            yield subject, done, max(0, left - done)


def left_to_vouch() -> int:
    """How many rows of the trail are under an older key and not vouched for."""
    return sum(rows_to_vouch(subject).count() for subject in SUBJECTS)


def rows_to_vouch(subject: str, end: int | None = None) -> QuerySet[Row]:
    """Rows of a kind, up to a key, that are under an older hash key and that no voucher of the newest answers for."""
    rows = under_other_keys(subject, newest_code_head()).filter(pk__gt=_vouched_up_to(subject))
    return rows if end is None else rows.filter(pk__lte=end)


def _vouched_up_to(subject: str) -> int:
    """The last key that vouchers under the newest hash key cover."""
    head = newest_code_head()
    own = TrailVoucher.objects.filter(subject=subject).exclude(pk__in=under_other_keys("voucher", head).values("pk"))
    return own.aggregate(last=Max("last"))["last"] or 0


def _settled_end(subject: str) -> int:
    """The last key of a kind, when nobody is writing any more at or before it. Inside a transaction nothing is waited
    for: it would wait for itself."""
    end = int(SUBJECTS[subject]._default_manager.aggregate(last=Max("pk"))["last"] or 0)
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(LAST_BEGUN)
            begun, still_running = cursor.fetchone()[0], True
            while still_running:
                time.sleep(LOOK_AGAIN_SECONDS)
                cursor.execute(STILL_RUNNING, [begun])
                still_running = cursor.fetchone()[0]
    return end


@transaction.atomic
def _vouch(subject: str, end: int, batch: int) -> int:
    """Write one voucher; for how many rows. Seals wait meanwhile, and so does another voucher."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    rows: list[Row] = list(rows_to_vouch(subject, end)[:batch])
    if not rows:
        return 0
    if broken := [row for row in rows if not is_sound(row)]:
        raise TrailBroken(f"留痕不完好，不能换密钥：{broken[0]}。请先执行 verify_trail 查明。")
    digest, number = digest_of(iter(rows))
    before = TrailVoucher.objects.order_by("-seq").first()
    voucher = TrailVoucher(
        seq=before.seq + 1 if before else 1, subject=subject, first=rows[0].pk, last=rows[-1].pk, rows=number,
        digest=digest, prev=bytes(before.mac) if before else b"",
    )  # fmt: skip
    voucher.mac = voucher_mac(voucher)
    voucher.save(force_insert=True)
    return number
