"""What a leader sees first: four figures of the year, where it is stuck, and what needs a leader now."""

from dataclasses import dataclass

from django.utils import timezone

from grids.models import Level, Territory
from grids.queries import organisations_by_id, territory_of
from grids.roles import Capability
from grids.scope import scope_of
from intake.counting import queries as counting_queries
from intake.counting.queries import Slice
from intake.deadlines import queries as deadlines_queries
from intake.models import Risk
from workbench.statistics.definitions import FIGURES, Part
from workbench.statistics.headline import headline
from workbench.statistics.periods import Period, preset
from workbench.statistics.permissions import places_of
from workbench.statistics.values import Value, link_to, value_of
from zhongzhi.accounts.models import User

SHOWN = 6


@dataclass(frozen=True)
class Glance:
    """The year of one's place at a glance, and who is late in it."""

    place: Territory
    period: Period
    values: list[Value]
    overdue: int
    red: int
    red_link: str
    late: list[tuple[int, str, int]]


def glance_of(user: User) -> Glance | None:
    """For leaders and managers with a place of their own; None for everybody else. A fixed number of queries."""
    places = places_of(user)
    if not places or not scope_of(user).may(Capability.READ_GLANCE):
        return None
    return at_a_glance(territory_of(places[0]))


def at_a_glance(place: Territory) -> Glance:
    """The year of a place."""
    period = preset("year", timezone.localdate())
    of = Slice(place.code, period.start, period.end)
    counts, before = counting_queries.counts_together(of, Slice(place.code, period.before_start, period.before_end))
    overdue, late = deadlines_queries.overdue_cases_of(place.code)
    leads = headline()
    second = leads.towns if len(place.code) <= Level.COUNTY else "accepted"
    names = (leads.rate, second, "in_time", "satisfaction")
    red = Part("open", "risk", (Risk.RED,))
    return Glance(
        place=place,
        period=period,
        values=[value_of(FIGURES[name], of, counts, before, {}) for name in names],
        overdue=overdue,
        red=red.count(counts),
        red_link=link_to(red, of),
        late=_latest(late),
    )


def _latest(late: dict[int, int]) -> list[tuple[int, str, int]]:
    """The organisations that are late with most, by name."""
    worst = sorted(late.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    names = organisations_by_id({pk for pk, _ in worst})
    return [(pk, names[pk], number) for pk, number in worst]
