"""What hangs on a case, as its reader may see it: names of parties masked in titles, texts and answers of the API.

For who sees the outline texts are left out altogether. Rows are changed to be shown, never to be saved.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import prefetch_related_objects

from intake.models import Case
from intake.sight import Level, hidden_names, masked_text, sight_within, veiled
from zhongzhi.accounts.models import User

RowT = TypeVar("RowT")


def hidden_from(user: User, case: Case) -> list[str]:
    """The names in a case in sight that this person is not shown; none for who sees it in full."""
    return [] if sight_within(user, case).is_full else hidden_names(case)


def hide(user: User, case: Case, row: Any, *names: str) -> None:
    """Let texts of something that hangs on a case read as this person may see them."""
    sight = sight_within(user, case)
    if sight.is_full:
        return
    hidden = hidden_names(case)
    for name in names:
        text = getattr(row, name) or ""
        setattr(row, name, masked_text(text, hidden) if sight.level >= Level.MASKED else "")


def veil_all(user: User, rows: Iterable[RowT], case_of: Callable[[RowT], Case | None], *names: str) -> Sequence[RowT]:
    """The rows of a list, each about a case in sight or about none, with their cases and these texts as the reader may
    see them; two queries for all of them."""
    found = list(rows)
    cases = {case.pk: case for row in found if (case := case_of(row)) is not None}
    prefetch_related_objects(list(cases.values()), "handlings", "parties")
    for row in found:
        case = case_of(row)
        if case is not None:
            known = cases[case.pk]
            hide(user, known, row, *names)
            veiled(user, known)
            case.title, case.narrative = known.title, known.narrative
    return found


def masked_deep(value: Any, hidden: Sequence[str]) -> Any:
    """An answer of the API with these names masked wherever they stand in it."""
    if not hidden:
        return value
    if isinstance(value, str):
        return masked_text(value, hidden)
    if isinstance(value, dict):
        return {key: masked_deep(each, hidden) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked_deep(each, hidden) for each in value]
    return value
