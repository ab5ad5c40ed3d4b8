"""What is looked at in the act itself: words of danger reach a person while the clerk still sits there."""

from django.db import connection
from django.utils import timezone

from early_warning.actions.raising import raise_found
from early_warning.detection import found_in, own_texts
from early_warning.detection.danger_words import said, words_in_force
from early_warning.models import RuleKind
from early_warning.queries.warning_rules import rules_in_force
from grids.models import Hazard
from intake.models import Case

NOTE = """
    INSERT INTO early_warning_duematter ({column}, noted_at) SELECT key, %s FROM unnest(%s::bigint[]) AS key
    ON CONFLICT ({column}) DO UPDATE SET noted_at = excluded.noted_at
"""


def follow_case(case: Case) -> None:
    """Look for words of danger in what was just registered."""
    _look_for_danger(case)


def follow_hazard(hazard: Hazard) -> None:
    """The same for a report from the field; the sweep looks at the rest."""
    note_hazards([hazard.pk])
    _look_for_danger(hazard)


def note_cases(keys: list[int]) -> None:
    """Have the sweep look at these cases; who holds a row meanwhile is waited for, so that no change is lost."""
    _note("case_id", keys)


def note_hazards(keys: list[int]) -> None:
    """The same for hazards."""
    _note("hazard_id", keys)


def _look_for_danger(matter: Case | Hazard) -> None:
    if not any(said(text, words_in_force()) for text in own_texts(matter)):
        return
    now = timezone.now()
    for rule in rules_in_force(timezone.localdate(now), RuleKind.DANGER_WORDS):
        if found := found_in(matter, rule, now, own_texts(matter)):
            raise_found(rule, found, now)


def _note(column: str, keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTE.format(column=column), [timezone.now(), sorted(set(keys))])
