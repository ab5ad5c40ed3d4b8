"""Which words a form has on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from mediation.models import PaperWording


def wordings() -> QuerySet[PaperWording]:
    """Every version of every text, the latest first."""
    return PaperWording.objects.select_related("set_by").order_by("-starts_on", "-pk")


def wordings_of(key: str, mode: str) -> QuerySet[PaperWording]:
    """The versions of one text."""
    return wordings().filter(key=key, mode=mode)


def in_force_on(rows: Iterable[PaperWording], key: str, mode: str, day: date) -> PaperWording | None:
    """The version of a day among these, the latest first; None where the system's own words hold."""
    return next((row for row in rows if (row.key, row.mode) == (key, mode) and row.starts_on <= day), None)
