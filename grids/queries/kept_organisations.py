"""Organisations as those see them who keep them: with the ended ones, and how many people can sign in there."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from grids.models import Level, Organisation, OrganisationKind, Territory
from grids.queries.former_names import organisations_called, places_called
from grids.queries.places import current
from grids.roles import Capability
from grids.scope import scope_of
from zhongzhi.accounts.models import User, UserKind
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.periods import in_force
from zhongzhi.web.finding import holds


def organisations_kept_by(user: User) -> QuerySet[Organisation]:
    """Those of the places where the person keeps organisations, ended ones too; `people` are who can sign in there."""
    works = in_force(timezone.localdate(), "postings__") & Q(
        postings__user__is_active=True, postings__user__kind=UserKind.PERSON
    )
    rows = Organisation.objects.filter(_below(user)).select_related("territory", "successor")
    counted = rows.annotate(people=Count("postings__user", filter=works, distinct=True))
    return counted.order_by("territory__current_code", "kind", "name")


def organisations_without_people(user: User) -> QuerySet[Organisation]:
    """Those in use in which nobody can sign in."""
    return organisations_kept_by(user).filter(ends_on=None).exclude(people__gt=0)  # type: ignore[misc]  # annotated


def organisations_named(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Those whose name, an old one too, or whose place holds the text; all without one."""
    if not text:
        return rows
    there = Q(pk__in=organisations_called(Organisation.objects.all(), text).values("pk"))
    return rows.filter(there | holds(text, "territory__full_name"))


def places_kept_by(user: User, text: str) -> QuerySet[Territory]:
    """Places from the county to the villages that are named so, where the person keeps organisations."""
    return Territory.objects.filter(
        current(), places_called(text), _below(user, ""), level__lte=Level.VILLAGE
    ).order_by("code")


def organisation_kept_by(user: User, pk: int) -> Organisation:
    """One of them; NotFound else."""
    row = organisations_kept_by(user).filter(pk=pk).first()
    if row is None:
        raise NotFound("没有找到这个机构。")
    return row


def counties_kept_by(user: User) -> QuerySet[Territory]:
    """The counties among the places where the person keeps organisations."""
    return Territory.objects.filter(current(), _below(user, ""), level=Level.COUNTY).order_by("code")


def towns_without_centre(county: Territory) -> QuerySet[Territory]:
    """Towns in force of a county that have no centre."""
    centre = Organisation.objects.filter(territory=OuterRef("pk"), kind=OrganisationKind.CENTRE, ends_on=None)
    towns = Territory.objects.filter(current(), level=Level.TOWN, parent=county)
    return towns.filter(~Exists(centre)).order_by("code")


def organisation_to_change(pk: int) -> Organisation:
    """An organisation, locked; NotFound for none."""
    row = Organisation.objects.select_for_update(of=("self",)).select_related("territory").filter(pk=pk).first()
    if row is None:
        raise NotFound("没有找到这个机构。")
    return row


def _below(user: User, prefix: str = "territory__") -> Q:
    found = Q(pk__in=[])
    for post in scope_of(user).posts_with(Capability.KEEP_ORGANISATIONS):
        found |= Q(**{f"{prefix}current_code__startswith": post.organisation.territory.current_code})
    return found
