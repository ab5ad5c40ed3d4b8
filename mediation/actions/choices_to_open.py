"""Who may mediate a case now: the bodies and mediators that its dialogs offer."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from intake.actions.complaints import why_may_not_handle
from intake.models import Case
from intake.permissions import stands_back
from mediation.actions.opening import MODES_OF_BODY, PUBLIC_MODES
from mediation.lifecycle import OPEN_STATES
from mediation.models import Body, Mediation, Mediator, Mode, Recusal
from mediation.queries.loads import with_load
from mediation.queries.visibility import bodies_near, mediators_in_reach, mediators_of_body


def bodies_to_open(case: Case) -> dict[Body, tuple[Mode, ...]]:
    """The bodies in reach that may mediate the case now, each with the modes that are open to it."""
    if case.category is None:
        return {}
    under_way = list(case.mediations.filter(status__in=OPEN_STATES).values_list("body_id", "mode"))
    found = {}
    for body in bodies_near(case.centre):
        modes = tuple(mode for mode in MODES_OF_BODY[body.kind] if _is_open(case, body, mode, under_way))
        if modes and why_may_not_handle(case, body.organisation) is None:
            found[body] = modes
    return found


def mediators_to_open(case: Case) -> list[Mediator]:
    """The mediators of those bodies who are in office and may mediate it; the nearest first."""
    return list(fit_for(case, with_load(mediators_in_reach(case.centre)).filter(body__in=bodies_to_open(case))))


def mediators_to_replace(mediation: Mediation) -> QuerySet[Mediator]:
    """The other mediators of its body who may go on with it."""
    others = with_load(mediators_of_body(mediation.body)).exclude(pk__in=mediation.mediators.values("pk"))
    return fit_for(mediation.case, others)


def fit_for(case: Case, rows: QuerySet[Mediator]) -> QuerySet[Mediator]:
    """Of these mediators those who are qualified today, not recused in the case, and whom it does not touch."""
    today = timezone.localdate()
    recused = Recusal.objects.filter(mediation__case=case, granted=True).values("mediator")
    rows = rows.exclude(pk__in=recused).exclude(user__in=case.standing_back.values("user"))
    rows = rows.filter(Q(qualified_until=None) | Q(qualified_until__gte=today))
    namesakes = rows.filter(user__name__in=case.parties.values("name")).select_related("user")
    touched = [row.pk for row in namesakes if row.user is not None and stands_back(row.user, case.pk)]
    return rows.exclude(pk__in=touched) if touched else rows


def _is_open(case: Case, body: Body, mode: Mode, under_way: list[tuple[int, str]]) -> bool:
    assert case.category is not None
    busy = any(body.pk == other or mode == open_mode for other, open_mode in under_way)
    return not busy and (case.category.people_mediable or mode in PUBLIC_MODES)
