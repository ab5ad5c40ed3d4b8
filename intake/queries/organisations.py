"""Organisations a case may be handed to, the likely ones first."""

from django.db.models import Case as When_
from django.db.models import IntegerField, Q, QuerySet, Value, When

from grids.models import Organisation, OrganisationKind
from grids.queries import dispatch_targets
from intake.models import Case


def reachable_organisations(case: Case, text: str = "", *, limit: int = 20) -> QuerySet[Organisation]:
    """For a search box: those named so within reach of the case's centre, annotated with `rank`.

    First the usual lead for the category, then what serves at the place of the case, then the departments.
    """
    if case.centre is None:
        return Organisation.objects.none()
    rows = dispatch_targets(case.centre)
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(short_name__contains=text))
    return rows.annotate(rank=_rank(case)).order_by("rank", "territory__code", "name")[:limit]


def _rank(case: Case) -> When_:
    lead = case.category.default_lead if case.category else ""
    place = case.territory.code if case.territory else ""
    near = [place[:n] for n in (12, 9) if len(place) >= n]
    whens = [When(territory__code__in=near, then=Value(1)), When(kind=OrganisationKind.DEPARTMENT, then=Value(2))]
    if lead:
        whens.insert(0, When(Q(short_name=lead) | Q(name__endswith=lead), then=Value(0)))
    return When_(*whens, default=Value(3), output_field=IntegerField())
