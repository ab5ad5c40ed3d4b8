"""Cases by the words of their text, for programs of our own: found by the index of the search."""

from django.db.models import Value

from intake.lifecycle import OPEN_STATES
from intake.models import Case
from intake.search.queries import CaseText, Windows

MOST = 5000


def open_cases_that_say(word: str) -> list[int]:
    """The numbers of open cases whose title or narrative may hold a word; whether it does, their reader checks."""
    rows = Case.objects.alias(windows=Windows(CaseText("title", "narrative")))
    found = rows.filter(windows__contains=Windows(Value(word)), status__in=OPEN_STATES)
    return list(found.order_by("-pk").values_list("pk", flat=True)[:MOST])
