"""Which standard texts and macros a person uses."""

from functools import cache

from django.db.models import Q, QuerySet

from grids.scope import scope_of
from intake.available_actions import ACTS
from intake.models import Case
from referrals.available_actions import CASE_ACTS
from workbench.models import StandardText
from workbench.panels import offers_of
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem


def standard_texts(user: User) -> QuerySet[StandardText]:
    """One's own, and those that colleagues share with one's organisations, by name."""
    shared = Q(shared_with__in=sorted(scope_of(user).organisation_ids))
    return StandardText.objects.filter(Q(user=user) | shared).select_related("user", "shared_with").order_by("name")


@cache
def acts_of_cases() -> dict[str, str]:
    """The acts whose dialogs may be kept as macros, with their words."""
    return {act.name: act.label for table in (ACTS, CASE_ACTS) for act in table if act.takes is not None or act.asks}


def macros_for(user: User, case: Case) -> list[tuple[StandardText, MenuItem]]:
    """The macros whose act this person may do with the case now, each with the offer that opens it."""
    offers = {offer.address.rstrip("/").rsplit("/acts/", 1)[-1]: offer for offer in offers_of(user, case)}
    rows = standard_texts(user).filter(act__in=offers)
    return [(row, offers[row.act]) for row in rows]
