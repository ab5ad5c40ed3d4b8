"""Whom a warning is told to, and how it reads. It names the kind and the place and nobody: notices stay.

Of what is not red the centre hears of so many new ones a week; the others stand in the list, ranked.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from early_warning.models import Audience, Evidence, Warning
from grids.models import HazardLevel
from grids.queries import centre_above, members_of, people_to_call
from grids.roles import Capability
from intake.deadlines.queries import work_calendar
from intake.sight import readers_among
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import post

KIND = "early_warning"
WEEK = timedelta(days=7)
READ = 20
"""Pieces of evidence that are asked for who may hear of them."""


def notify_of(warning: Warning, *, grown: bool = False) -> None:
    """Tell who should hear; at once what is red, in office hours what is not."""
    is_red = warning.level == HazardLevel.RED
    if not is_red and not grown and _is_enough(warning):
        return
    evidence = list(warning.evidence.select_related("case", "hazard")[:READ])
    opens = None if is_red else work_calendar().next_office_moment(timezone.now())
    post(
        _readers(_audience(warning), evidence),
        KIND,
        title=f"{'预警有新情况' if grown else '预警'}：{_what(warning, evidence)}",
        body=warning.rule.advice,
        link=f"/warnings/{warning.uid}/",
        key=f"warning:{warning.pk}:{warning.version}",
        not_before=opens,
    )


def _what(warning: Warning, evidence: list[Evidence]) -> str:
    """Kind and place; of what stands on restricted cases alone nothing but a number."""
    cases = [row.case for row in evidence if row.case]
    if cases and len(cases) == len(evidence) and all(case.is_restricted for case in cases):
        return str(cases[0].code)
    return f"{warning.get_kind_display()}（{warning.territory.full_name}）"


def _is_enough(warning: Warning) -> bool:
    """Whether the centre heard of so many this week that one more would not be looked at."""
    since = timezone.now() - WEEK
    told = Warning.objects.filter(centre=warning.centre, raised_at__gte=since).exclude(level=HazardLevel.RED)
    return told.exclude(pk=warning.pk).count() >= int(settings.WARNINGS_A_WEEK)


def _audience(warning: Warning) -> list[User]:
    people = {user.pk: user for user in members_of(warning.centre, Capability.NOTIFIED_OF_WARNINGS)}
    above = centre_above(warning.centre)
    reaches_up = warning.rule.audience == Audience.CENTRE_AND_ABOVE or warning.level == HazardLevel.RED or not people
    while above is not None and reaches_up:
        people |= {user.pk: user for user in members_of(above, Capability.NOTIFIED_OF_WARNINGS)}
        above = centre_above(above) if not people or warning.level == HazardLevel.RED else None
    if warning.rule.audience == Audience.CENTRE_AND_GRID:
        people |= {user.pk: user for user in people_to_call(warning.territory)}
    return list(people.values())


def _readers(people: Iterable[User], evidence: Iterable[Evidence]) -> list[User]:
    """Those who may hear of at least one matter that it stands on."""
    asked, found = list(people), dict[int, User]()
    for row in evidence:
        told = asked if row.case is None else readers_among(asked, row.case)
        found |= {user.pk: user for user in told}
    return list(found.values())
