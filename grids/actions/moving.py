"""What ends with a place that is retired, and what moves along when places are merged: services, beats, posts,
organisations, turns of duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from grids.actions.accounts import follow_end
from grids.actions.beats import stop_coverage
from grids.models import BeatGrid, Organisation, OrganisationKind, Posting, Service, Shift, Territory
from grids.queries import organisations
from zhongzhi.accounts.models import User
from zhongzhi.rows.periods import not_over

REASON = "区划撤并"
Pairs = dict[Territory, Territory]


@dataclass(frozen=True)
class Ended:
    """What served at places until they were retired, as it stood before."""

    services: list[Service]
    coverage: list[BeatGrid]
    turns: int

    def facts(self) -> dict[str, int]:
        """How much it was, for the trail."""
        return {"services": len(self.services), "coverage": len(self.coverage), "turns": self.turns}


def end_work_at(places: Iterable[Territory], day: date, reason: str) -> Ended:
    """End on a day what serves at places that are retired then: services, coverage by beats, turns of duty ahead.

    What would only begin on that day or later never was.
    """
    places = list(places)
    services = Service.objects.select_for_update(of=("self",)).select_related("person__user", "territory")
    old = list(services.filter(not_over(day), territory__in=places).order_by("pk"))
    Service.objects.filter(pk__in=[s.pk for s in old], starts_on__lt=day).update(ends_on=day, end_reason=reason)
    Service.objects.filter(pk__in=[s.pk for s in old], starts_on__gte=day).delete()
    coverage = list(BeatGrid.objects.select_for_update().filter(not_over(day), territory__in=places).order_by("pk"))
    stop_coverage(coverage, day)
    midnight = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    ahead = Shift.objects.filter(territory__in=places, starts_at__gte=max(midnight, timezone.now()))
    return Ended(old, coverage, ahead.delete()[0])


def end_posts_at(ended: Ended, place: Territory, day: date) -> None:
    """Who served at a retired place and serves in no other grid of the village keeps no post of a grid worker."""
    for service in ended.services:
        service.ends_on = day
        follow_end(service)
    for post in Posting.objects.select_for_update().filter(not_over(day), area=place).order_by("pk"):
        _end_post(post, day)


def move_work(pairs: Pairs, day: date, actor: User) -> int:
    """What serves at the old places ends there and goes on at the new ones; how many services."""
    for old, new in pairs.items():
        Shift.objects.filter(territory=old, ends_at__gt=timezone.now()).update(territory=new)
    ended, targets = end_work_at(pairs, day, REASON), {place.pk: new for place, new in pairs.items()}
    held = set(
        Service.objects.filter(not_over(day), territory__in=set(pairs.values())).values_list(
            "person", "kind", "territory"
        )
    )
    new_ones = [_continued(s, targets[s.territory_id or 0], day, actor) for s in ended.services]
    Service.objects.bulk_create([s for s in new_ones if (s.person_id, s.kind, s.territory_id) not in held])
    BeatGrid.objects.bulk_create(
        BeatGrid(
            beat_id=row.beat_id,
            territory=targets[row.territory_id],
            starts_on=max(day, row.starts_on),
            ends_on=row.ends_on,
        )
        for row in ended.coverage
    )
    return len(new_ones)


def move_posts(source: Territory, pairs: Pairs, day: date) -> int:
    """Who served at the retired centre serves at its successor, in the same role; how many."""
    successor = _centre_at(pairs[source])
    if successor is None:
        return 0
    centres = Organisation.objects.filter(kind=OrganisationKind.CENTRE, territory=source, ends_on=None)
    areas = {place.pk: new for place, new in pairs.items()}
    moved = 0
    for post in (
        Posting.objects.select_for_update(of=("self",)).filter(not_over(day), organisation__in=centres).order_by("pk")
    ):
        same = Posting.objects.filter(not_over(day), user_id=post.user_id, organisation=successor, role=post.role)
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
