"""What waits for a person's organisations: the lists that the day's work is made of.

Each asks sight for the cases that these organisations lead or handle, which is less to ask than for all in sight.
"""

from collections.abc import Collection

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from grids.list_heads import with_head
from grids.queries import posts_of_others
from grids.roles import Capability
from grids.scope import scope_of
from intake.deadlines.models import Clock, ClockKind, ExtensionRequest
from intake.lifecycle import Event, State
from intake.models import Case, ReturnRequest, StatusChange
from intake.queries.cases import BY_DUE, all_for_lists
from intake.queries.related_cases import hung_up
from intake.sight import handled_in_sight, led_in_sight
from zhongzhi.accounts.models import User
from zhongzhi.core.days import today
from zhongzhi.rows.arrays import among
from zhongzhi.web.lists import MOST_COUNTED


def cases_to_triage(user: User) -> QuerySet[Case]:
    """Registered at one's centres and not yet sorted."""
    return _at_my_centres(user, State.REGISTERED)


def cases_to_dispatch(user: User) -> QuerySet[Case]:
    """Accepted at one's centres and in nobody's hands."""
    return _at_my_centres(user, State.ACCEPTED)


def cases_to_review(user: User) -> QuerySet[Case]:
    """Reported as done, waiting for the centre's review; what one reported oneself is reviewed by others there."""
    steps = StatusChange.objects.filter(case=OuterRef("pk"), event=Event.CONCLUDE).order_by("-pk")
    others = posts_of_others(user, Capability.CLOSE).filter(organisation=OuterRef("centre"))
    rows = _at_my_centres(user, State.CONCLUDED).alias(reporter=Subquery(steps.values("actor")[:1]))
    return rows.exclude(Q(reporter=user.pk) & Exists(others))


def cases_to_sign(user: User) -> QuerySet[Case]:
    """Handed to one's organisations, as lead or co-handler, and not yet signed for."""
    return _in_my_hands(user, signed=False)


def cases_in_hand(user: User) -> QuerySet[Case]:
    """Being handled by one's organisations: as lead, co-handler, or as the former holder that supports (属地配合)."""
    return _in_my_hands(user, signed=True)


def cases_entrusted_to(user: User) -> QuerySet[Case]:
    """Of those one's organisations handle the cases that one works on oneself: given by a colleague, or signed for."""
    minded = Q(clerk=user) | Q(clerk=None, signed_by=user)
    return _handled(user, minded & Q(signed_at__isnull=False)).order_by(*BY_DUE)


def cases_to_decide(user: User) -> QuerySet[Case]:
    """Of one's centres: those with a return or an extension that was asked for and not decided."""
    returns = ReturnRequest.objects.filter(granted__isnull=True).values("handling__case_id")
    extensions = ExtensionRequest.objects.filter(granted__isnull=True).values("clock__case_id")
    return _led(user).filter(pk__in=returns.union(extensions)).order_by(*BY_DUE)


def with_open_return(keys: Collection[int]) -> set[int]:
    """Of these cases those whose return was asked for and is not decided; nothing is asked for no keys."""
    if not keys:
        return set()
    rows = ReturnRequest.objects.filter(granted__isnull=True, handling__case_id__in=keys)
    return set(rows.values_list("handling__case_id", flat=True))


def open_list_for_review(user: User) -> QuerySet[Case]:
    """Of one's own centres: those whose day of review has come."""
    due = hung_up(_led(user)).filter(review_on__lte=today())  # type: ignore[misc]
    return due.order_by(F("review_on"), "id")


def _first_to_follow_up(user: User) -> QuerySet[Case]:
    """The nearest of them, half as many again as are counted: where some are closed to the person, enough are left."""
    nearest = _follow_up_limits(user).order_by("due_at").values("case_id")[: MOST_COUNTED * 3 // 2]
    return cases_to_follow_up(user).filter(among("pk", nearest))


@with_head(_first_to_follow_up)
def cases_to_follow_up(user: User) -> QuerySet[Case]:
    """Of one's own centres: closed and not yet followed up, the nearest limit first."""
    limit = Q(clocks__kind=ClockKind.FOLLOW_UP, clocks__stopped_at=None)
    rows = _led(user).filter(status=State.CLOSED).alias(awaited=FilteredRelation("clocks", condition=limit))
    rows = rows.filter(awaited__organisation__in=sorted(scope_of(user).organisation_ids))
    return rows.annotate(next_due=F("awaited__due_at")).order_by("next_due", "id")


def _follow_up_limits(user: User) -> QuerySet[Clock]:
    """The limits of following up that run for one's own centres."""
    centres = sorted(scope_of(user).organisation_ids)
    return Clock.objects.filter(kind=ClockKind.FOLLOW_UP, stopped_at=None, organisation_id__in=centres)


def _at_my_centres(user: User, state: State) -> QuerySet[Case]:
    return _led(user).filter(status=state).order_by(*BY_DUE)


def _in_my_hands(user: User, *, signed: bool) -> QuerySet[Case]:
    return _handled(user, Q(signed_at__isnull=not signed)).order_by(*BY_DUE)


def _handled(user: User, handlings: Q) -> QuerySet[Case]:
    open_ones = handled_in_sight(user, handlings & Q(closed_at__isnull=True))
    return all_for_lists().filter(open_ones, status__in=(State.DISPATCHED, State.HANDLING))


def _led(user: User) -> QuerySet[Case]:
    return all_for_lists().filter(led_in_sight(user))
