"""What people say about a table: which sheet, which row is its head, which column is which, and what words mean.

What was said of a head is remembered for the tables that come under the same titles, and what was said of words for
whatever comes from the same kind of sender, tables and pushed items alike.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from django.db import transaction
from django.db.models import BinaryField, F, Func
from django.utils import timezone

from grids.queries import county_of
from intake.imports.columns import columns_of
from intake.imports.lookups import Leaves, Places, words_key
from intake.imports.models import ImportBatch, ImportKind, SenderLayout, SenderWord
from intake.models import PaperKind, Risk
from intake.permissions import may_import_at
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.web.readings import layout_as_said, titles_digest
from zhongzhi.web.sheets import Layout, Sheet

CHOICES: Final = {"risk": [f"{label}色" for label in Risk.labels], "paper_kind": list(PaperKind.labels)}
"""What the words of these columns may mean; those of places and categories mean a code."""
SLICE: Final = 1 << 20
"""Bytes of a file that are fetched at a time."""


def opened(batch: ImportBatch) -> Sheet:
    """The table of a batch, read as somebody said of it or of one under the same titles, else as it looks."""
    said = Layout(**batch.layout) if batch.layout else None
    sheet = _sheet(batch, said)
    if said is None and (known := _remembered(batch, sheet)) is not None:
        sheet = _sheet(batch, known)
    return sheet


def layout_of(batch: ImportBatch, sheet: str, head: int, places: Mapping[str, int]) -> tuple[Layout, str]:
    """How a person wants a table read, and what tells tables under the same titles; empty where no head was said.

    Raises RuleViolation for a sheet that is not there, a column that is used twice, and for compulsory ones that nobody
    pointed at.
    """
    said = Layout(sheet, head, places)
    read = _sheet(batch, said)
    layout = layout_as_said(read, said)
    return layout, titles_digest(read) if layout.head else ""


def remember_layout(batch: ImportBatch, layout: Layout, titles: str, actor: User) -> None:
    """Read tables under these titles the same way from now on."""
    SenderLayout.objects.update_or_create(
        county=county_of(batch.centre),
        kind=batch.kind,
        titles_digest=titles,
        defaults={"places": dict(layout.places), "said_by": actor, "said_at": timezone.now()},
    )


@transaction.atomic
def teach_words(batch: ImportBatch, said: Sequence[tuple[str, str, str]], *, actor: User) -> None:
    """Remember what words of this kind of sender mean: column, words, meaning. Raises RuleViolation at `words` for a
    meaning that is none; the caller has the table read again."""
    require(may_import_at(actor, batch.centre))
    if not said:
        raise RuleViolation("还没有选择任何一条说法的意思。", field="words")
    meanings = [(column, words_key(words), _meaning(column, meaning)) for column, words, meaning in said]
    for column, words, meaning in meanings:
        SenderWord.objects.update_or_create(
            county=county_of(batch.centre),
            kind=batch.kind,
            column=column,
            words=words,
            defaults={"meaning": meaning, "said_by": actor, "said_at": timezone.now()},
        )
    record(actor, Verb.SENDER_WORDS_TAUGHT, batch, words=len(meanings))


@transaction.atomic
def forget_word(word: SenderWord, *, actor: User) -> None:
    """Take back what was said of words; cases that came in by it stay as they are."""
    record(actor, Verb.SENDER_WORD_FORGOTTEN, word, column=word.column, meaning=word.meaning)
    word.delete()


def _meaning(column: str, meaning: str) -> str:
    if column == "place":
        return Places().find(meaning).code
    if column == "category":
        return Leaves().find(meaning).code
    if meaning not in CHOICES.get(column, ()):
        raise RuleViolation("请从列表中选择这个说法的意思。", field="words")
    return meaning


def _sheet(batch: ImportBatch, layout: Layout | None) -> Sheet:
    columns = columns_of(ImportKind(batch.kind))
    return Sheet(_file_of(batch), batch.file_name, columns, layout=layout, whole=False)


def _file_of(batch: ImportBatch) -> BinaryIO:
    """The file as it was handed in, beside the memory: it comes in slices, for as a whole it would stand there four
    times while the database hands it over."""
    file = TemporaryFile("w+b")  # noqa: SIM115 - lives as long as the sheet
    rows = ImportBatch.objects.filter(pk=batch.pk)
    for at in count(1, SLICE):
        slice_ = Func(F("source"), at, SLICE, function="substring", output_field=BinaryField())
        piece = bytes(rows.values_list(slice_, flat=True).get() or b"")
        file.write(piece)
        if len(piece) < SLICE:
            break
    return cast("BinaryIO", file)


def _remembered(batch: ImportBatch, sheet: Sheet) -> Layout | None:
    rows = SenderLayout.objects.filter(
        county=county_of(batch.centre), kind=batch.kind, titles_digest=titles_digest(sheet)
    )
    known = rows.first()
    return Layout(sheet.way, sheet.head, known.places) if known else None
