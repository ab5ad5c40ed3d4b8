"""Mediations whose mediator is gone: another has to take over."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from grids.extension_points import Vacancy
from grids.queries import posts_in_force
from grids.roles import Capability
from grids.scope import scope_of
from intake.queries import cases_visible_to
from mediation.lifecycle import OPEN_STATES
from mediation.models import Mediation
from zhongzhi.accounts.models import User


def mediations_without_mediator(user: User) -> list[Vacancy]:
    """Open mediations of the centres where the person sorts, with a mediator who has left office, or whose account or
    post is ended; experts and villagers have none and stay until they are dismissed."""
    scope = scope_of(user)
    centres = scope.organisation_ids if scope.may(Capability.SORT) else ()
    posted = posts_in_force(Capability.MEDIATE).filter(
        user=OuterRef("mediator__user"), organisation=OuterRef("mediator__body__organisation")
    )
    links = Mediation.mediators.through.objects.all()
    with_account = Q(mediator__user__isnull=False) & ~Exists(posted)
    gone = links.filter(Q(mediator__ends_on__isnull=False) | with_account)
    cases = cases_visible_to(user).filter(centre__in=sorted(centres))
    rows = gone.filter(mediation__status__in=OPEN_STATES, mediation__case__in=cases)
    rows = rows.select_related("mediation__case", "mediator__body__organisation").order_by("mediation", "mediator")
    return [
        Vacancy(
            "调解员",
            f"{link.mediation.case.code} {link.mediation.case.title}",
            link.mediator.name,
            reverse("mediation:mediation", args=[link.mediation.uid]),
            "更换调解员",
        )
        for link in rows
    ]
