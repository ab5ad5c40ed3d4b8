"""Reads of the category table."""

from django.db.models import CharField, QuerySet

from intake.models import Category
from zhongzhi.core.errors import NotFound, RuleViolation
from zhongzhi.core.han import spellings
from zhongzhi.core.pinyin import initials
from zhongzhi.core.text import to_halfwidth
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given


def active_leaves() -> QuerySet[Category]:
    """The categories a case may carry."""
    return Category.objects.filter(is_active=True, parent__isnull=False).select_related("parent")


_LEAF = RememberedRows(active_leaves().filter(pk=Given("code", CharField())))


def find_leaf(code: str) -> Category:
    """The leaf with this code; RuleViolation at `category` for an unknown, ended or first-level code."""
    leaf = _LEAF.first(code=code)
    if leaf is None:
        raise RuleViolation(f"没有代码为 {code[:10]} 的纠纷类别（须选到二级，如 0202）。", field="category")
    return leaf


def is_category(code: str) -> bool:
    """Whether the table holds this leaf or group, in force or ended."""
    return Category.objects.filter(pk=code).exists()


def category_label(code: str) -> str:
    """How a leaf or group reads in a field; empty for none."""
    return next((str(row) for row in Category.objects.filter(pk=code)), "")


def category_table() -> QuerySet[Category]:
    """The whole table, ended categories too."""
    return Category.objects.select_related("parent").order_by("code")


def category(code: str) -> Category:
    """One row of the table; NotFound for none."""
    row = Category.objects.select_related("parent").filter(pk=code).first()
    if row is None:
        raise NotFound("没有找到这个纠纷类别。")
    return row


def search_categories(text: str, *, limit: int = 30) -> list[Category]:
    """Leaves for a search box: by name, pinyin initials, the name of their group, or the start of the code.

    The table is small and read whole; those that begin so come before those that hold it somewhere.
    """
    typed = spellings(to_halfwidth(text).strip().lower())
    leaves = list(active_leaves().order_by("code"))
    ranks = ((leaf, [rank for one in typed if (rank := _rank(leaf, one)) is not None]) for leaf in leaves)
    ranked = [(min(found), leaf.code, leaf) for leaf, found in ranks if found]
    return [leaf for _, _, leaf in sorted(ranked, key=lambda row: row[:2])[:limit]]


def _rank(leaf: Category, typed: str) -> int | None:
    """0 for a code or name that begins so, 1 for one that holds it, 2 for its group; None for no match."""
    group = leaf.parent.name if leaf.parent else ""
    own = (leaf.name, initials(leaf.name))
    if leaf.code.startswith(typed) or any(word.startswith(typed) for word in own):
        return 0
    if any(typed in word for word in own):
        return 1
    return 2 if typed in group or initials(group).startswith(typed) else None


def category_names() -> dict[str, str]:
    """Names of the groups of the table, by their two digits, in order."""
    return dict(Category.objects.filter(parent__isnull=True).order_by("code").values_list("code", "name"))
