"""What is sealed or hashed under an older key is done again under the first key of the settings, while work goes on.

Hashes are made anew from the sealed numbers beside them. Of codes and tokens nothing but a hash is kept: they are
counted (`known_by_older_hash`), are valid as long as the old key is listed, and end one by one. Rows are taken in
small batches, each locked for its own transaction only; a row that is under the first key already is passed over, so
that a run that was killed is simply started again.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from django.db import connection, transaction
from django.db.models import BinaryField, F, Model, Q, QuerySet
from django.db.models.functions import Length, Substr
from django.utils import timezone

from grids.models import Hazard, RosterPerson, roster_hash
from grids.models.table_imports import HandedTable, ImportRow
from intake.imports.models import ImportBatch, KeptPiece
from intake.models import CorrectedValue, Party, UploadPart
from intake.models.autosave import EntryAutosave, autosave_aad
from intake.models.correction import corrected_aad
from intake.public.models import QueryCode
from referrals.models.care import CareRecord, CareVisit
from workbench.models import KeptInput, ScreenLink, Webhook, kept_aad, token_aad, webhook_aad
from workbench.operations.verbs import Verb
from zhongzhi.accounts.models import ApiClient, Authenticator, IdempotencyRecord, RecoveryCode
from zhongzhi.accounts.queries import tokens_in_force
from zhongzhi.audit.actions import left_to_vouch, record, vouch_for_anchors, vouch_for_older_keys
from zhongzhi.core import ciphers
from zhongzhi.notices.actions import reseal_message
from zhongzhi.notices.channels import TEXT_MESSAGE
from zhongzhi.notices.queries import waiting_sealed_messages
from zhongzhi.printing.models import SignedPaper, words_aad

BATCH = 500


class SealedColumn(NamedTuple):
    """A column of sealed values, and where each belongs (the `aad` it was sealed with)."""

    model: type[Model]
    column: str
    place: Callable[[Any], str]

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


class HashedColumn(NamedTuple):
    """A column of equality hashes, and how the hash of a row is made of what is sealed in it."""

    model: type[Model]
    column: str
    made: Callable[[Any], bytes | None]

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


SEALED = (
    SealedColumn(Party, "paper_sealed", lambda row: f"intake.party.paper:{row.uid}"),
    SealedColumn(Party, "phone_sealed", lambda row: f"intake.party.phone:{row.uid}"),
    SealedColumn(Party, "address_sealed", lambda row: f"intake.party.address:{row.uid}"),
    SealedColumn(CorrectedValue, "old_sealed", lambda row: corrected_aad("old", row.uid)),
    SealedColumn(CorrectedValue, "new_sealed", lambda row: corrected_aad("new", row.uid)),
    SealedColumn(RosterPerson, "phone_sealed", lambda row: f"grids.person.phone:{row.uid}"),
    SealedColumn(RosterPerson, "paper_sealed", lambda row: f"grids.person.paper:{row.uid}"),
    SealedColumn(Hazard, "reporter_phone_sealed", lambda row: f"grids.hazard.reporter_phone:{row.uid}"),
    SealedColumn(ImportRow, "cells_sealed", lambda row: f"grids.import:{row.job_id}:{row.number}"),
    SealedColumn(HandedTable, "reading_sealed", lambda row: f"grids.table.reading:{row.job_id}"),
    SealedColumn(ImportBatch, "preview_sealed", lambda row: f"intake.import.preview:{row.uid}"),
    SealedColumn(KeptPiece, "sealed", lambda row: row.aad),
    SealedColumn(UploadPart, "sealed", lambda row: row.aad),
    SealedColumn(EntryAutosave, "sealed", lambda row: autosave_aad(row.user_id, row.uid)),
    SealedColumn(KeptInput, "sealed", lambda row: kept_aad(row.user_id, row.place)),
    SealedColumn(SignedPaper, "words_sealed", words_aad),
    SealedColumn(Webhook, "secret_sealed", lambda row: webhook_aad(row.uid)),
    SealedColumn(Webhook, "old_secret_sealed", lambda row: webhook_aad(row.uid)),
    SealedColumn(Webhook, "token_sealed", lambda row: token_aad(row.uid)),
    SealedColumn(CareRecord, "diagnosis_sealed", lambda row: f"referrals.care.diagnosis:{row.pk}"),
    SealedColumn(CareRecord, "notes_sealed", lambda row: f"referrals.care.notes:{row.pk}"),
    SealedColumn(CareVisit, "note_sealed", lambda row: f"referrals.care.visit:{row.pk}:{row.record_id}"),
    SealedColumn(ApiClient, "signing_sealed", lambda row: row.signing_place),
    SealedColumn(Authenticator, "secret", lambda row: row.place),
    SealedColumn(IdempotencyRecord, "body", lambda row: f"idempotency:{row.user_id}:{row.key}"),
)


HASHED = (
    HashedColumn(Party, "paper_hash", lambda row: row.fresh_hash("paper")),
    HashedColumn(Party, "phone_hash", lambda row: row.fresh_hash("phone")),
    HashedColumn(Party, "phone_tail", lambda row: row.fresh_hash("tail")),
    HashedColumn(RosterPerson, "phone_hash", lambda row: roster_hash("phone", row.phone)),
    HashedColumn(RosterPerson, "paper_hash", lambda row: roster_hash("paper", row.paper_number)),
)
Column: TypeAlias = SealedColumn | HashedColumn
WRITE = """
    UPDATE "{table}" AS one SET "{column}" = fresh.value
    FROM unnest(%s::bigint[], %s::bytea[]) AS fresh (id, value) WHERE one.id = fresh.id
