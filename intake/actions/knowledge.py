"""The county keeps what it knows of kinds of disputes: added, changed, ended, imported as a table, all or nothing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from intake.models import Category, Knowledge, KnowledgeKind
from intake.permissions.keeping import may_keep_categories
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, NotFound, RuleViolation, require
from zhongzhi.core.text import required_text
from zhongzhi.web.sheets import Column, Sheet, SheetRow

WHO = "知识库由系统管理员维护。"
MOST = 500
"""Rows of one table."""
COLUMNS = (
    Column("kind", "种类", required=True, choices=tuple(str(one.label) for one in KnowledgeKind)),
    Column("title", "标题", required=True),
    Column("text", "内容", required=True, width=60),
    Column("source", "来源", required=True),
    Column("dated_on", "日期", required=True, example="2021-01-01"),
    Column("categories", "纠纷类别", also=("类别",)),
)


@dataclass(frozen=True)
class KnowledgeFacts:
    """What is said of one piece."""

    kind: str
    title: str
    text: str
    source: str
    dated_on: date
    categories: str = ""


@transaction.atomic
def add_knowledge(facts: KnowledgeFacts, *, actor: User) -> Knowledge:
    """Put a piece into the base. RuleViolation at the field, also for a title that the kind has already."""
    require(may_keep_categories(actor), WHO)
    row = _added(facts, actor)
    record(actor, Verb.KNOWLEDGE_ADDED, row, kind=row.kind)
    return row


@transaction.atomic
def change_knowledge(pk: int, facts: KnowledgeFacts, *, actor: User) -> Knowledge:
    """Let a piece say something else. InvalidTransition for one that is ended."""
    require(may_keep_categories(actor), WHO)
    row = _locked(pk)
    checked = _checked(facts)
    _require_new(checked, but=pk)
    for name, value in asdict(checked).items():
        setattr(row, name, value)
    row.changed_by, row.changed_at = actor, timezone.now()
    row.save()
    record(actor, Verb.KNOWLEDGE_CHANGED, row, kind=row.kind)
    return row


@transaction.atomic
def end_knowledge(pk: int, *, actor: User) -> Knowledge:
    """Show it no more. InvalidTransition for one that is ended."""
    require(may_keep_categories(actor), WHO)
    row = _locked(pk)
    row.ended_at, row.changed_by = timezone.now(), actor
    row.save(update_fields=["ended_at", "changed_by"])
    record(actor, Verb.KNOWLEDGE_ENDED, row)
    return row


@transaction.atomic
def import_knowledge(stream: BinaryIO, name: str, *, actor: User) -> int:
    """Put a table in; what has the title of a piece of its kind takes that one's place. How many.

    Raises BadInput at `file`, with the number of the row, for a row that is none: then nothing is put in.
    """
    require(may_keep_categories(actor), WHO)
    rows = list(Sheet(stream, name, COLUMNS).rows())
    if not 0 < len(rows) <= MOST:
        raise BadInput(f"表格应有 1 至 {MOST} 行。", field="file")
    for facts in _read(rows):
        known = Knowledge.objects.filter(kind=facts.kind, title=facts.title, ended_at=None).first()
        if known is not None:
            change_knowledge(known.pk, facts, actor=actor)
        else:
            _added(facts, actor)
    record(actor, Verb.KNOWLEDGE_IMPORTED, f"knowledge:{actor.pk}", rows=len(rows))
    return len(rows)


def _read(rows: Iterable[SheetRow]) -> Iterable[KnowledgeFacts]:
    kinds = {str(one.label): one.value for one in KnowledgeKind}
    for row in rows:
        values = row.values
        try:
            day = date.fromisoformat(values["dated_on"][:10])
            kind = kinds.get(values["kind"], values["kind"])
            told = {name: values.get(name, "") for name in ("title", "text", "source", "categories")}
            yield _checked(KnowledgeFacts(kind=kind, dated_on=day, **told))
        except ValueError:
            raise BadInput(f"第 {row.number} 行：日期写成 2021-01-01。", field="file") from None
        except (BadInput, RuleViolation) as refusal:
            raise BadInput(f"第 {row.number} 行：{refusal.message}", field="file") from None


def _added(facts: KnowledgeFacts, actor: User) -> Knowledge:
    checked = _checked(facts)
    _require_new(checked)
    return Knowledge.objects.create(**asdict(checked), changed_by=actor)


def _locked(pk: int) -> Knowledge:
    row = Knowledge.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound("没有找到这条知识。")
    if row.ended_at is not None:
        raise InvalidTransition("这一条已停用。")
    return row


def _require_new(facts: KnowledgeFacts, *, but: int = 0) -> None:
    if Knowledge.objects.filter(kind=facts.kind, title=facts.title, ended_at=None).exclude(pk=but).exists():
        raise RuleViolation("已有这一条。", field="title")


def _checked(facts: KnowledgeFacts) -> KnowledgeFacts:
    if facts.kind not in KnowledgeKind.values:
        raise RuleViolation("种类应为法条、办事规定、范本或案例。", field="kind")
    return KnowledgeFacts(
        facts.kind,
        required_text(facts.title, field="title", missing="请填写标题。", max_length=100),
        required_text(facts.text, field="text", missing="请填写内容。", max_length=5000, multiline=True),
        required_text(facts.source, field="source", missing="请写明来源。", max_length=200),
        facts.dated_on,
        _categories(facts.categories),
    )


def _categories(text: str) -> str:
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    known = set(Category.objects.filter(pk__in=parts).values_list("pk", flat=True))
    if unknown := [part for part in parts if part not in known]:
        raise RuleViolation(f"没有类别代码“{unknown[0][:10]}”。", field="categories")
    return ",".join(parts)
