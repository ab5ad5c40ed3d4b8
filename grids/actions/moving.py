"""What moves along when places are merged: services, beats, posts, organisations, turns of duty."""

from datetime import date

from django.db.models import Q

from grids.actions.beats import stop_coverage
from grids.models import BeatGrid, Organisation, OrganisationKind, Posting, Service, Shift, Territory
from grids.queries import organisations
from zhongzhi.accounts.models import User

REASON = "区划撤并"
Pairs = dict[Territory, Territory]


def move_services(pairs: Pairs, day: date, actor: User) -> int:
    """End what serves at the old places and let it go on at the new ones; how many."""
    old = list(Service.objects.select_for_update().filter(_open(day), territory__in=pairs).order_by("pk"))
    targets = {place.pk: new for place, new in pairs.items()}
    held = set(
        Service.objects.filter(_open(day), territory__in=set(pairs.values())).values_list("person", "kind", "territory")
    )
    new = [_continued(s, targets[s.territory_id or 0], day, actor) for s in old]
    Service.objects.filter(pk__in=[s.pk for s in old], starts_on__lt=day).update(ends_on=day, end_reason=REASON)
    Service.objects.filter(pk__in=[s.pk for s in old], starts_on__gte=day).delete()
    Service.objects.bulk_create([s for s in new if (s.person_id, s.kind, s.territory_id) not in held])
    return len(new)


def move_beats(pairs: Pairs, day: date) -> None:
    """The beat that covered a grid covers the one that takes its place."""
    rows = list(BeatGrid.objects.select_for_update().filter(_open(day), territory__in=pairs).order_by("pk"))
    targets = {place.pk: new for place, new in pairs.items()}
    stop_coverage(rows, day)
    BeatGrid.objects.bulk_create(
        BeatGrid(
            beat_id=row.beat_id,
            territory=targets[row.territory_id],
            starts_on=max(day, row.starts_on),
            ends_on=row.ends_on,
        )
        for row in rows
    )


def move_posts(source: Territory, pairs: Pairs, day: date) -> int:
    """Who served at the retired centre serves at its successor, in the same role; how many."""
    successor = _centre_at(pairs[source])
    if successor is None:
        return 0
    centres = Organisation.objects.filter(kind=OrganisationKind.CENTRE, territory=source, ends_on=None)
    areas = {place.pk: new for place, new in pairs.items()}
    moved = 0
    for post in (
        Posting.objects.select_for_update(of=("self",)).filter(_open(day), organisation__in=centres).order_by("pk")
    ):
        same = Posting.objects.filter(_open(day), user_id=post.user_id, organisation=successor, role=post.role)
        area = areas.get(post.area_id or 0)
        if not same.exists():
            Posting.objects.create(
                user_id=post.user_id, organisation=successor, role=post.role, area=area, title=post.title, starts_on=day
            )
            moved += 1
        _end_post(post, day)
    return moved


def move_organisations(source: Territory, pairs: Pairs, day: date) -> None:
    """The retired centre names its successor; all other organisations, party groups too, go along with their place."""
    successor = _centre_at(pairs[source])
    if successor is not None:
        for centre in Organisation.objects.filter(kind=OrganisationKind.CENTRE, territory=source, ends_on=None):
            centre.ends_on, centre.successor = day, successor
            centre.save(update_fields=["ends_on", "successor"])
            Organisation.objects.filter(successor=centre).update(successor=successor)
            Shift.objects.filter(organisation=centre, ends_at__date__gte=day).update(organisation=successor)
    for old, new in pairs.items():
        Organisation.objects.filter(territory=old, ends_on=None).update(territory=new)


def _centre_at(place: Territory) -> Organisation | None:
    return organisations().filter(kind=OrganisationKind.CENTRE, territory=place).first()


def _open(day: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gt=day)


def _continued(service: Service, place: Territory, day: date, actor: User) -> Service:
    columns = ("person_id", "kind", "organisation_id", "title", "households", "households_note", "ends_on")
    facts = {name: getattr(service, name) for name in columns}
    return Service(**facts, territory=place, starts_on=max(day, service.starts_on), created_by=actor)


def _end_post(post: Posting, day: date) -> None:
    if post.starts_on >= day:
        post.delete()
    else:
        post.ends_on = day
        post.save(update_fields=["ends_on"])
