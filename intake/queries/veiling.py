"""A case and what hangs on it, as its reader may see it: names of parties masked in titles, texts and answers of the
API.

For who sees the outline texts are left out altogether. Rows are changed to be shown, never to be saved.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import prefetch_related_objects

from intake.models import Case, Party
from intake.sight import Level, sight_within
from zhongzhi.accounts.models import User
from zhongzhi.core import masking

RowT = TypeVar("RowT")
OUTLINED = "（只可查看进度）"


def veiled(user: User, case: Case) -> Case:
    """The case as this reader may see it, to be shown and not to be saved: without persons and narrative for who sees
    the outline, with the parties' names masked in all texts for who sees it masked."""
    sight = sight_within(user, case)
    case.__dict__["sight_shown"] = {user.pk: sight}  # each part of the page, or of the row, asks again
    level = sight.level
    if level == Level.FULL or getattr(case, "is_veiled", False):
        return case
    case.is_veiled = True  # type: ignore[attr-defined]
    if level < Level.MASKED:
        case.title = f"{case.category.name if case.category else '案件'}{OUTLINED}"
        case.narrative = case.request = case.outcome_note = case.place_detail = case.internal_number = ""
        return case
    hidden = hidden_names(case)
    for name in ("title", "narrative", "request", "outcome_note", "place_detail"):
        setattr(case, name, masked_text(getattr(case, name), hidden))
    return case


def hidden_names(case: Case) -> list[str]:
    """The names of the parties of a case, the longest first."""
    rows = getattr(case, "named_parties", None)
    names = {party.name for party in (case.parties.all() if rows is None else rows)}
    if "members" in getattr(case, "hanging", ()):
        names |= set(Party.everyone.filter(case=case).values_list("name", flat=True))
    return sorted((name for name in names if len(name) > 1), key=len, reverse=True)


def masked_text(text: str, names: Collection[str]) -> str:
    """A text in which these names are masked."""
    for name in names:
        text = text.replace(name, masking.mask_name(name))
    return text


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
    see them; three queries for all of them at most."""
    found = list(rows)
    cases = {case.pk: case for row in found if (case := case_of(row)) is not None}
    prefetch_related_objects(list(cases.values()), "handlings", "parties", "territory")
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