"""


class Progress(NamedTuple):
    """How far one column is."""

    column: str
    done: int
    left: int


def rotate_keys(batch: int = BATCH) -> Iterator[Progress]:
    """Seal and hash everything again that is not under the first keys, batch by batch; tell after each. Then the trail.

    Raises CipherBroken for a value whose key is not configured, or that was changed: batches before it stay done;
    TrailBroken where the trail is not as it was written.
    """
    for column in (*SEALED, *HASHED):
        done, after, waiting = 0, 0, _waiting(column).count()
        while pks := _renew(column, batch, after):
            done, after = done + len(pks), pks[-1]
            yield Progress(str(column), done, max(0, waiting - done))
    yield from _reseal_messages(batch)
    for subject, done, left in vouch_for_older_keys():
        yield Progress(f"audit.{subject}", done, left)
    vouch_for_anchors()


@transaction.atomic
def note_rotation() -> None:
    """Tell the trail which keys are the first now."""
    record(None, Verb.KEYS_ROTATED, "installation", keys=list(ciphers.fingerprints()))


def left_under_older_keys() -> int:
    """How much still is under another than the first keys, hashes and trail too; at 0 the others may be dropped."""
    columns = sum(_waiting(column).count() for column in (*SEALED, *HASHED))
    return columns + sum(1 for _ in waiting_sealed_messages(TEXT_MESSAGE, ciphers.active_head())) + left_to_vouch()


def known_by_older_hash() -> dict[str, int]:
    """Codes and tokens in use that are known by a hash under an older key only: they end with that key."""
    return {title: number for title, rows, column in _secrets() if (number := _other_codes(rows, column).count())}


def _secrets() -> Iterator[tuple[str, QuerySet[Any], str]]:
    yield "查询码", QueryCode.objects.filter(voided_at=None), "code_hash"
    yield "接口令牌", tokens_in_force(timezone.now()), "digest"
    yield "恢复码", RecoveryCode.objects.filter(used_at=None), "digest"
    yield "大屏链接", ScreenLink.objects.filter(revoked_at=None, ends_on__gt=timezone.localdate()), "token_hash"


@transaction.atomic
def _renew(column: Column, batch: int, after: int) -> list[int]:
    """Do one batch again, by key from `after` on; the keys of its rows."""
    rows = list(_waiting(column).filter(pk__gt=after).select_for_update(of=("self",)).order_by("pk")[:batch])
    values = [_renewed(column, row) for row in rows]
    if rows:
        with connection.cursor() as cursor:
            sql = WRITE.format(table=column.model._meta.db_table, column=column.column)
            cursor.execute(sql, [[row.pk for row in rows], values])
    return [row.pk for row in rows]


def _renewed(column: Column, row: Any) -> bytes | None:
    if isinstance(column, HashedColumn):
        return column.made(row)
    return ciphers.reseal(getattr(row, column.column), aad=column.place(row))


def _waiting(column: Column) -> QuerySet[Any]:
    """Rows whose value is filled, and not under the first key."""
    rows = column.model._base_manager.filter(**{f"{column.column}__isnull": False}).exclude(**{column.column: b""})
    if isinstance(column, HashedColumn):
        return _other_codes(rows, column.column)
    head = ciphers.active_head()
    begins = Substr(F(column.column), 1, len(head), output_field=BinaryField())
    waiting: QuerySet[Any] = rows.annotate(head_of_seal=begins).exclude(head_of_seal=head)
    return waiting


def _other_codes(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """Rows whose hash is not of the newest hash key."""
    head = ciphers.newest_code_head()
    begins = Substr(F(column), 1, max(1, len(head)), output_field=BinaryField())
    newest = Q(length_of_code=len(head) + ciphers.MAC_BYTES) & (Q(head_of_code=head) if head else Q())
    other: QuerySet[Any] = rows.annotate(head_of_code=begins, length_of_code=Length(column)).exclude(newest)
    return other


def _reseal_messages(batch: int) -> Iterator[Progress]:
    """Text messages that wait, each for itself: the gateway may be sending one."""
    done = 0
    for pk in list(waiting_sealed_messages(TEXT_MESSAGE, ciphers.active_head())):
        done += reseal_message(pk)
        if done % batch == 0:
            yield Progress("notices_outboxmessage.payload", done, 0)
    if done % batch:
        yield Progress("notices_outboxmessage.payload", done, 0)
