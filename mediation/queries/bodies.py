"""Who mediates: bodies with their rooms, mediators and history, as those see them whom they concern."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from grids.models import Level, Organisation, OrganisationKind, Territory
from grids.queries import county_of, open_territories, organisations
from grids.scope import scope_of
from intake.queries.categories import category_names
from mediation.lifecycle import OPEN_STATES
from mediation.models import Body, Mediator, Recusal, Room, Team
from mediation.permissions import may_set_up_bodies
from mediation.queries.visibility import mediations_in_sight
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

RECUSALS = 20
NO_BODIES = (OrganisationKind.CENTRE, OrganisationKind.PARTY_GROUP, OrganisationKind.PROCURATORATE)


@dataclass(frozen=True)
class BodyPage:
    """What the page of a body shows."""

    body: Body
    in_office: list[Mediator]
    former: list[Mediator]
    rooms: list[Room]
    recusals: list[Recusal]
    in_hand: int


def body_page(user: User, pk: int) -> BodyPage:
    """A body in sight, whole; NotFound else. A fixed number of queries."""
    body = body_visible_to(user, pk)
    names = category_names()
    people = list(body.mediators.select_related("user").annotate(in_hand=_open_ones("mediations__")))
    for mediator in people:
        mediator.body = body
        mediator.good_at = "、".join(names[c] for c in mediator.specialities if c in names)  # type: ignore[attr-defined]
    recusals = Recusal.objects.filter(mediator__body=body, mediation__in=mediations_in_sight(user))
    return BodyPage(
        body=body,
        in_office=[m for m in people if m.ends_on is None],
        former=[m for m in people if m.ends_on is not None],
        rooms=list(body.rooms.order_by("-is_active", "name")),
        recusals=list(recusals.select_related("mediator", "mediation__case").order_by("-pk")[:RECUSALS]),
        in_hand=body.mediations.filter(status__in=OPEN_STATES).count(),
    )


def bodies_visible_to(user: User) -> QuerySet[Body]:
    """Mediating bodies of one's territory, one's own organisations, and those of the hall above; ended ones too."""
    scope = scope_of(user)
    places = {(p.organisation.territory.current_code, county_of(p.organisation)) for p in scope.postings}
    near = Q(pk__in=[])
    for code, county in places:
        near |= Q(organisation__territory__current_code__startswith=code) | Q(organisation__territory__code=county)
    rows = Body.objects.filter(near).select_related("organisation__territory")
    return rows.prefetch_related("rooms", "mediators").order_by("organisation__territory__code", "pk")


def bodies_for_list(user: User, *, ended: bool = False) -> QuerySet[Body]:
    """Bodies in sight that mediate, or those that were ended; with the mediators in office."""
    here = Mediator.objects.filter(ends_on__isnull=True)
    rows = bodies_visible_to(user).prefetch_related(None).filter(ends_on__isnull=not ended)
    return rows.prefetch_related("rooms", Prefetch("mediators", here, to_attr="in_office"))


def body_visible_to(user: User, pk: int) -> Body:
    """One body; NotFound else."""
    row = bodies_visible_to(user).prefetch_related(None).filter(pk=pk).first()
    if row is None:
        raise NotFound("没有这个调解组织，或者它不在您的查看范围内。")
    return row


def mediator_visible_to(user: User, pk: int) -> Mediator:
    """One mediator of a body in sight; NotFound else."""
    rows = Mediator.objects.filter(body__in=bodies_visible_to(user).prefetch_related(None), pk=pk)
    row = rows.select_related("body__organisation__territory", "user").annotate(in_hand=_open_ones("mediations__"))
    found = row.first()
    if found is None:
        raise NotFound("没有这位调解员，或者不在您的查看范围内。")
    return found


def room_visible_to(user: User, pk: int) -> Room:
    """One room of a body in sight; NotFound else."""
    rows = Room.objects.filter(body__in=bodies_visible_to(user).prefetch_related(None), pk=pk)
    found = rows.select_related("body__organisation__territory").first()
    if found is None:
        raise NotFound("没有这间调解室，或者不在您的查看范围内。")
    return found


def team_visible_to(user: User, pk: int) -> Team:
    """A team template; the same for everyone."""
    found = all_teams().filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这个联动调解模式。")
    return found


def all_teams() -> QuerySet[Team]:
    """Team templates, those in use first."""
    return Team.objects.order_by("-is_active", "pk")


def could_mediate(user: User) -> list[Organisation]:
    """Organisations that the person may let mediate and that do not yet, by kind."""
    rows = (
        organisations()
        .exclude(kind__in=NO_BODIES)
        .exclude(mediation_body__ends_on__isnull=True, mediation_body__isnull=False)
    )
    found = rows.filter(_below(user, "territory__")).order_by("kind", "territory__code", "name")
    return [row for row in found if may_set_up_bodies(user, row.territory)]


def places_of_bodies(user: User) -> list[Territory]:
    """The county, towns and villages whose bodies the person may set up."""
    rows = open_territories().filter(_below(user, ""), level__lte=Level.VILLAGE).order_by("code")
    return [row for row in rows if may_set_up_bodies(user, row)]


def _below(user: User, prefix: str) -> Q:
    within = Q(pk__in=[])
    for posting in scope_of(user).postings:
        within |= Q(**{f"{prefix}current_code__startswith": posting.organisation.territory.current_code})
    return within


def _open_ones(prefix: str) -> Count:
    return Count("mediations", filter=Q(**{f"{prefix}status__in": OPEN_STATES}), distinct=True)
