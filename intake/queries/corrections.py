"""What was corrected in cases, as their readers see it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from intake.models import Case, CorrectedValue, Correction

LONGEST = 60
"""So much of a long text stands in the story."""


@dataclass(frozen=True)
class Changed:
    """One value that was corrected; of what names a person only that it was."""

    label: str
    old: str = ""
    new: str = ""
    is_personal: bool = False


def corrections_of(case: Case, merged: Collection[int]) -> QuerySet[Correction]:
    """The corrections of a case and of those merged into it with their values, the first first. Two queries."""
    rows = Correction.objects.filter(case_id__in=[case.pk, *merged]) if merged else case.corrections.all()
    return rows.select_related("made_by").prefetch_related("values").order_by("made_at", "pk")


def changed_in_words(value: CorrectedValue) -> Changed:
    """The line of one value."""
    label = f"{value.subject} {value.label}".strip()
    if value.is_personal:
        return Changed(label, is_personal=True)
    return Changed(label, _short(value.old), _short(value.new))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
