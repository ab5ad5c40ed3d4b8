"""Reads of notes on the work, mentions and directions."""

from django.db.models import F, Min, OuterRef, QuerySet, Subquery

from grids.models import Organisation
from grids.queries import members_with, organisations
from grids.roles import Capability
from grids.scope import scope_of
from intake.lifecycle import OPEN_STATES
from intake.models import Case, Direction, Mention
from intake.queries.cases import cases_for_list
from intake.sight import readers_among
from zhongzhi.accounts.models import User


def organisations_on(case: Case) -> list[Organisation]:
    """Who answers for a case, holds it or works on it now."""
    handled = case.handlings.filter(closed_at__isnull=True).values_list("organisation_id", flat=True)
    known = [pk for pk in (case.centre_id, case.holder_id, *handled) if pk is not None]
    return list(organisations().filter(pk__in=known).order_by("pk"))


def people_on(case: Case) -> list[User]:
    """Those who work at these organisations and may be told of the case."""
    found: dict[int, User] = {}
    for organisation in organisations_on(case):
        found |= {person.pk: person for person in members_with(organisation, Capability.HANDLE)}
    return readers_among(found.values(), case)


def open_directions_of(case: Case) -> list[Direction]:
    """Directions on a case that wait for their answer, the first first."""
    return list(case.directions.filter(answered_at__isnull=True).select_related("organisation", "leader"))


def has_unread_mentions(user: User, case: Case) -> bool:
    """Whether a note of the case asks the person to read it."""
    return case.work_notes.filter(mentions__user=user, mentions__read_at=None).exists()


def cases_with_directions(user: User) -> QuerySet[Case]:
    """Open cases with a direction that one's organisations have to answer, the first due first."""
    here = [p.organisation_id for p in scope_of(user).posts_with(Capability.HANDLE)]
    rows = Direction.objects.filter(organisation_id__in=here, answered_at=None)
    due = rows.filter(case=OuterRef("pk")).values("case").annotate(first=Min("due_on")).values("first")
    cases = cases_for_list(user).filter(pk__in=rows.values("case"), status__in=OPEN_STATES)
    return cases.annotate(direction_due=Subquery(due)).order_by(F("direction_due").asc(nulls_last=True), "id")


def cases_that_mention(user: User) -> QuerySet[Case]:
    """Cases in sight with a note that the person is asked to read, the latest first."""
    notes = Mention.objects.filter(user=user, read_at=None).values("note__case")
    return cases_for_list(user).filter(pk__in=notes).order_by("-id")
