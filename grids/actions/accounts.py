"""One entry, not two: who works in a grid and has an account gets the post of a grid worker with the service."""

from grids.actions.postings import end_posting, post_person
from grids.models import GRID_WORK, Posting, Service
from grids.queries import centre_of
from grids.roles import POST_OF_GRID_WORK
from zhongzhi.accounts.models import User
from zhongzhi.rows.periods import not_over


def follow_start(service: Service, *, actor: User | None) -> None:
    """Post the account at the centre of the grid's village, where it has no such post yet."""
    user, place = service.person.user, service.territory
    if user is None or place is None or service.kind not in GRID_WORK:
        return
    centre = centre_of(place)
    held = Posting.objects.filter(not_over(service.starts_on), user=user)
    if not held.filter(organisation=centre, role=POST_OF_GRID_WORK).exists():
        title = service.get_kind_display()
        post_person(user, centre, POST_OF_GRID_WORK, starts_on=service.starts_on, title=title, actor=actor)


def follow_end(service: Service) -> None:
    """End the post of a grid worker with the last service that it stands on; one that is open keeps it."""
    user, place, day = service.person.user, service.territory, service.ends_on
    if user is None or place is None or day is None or service.kind not in GRID_WORK:
        return
    centre = centre_of(place)
    others = Service.objects.filter(not_over(day), person=service.person, kind__in=GRID_WORK).exclude(pk=service.pk)
    beside = [o.ends_on for o in others.select_related("territory") if o.territory and centre_of(o.territory) == centre]
    ends = [end for end in beside if end is not None]
    if len(ends) < len(beside):
        return
    last = max([day, *ends])
    posts = Posting.objects.filter(not_over(last), user=user, organisation=centre, role=POST_OF_GRID_WORK)
    for posting in posts.filter(starts_on__lt=last):
        end_posting(posting, ends_on=last)
