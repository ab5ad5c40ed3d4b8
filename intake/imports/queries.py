"""Reads of imports: which of one's centre, what was found in them, which outside numbers are known."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from grids.queries import centres_served_by, county_of
from intake.imports.models import ImportBatch, RowRemark, SenderWord
from intake.models import ExternalReference
from intake.permissions import may_import_at
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound


def imports_visible_to(user: User) -> QuerySet[ImportBatch]:
    """The imports of the centres at which one may import, the latest first, without their files."""
    centres = [centre.pk for centre in centres_served_by(user) if may_import_at(user, centre)]
    rows = ImportBatch.objects.filter(centre_id__in=centres).select_related("centre", "created_by", "job")
    return rows.defer("source", "preview_sealed", "job__source").order_by("-id")


def import_visible_to(user: User, uid: UUID) -> ImportBatch:
    """One of them; NotFound else."""
    rows = imports_visible_to(user).defer(None).defer("source", "job__source")
    batch = rows.filter(uid=uid).first()
    if batch is None:
        raise NotFound("没有找到这批导入。")
    return batch


def remarks_of(batch: ImportBatch) -> QuerySet[RowRemark]:
    """What was found in the rows, in the order of the file."""
    return batch.remarks.select_related("case").order_by("row", "id")


def known_numbers(system: str, numbers: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Of outside numbers of a system those that are registered, each with key and code of its case."""
    rows = ExternalReference.objects.filter(system=system, number__in=[number for number in numbers if number])
    return {number: (pk, code or "草稿") for number, pk, code in rows.values_list("number", "case_id", "case__code")}


def sender_words_for(user: User) -> QuerySet[SenderWord]:
    """What was said of words of senders in the counties of the centres at which one may import."""
    centres = [centre for centre in centres_served_by(user) if may_import_at(user, centre)]
    counties = {county_of(centre) for centre in centres}
    return SenderWord.objects.filter(county__in=counties).select_related("said_by").order_by("-id")


def sender_word_for(user: User, pk: int) -> SenderWord:
    """One of them; NotFound else."""
    word = sender_words_for(user).filter(pk=pk).first()
    if word is None:
        raise NotFound("没有这条对照，可能已经删除。")
    return word
