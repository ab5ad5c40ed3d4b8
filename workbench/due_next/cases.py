"""The cases that wait for a person: each stands once, for the first of its reasons in the order of the work."""

from collections.abc import Iterator

from django.urls import reverse

from intake import queries
from intake.models import Case
from intake.queries import Pointer
from workbench.due_next.line import Line
from workbench.due_next.row_acts import act_in_row
from workbench.todo import SHOWN, Kind, Section
from zhongzhi.accounts.models import User


def lines_of_cases(user: User, sections: list[Section]) -> Iterator[Line]:
    """Those that are due first; what is only followed is left out."""
    waiting: dict[int, tuple[Kind, Pointer]] = {}
    for section in sections:
        if not section.kind.is_followed:
            for pointer in section.first:
                waiting.setdefault(pointer.pk, (section.kind, pointer))
    first = sorted(waiting.values(), key=lambda found: _order(found[1]))[:SHOWN]
    cases = queries.cases_of_heads([pointer.pk for _, pointer in first])
    returns = queries.with_open_return([pointer.pk for kind, pointer in first if kind.name == "decide"])
    for kind, pointer in first:
        if pointer.pk in cases:
            yield _line(user, kind, cases[pointer.pk], is_return=pointer.pk in returns)


def _line(user: User, kind: Kind, case: Case, *, is_return: bool) -> Line:
    row = queries.listed(user, [case])[0]
    place = case.territory.full_name if case.territory else ""
    return Line(
        why=kind.title,
        title=row.case.title,
        address=reverse("workbench:dossier", args=[case.code]),
        due=case.next_due,  # type: ignore[attr-defined]
        code=str(case.code),
        detail="，".join(part for part in (row.names, place) if part),
        act=act_in_row(user, kind.name, case, is_return=is_return),
        case=row.case,
    )


def _order(pointer: Pointer) -> tuple[bool, float]:
    return pointer.due is None, pointer.due.timestamp() if pointer.due else 0.0
