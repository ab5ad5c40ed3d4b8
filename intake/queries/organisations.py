"""Organisations a case may be handed to, the likely ones first."""

from collections.abc import Sequence

from django.db.models import Case as When_
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Left

from grids.models import Level, Organisation, OrganisationKind
from grids.queries import dispatch_targets, old_names, organisations_called, organisations_with_people
from intake.lifecycle import OPEN_STATES
from intake.models import Case, Handling
from intake.models.place import other_places_of
from intake.queries.complaints import organisations_concerned

NOBODY = "（无人可登录）"
"""Said of an organisation before work is handed to it that nobody there would sign for."""


def open_work_of(organisation: Organisation) -> int:
    """How many open cases an organisation holds, answers for or works on."""
    on = Q(holder=organisation) | Q(centre=organisation)
    own = Case.objects.filter(on, status__in=OPEN_STATES).values("pk")
    handled = Handling.objects.filter(organisation=organisation, closed_at=None).values("case")
    return Case.objects.filter(Q(pk__in=own) | Q(pk__in=handled)).count()


def open_cases_at(codes: Sequence[str]) -> dict[str, str]:
    """How many open cases there are at villages and below, in words by the code of the village."""
    rows = Case.objects.filter(status__in=OPEN_STATES).annotate(
        village=Left("territory__current_code", int(Level.VILLAGE))
    )
    counted = rows.filter(village__in=codes).order_by().values("village").annotate(n=Count("pk"))
    return {row["village"]: f"在办案件 {row['n']} 件" for row in counted}


def reachable_organisations(case: Case, text: str = "", *, limit: int = 20) -> QuerySet[Organisation]:
    """For a search box: those named so within reach of the case's centre, annotated with `rank`.

    First the usual lead for the category, then what serves at the place of the case, then the departments.
    """
    if case.centre is None:
        return Organisation.objects.none()
    rows = dispatch_targets_of(case).exclude(organisations_concerned(case))
    if text:
        rows = organisations_called(rows, text)
    return rows.annotate(rank=_rank(case)).order_by("rank", "territory__code", "name")[:limit]


def dispatch_targets_of(case: Case) -> QuerySet[Organisation]:
    """Organisations to which the centre that answers may hand the case: those in its reach, and what serves at the
    other places that the case concerns."""
    if case.centre is None:
        return Organisation.objects.none()
    return dispatch_targets(case.centre, beside=other_places_of(case))


def lines_of_organisations(rows: Sequence[Organisation], text: str) -> list[tuple[str, str, str]]:
    """Lines of a search box: number, name with a word where nobody can sign in, and kind or old name."""
    old, staffed = old_names(rows, text), organisations_with_people(rows)
    return [
        (
            str(row.pk),
            row.name if row.pk in staffed else f"{row.name}{NOBODY}",
            f"原{old[row.pk]}" if row.pk in old else row.get_kind_display(),
        )
        for row in rows
    ]


def _rank(case: Case) -> When_:
    lead = case.category.default_lead if case.category else ""
    places = [*([case.territory] if case.territory else []), *other_places_of(case)]
    near = [place.current_code[:n] for place in places for n in (12, 9) if len(place.current_code) >= n]
    whens = [When(territory__code__in=near, then=Value(1)), When(kind=OrganisationKind.DEPARTMENT, then=Value(2))]
    if lead:
        whens.insert(0, When(Q(short_name=lead) | Q(name__endswith=lead), then=Value(0)))
    return When_(*whens, default=Value(3), output_field=IntegerField())
