"""Reads of the category table."""

from django.db.models import Q, QuerySet

from intake.models import Category
from zhongzhi.core.errors import RuleBroken


def active_leaves() -> QuerySet[Category]:
    """The categories a case may carry."""
    return Category.objects.filter(is_active=True, parent__isnull=False).select_related("parent")


def find_leaf(code: str) -> Category:
    """The leaf with this code; RuleBroken at `category` for an unknown, ended or first-level code."""
    leaf = active_leaves().filter(pk=code).first()
    if leaf is None:
        raise RuleBroken(f"没有代码为 {code[:10]} 的纠纷类别（须选到二级，如 0202）。", field="category")
    return leaf


def is_category(code: str) -> bool:
    """Whether the table holds this leaf or group, in force or ended."""
    return Category.objects.filter(pk=code).exists()


def category_label(code: str) -> str:
    """How a leaf or group reads in a field; empty for none."""
    return next((str(row) for row in Category.objects.filter(pk=code)), "")


def search_categories(text: str, *, limit: int = 30) -> QuerySet[Category]:
    """Leaves for a search box: by name, by the name of their group, or by the start of the code."""
    rows = active_leaves()
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(parent__name__contains=text) | Q(code__startswith=text))
    return rows.order_by("code")[:limit]
