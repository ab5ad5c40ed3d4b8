"""Who serves at an organisation."""

from functools import cache
from typing import Final

from django.db.models import BigIntegerField, Q, QuerySet
from django.utils import timezone

from grids.models import Organisation, Posting
from grids.roles import Capability, roles_with
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import people
from zhongzhi.core.days import today
from zhongzhi.rows.periods import TODAY, in_force
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given

HERE: Final = Given("organisation", BigIntegerField())


def members_of(
    organisation: Organisation | int | Given, *capabilities: Capability, on: Given | None = None
) -> QuerySet[User]:
    """People who serve at an organisation today, or at the one that took it over; with one of these capabilities. `on`
    where the day is given later, as the organisation may be."""
    pk = organisation.pk if isinstance(organisation, Organisation) else organisation
    here = Q(organisation_id=pk) | Q(organisation__predecessors=pk)
    posts = Posting.objects.filter(in_force(on or timezone.localdate()), here)
    if capabilities:
        posts = posts.filter(role__in=roles_with(*capabilities))
    return people().filter(pk__in=posts.values("user_id")).order_by("pk")


def members_with(organisation: Organisation | int, capability: Capability) -> list[User]:
    """The same for those who have one capability, read at once: what most acts ask whom they tell something."""
    pk = organisation.pk if isinstance(organisation, Organisation) else organisation
    return _members_with(capability).read(organisation=pk, day=today())


@cache
def _members_with(capability: Capability) -> RememberedRows[User]:
    return RememberedRows(members_of(HERE, capability, on=TODAY))
