"""Reads of rules and words of danger."""

from datetime import date

from django.db.models import Q, QuerySet

from early_warning.models import DangerWord, WarningRule
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.periods import in_force, not_over


def rules_in_force(day: date, kind: str = "") -> list[WarningRule]:
    """The rules of a day; of one kind."""
    rows = WarningRule.objects.filter(in_force(day))
    return list(rows.filter(kind=kind) if kind else rows)


def rule_rows(day: date, *, over: bool) -> QuerySet[WarningRule]:
    """Rules in force and to come, or those that are over, with who changed them."""
    rows = WarningRule.objects.select_related("changed_by")
    return rows.exclude(not_over(day)) if over else rows.filter(not_over(day))


def rule_of(pk: int) -> WarningRule:
    """One row of a rule; NotFound for none."""
    row = WarningRule.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("没有找到这条预警规则。")
    return row


def rule_history(slug: str) -> QuerySet[WarningRule]:
    """Every form a rule had, the latest first."""
    return WarningRule.objects.filter(slug=slug).select_related("changed_by").order_by("-starts_on")


def danger_word_rows(day: date) -> QuerySet[DangerWord]:
    """The words in force or to come."""
    return DangerWord.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day)).select_related("added_by")


def danger_word(pk: int) -> DangerWord:
    """One word; NotFound for none."""
    row = DangerWord.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("没有找到这个词。")
    return row
