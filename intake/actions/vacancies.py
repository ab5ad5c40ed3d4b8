"""Cases whose leader in charge is gone: another has to be named."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.urls import reverse

from grids.extension_points import Vacancy
from grids.queries import posts_in_force
from grids.roles import Capability
from grids.scope import scope_of
from intake.lifecycle import OPEN_STATES
from intake.models import LeaderInCharge
from intake.queries.cases import cases_visible_to
from zhongzhi.accounts.models import User


def cases_without_leader(user: User) -> list[Vacancy]:
    """Open cases of the centres where the person sorts, whose leader in charge has no post over the place any more."""
    scope = scope_of(user)
    centres = scope.organisation_ids if scope.may(Capability.SORT) else ()
    over = posts_in_force(Capability.TAKE_CHARGE).filter(user=OuterRef("leader"))
    place = ExpressionWrapper(OuterRef("case__territory__current_code"), CharField())
    over = over.alias(place=place).filter(place__startswith=F("organisation__territory__current_code"))
    rows = LeaderInCharge.objects.filter(~Exists(over), until=None, case__status__in=OPEN_STATES)
    rows = rows.filter(case__in=cases_visible_to(user).filter(centre__in=sorted(centres)))
    rows = rows.select_related("case", "leader").order_by("since", "pk")
    return [
        Vacancy(
            "包案领导",
            f"{row.case.code} {row.case.title}",
            row.leader.name,
            reverse("workbench:dossier", args=[row.case.code]),
            "另行指定包案领导",
        )
        for row in rows
    ]
