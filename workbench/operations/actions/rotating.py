"""What is sealed under an older key is sealed again under the first key of the settings, while work goes on.

Rows are taken in small batches, each locked for its own transaction only; a row that is under the first key already is
passed over, so that a run that was killed is simply started again.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import BinaryField, F, Model, QuerySet
from django.db.models.functions import Substr

from grids.models import Hazard, RosterPerson
from grids.models.table_imports import ImportRow
from intake.imports.models import ImportBatch
from intake.models import Party
from intake.models.autosave import EntryAutosave, autosave_aad
from referrals.models.care import CareRecord, CareVisit
from zhongzhi.accounts.models import Authenticator, IdempotencyRecord
from zhongzhi.core import ciphers

BATCH = 500


class SealedColumn(NamedTuple):
    """A column of sealed values, and where each belongs (the `aad` it was sealed with)."""

    model: type[Model]
    column: str
    place: Callable[[Any], str]

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


SEALED = (
    SealedColumn(Party, "paper_sealed", lambda row: f"intake.party.paper:{row.uid}"),
    SealedColumn(Party, "phone_sealed", lambda row: f"intake.party.phone:{row.uid}"),
    SealedColumn(Party, "address_sealed", lambda row: f"intake.party.address:{row.uid}"),
    SealedColumn(RosterPerson, "phone_sealed", lambda row: f"grids.person.phone:{row.uid}"),
    SealedColumn(RosterPerson, "paper_sealed", lambda row: f"grids.person.paper:{row.uid}"),
    SealedColumn(Hazard, "reporter_phone_sealed", lambda row: f"grids.hazard.reporter_phone:{row.uid}"),
    SealedColumn(ImportRow, "cells_sealed", lambda row: f"grids.import:{row.job_id}:{row.number}"),
    SealedColumn(ImportBatch, "preview_sealed", lambda row: f"intake.import.preview:{row.uid}"),
    SealedColumn(EntryAutosave, "sealed", lambda row: autosave_aad(row.user_id, row.uid)),
    SealedColumn(CareRecord, "diagnosis_sealed", lambda row: f"referrals.care.diagnosis:{row.pk}"),
    SealedColumn(CareRecord, "notes_sealed", lambda row: f"referrals.care.notes:{row.pk}"),
    SealedColumn(CareVisit, "note_sealed", lambda row: f"referrals.care.visit:{row.pk}:{row.record_id}"),
    SealedColumn(Authenticator, "secret", lambda row: row.place),
    SealedColumn(IdempotencyRecord, "body", lambda row: f"idempotency:{row.user_id}:{row.key}"),
)


class Progress(NamedTuple):
    """How far one column is."""

    column: str
    done: int
    left: int


def rotate_keys(batch: int = BATCH) -> Iterator[Progress]:
    """Seal everything again that is not under the first key, batch by batch; tell after each.

    Raises CipherBroken for a value whose key is not configured, or that was changed: batches before it stay done.
    """
    for column in SEALED:
        done, after, waiting = 0, 0, _waiting(column).count()
        while pks := _reseal(column, batch, after):
            done, after = done + len(pks), pks[-1]
            yield Progress(str(column), done, max(0, waiting - done))


def left_under_older_keys() -> int:
    """How many values are still sealed under another than the first key; at 0 the others may be dropped."""
    return sum(_waiting(column).count() for column in SEALED)


@transaction.atomic
def _reseal(column: SealedColumn, batch: int, after: int) -> list[int]:
    """Seal one batch again, by key from `after` on; the keys of its rows."""
    rows = list(_waiting(column).filter(pk__gt=after).select_for_update(of=("self",)).order_by("pk")[:batch])
    for row in rows:
        setattr(row, column.column, ciphers.reseal(getattr(row, column.column), aad=column.place(row)))
    column.model._default_manager.bulk_update(rows, [column.column])
    return [row.pk for row in rows]


def _waiting(column: SealedColumn) -> QuerySet[Any]:
    """Rows whose value is sealed, and not under the first key."""
    head = ciphers.active_head()
    begins = Substr(F(column.column), 1, len(head), output_field=BinaryField())
    filled = column.model._default_manager.filter(**{f"{column.column}__isnull": False}).exclude(**{column.column: b""})
    waiting: QuerySet[Any] = filled.annotate(head_of_seal=begins).exclude(head_of_seal=head)
    return waiting
