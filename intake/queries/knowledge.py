"""Reads of what the county knows of kinds of disputes: searched, and what belongs to one category."""

from django.db.models import Q, QuerySet

from intake.models import Knowledge
from zhongzhi.core.errors import NotFound
from zhongzhi.core.han import spellings

SHOWN = 4


def knowledge_in_force() -> QuerySet[Knowledge]:
    """All that is not ended."""
    return Knowledge.objects.filter(ended_at=None)


def knowledge_about(category: str, *, limit: int = SHOWN) -> list[Knowledge]:
    """What belongs to a category, the closest first; what is for all kinds comes last. Nothing without a category."""
    if not category:
        return []
    ranked = [(row.concerns(category), row) for row in knowledge_in_force()]
    close = sorted((pair for pair in ranked if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].kind, pair[1].pk))
    return [row for _, row in close][:limit]


def search_knowledge(text: str, *, kind: str = "", category: str = "") -> list[Knowledge]:
    """What holds every word in title, text or source; of one kind; of one category, the closest first."""
    rows = knowledge_in_force().filter(kind=kind) if kind else knowledge_in_force()
    for word in text.split()[:5]:
        held = Q(pk__in=[])
        for one in spellings(word):
            held |= Q(title__icontains=one) | Q(text__icontains=one) | Q(source__icontains=one)
        rows = rows.filter(held)
    found = [row for row in rows if not category or row.concerns(category) >= 0]
    return sorted(found, key=lambda row: -row.concerns(category)) if category else found


def knowledge(pk: int) -> Knowledge:
    """One piece, ended or not; NotFound for none."""
    row = Knowledge.objects.filter(pk=pk).select_related("changed_by").first()
    if row is None:
        raise NotFound("没有找到这条知识。")
    return row
