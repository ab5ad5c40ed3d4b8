"""Who may mediate a case now: the bodies and mediators that its dialog offers."""

from django.utils import timezone

from intake.actions.complaints import why_may_not_handle
from intake.models import Case
from mediation.actions.opening import MODES_OF_BODY, PUBLIC_MODES
from mediation.lifecycle import OPEN_STATES
from mediation.models import Body, Mediator, Mode, Recusal
from mediation.queries.loads import with_load
from mediation.queries.visibility import bodies_in_reach, mediators_in_reach


def bodies_to_open(case: Case) -> dict[Body, tuple[Mode, ...]]:
    """The bodies in reach that may mediate the case now, each with the modes that are open to it."""
    if case.category is None:
        return {}
    under_way = list(case.mediations.filter(status__in=OPEN_STATES).values_list("body_id", "mode"))
    found = {}
    for body in bodies_in_reach(case.centre):
        modes = tuple(mode for mode in MODES_OF_BODY[body.kind] if _is_open(case, body, mode, under_way))
        if modes and why_may_not_handle(case, body.organisation) is None:
            found[body] = modes
    return found


def mediators_to_open(case: Case) -> list[Mediator]:
    """The mediators of those bodies who are in office, qualified, and not recused in the case; the nearest first."""
    bodies, today = bodies_to_open(case), timezone.localdate()
    recused = Recusal.objects.filter(mediation__case=case, granted=True).values("mediator")
    rows = with_load(mediators_in_reach(case.centre)).filter(body__in=bodies).exclude(pk__in=recused)
    rows = rows.exclude(user__in=case.standing_back.values("user"))
    return [row for row in rows if row.qualified_until is None or row.qualified_until >= today]


def _is_open(case: Case, body: Body, mode: Mode, under_way: list[tuple[int, str]]) -> bool:
    assert case.category is not None
    busy = any(body.pk == other or mode == open_mode for other, open_mode in under_way)
    return not busy and (case.category.people_mediable or mode in PUBLIC_MODES)
