"""What the report on risks of a place says: warnings by kind and place, cases at risk, the gravest matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from early_warning.queries import WarningView, ranked, views_of, warnings_visible_to
from early_warning.queries.totals import KindTotal, live_in, totals_by_kind, totals_by_place
from grids.models import Territory
from grids.queries import places_of_level
from intake.coordination.queries import AtRisk, at_risk_by_place
from zhongzhi.accounts.models import User

MOST = 20
NEXT_LEVEL = {6: 9, 9: 12}


@dataclass(frozen=True)
class PlaceRisk:
    """One place below: warnings of the period, and its open cases at risk."""

    name: str
    warnings: int
    cases: AtRisk


@dataclass(frozen=True)
class Risks:
    """The report's matter, as one reader sees it."""

    place: Territory
    at: datetime
    days: int
    kinds: Sequence[KindTotal]
    places: Sequence[PlaceRisk]
    gravest: Sequence[WarningView]


def risks_of(user: User, place: Territory, days: int) -> Risks:
    """Counts of the whole place; matters as far as they are in the reader's sight."""
    now = timezone.now()
    since = now - timedelta(days=days)
    length = NEXT_LEVEL.get(len(place.current_code), 12)
    warned, cases = totals_by_place(place, since, length), at_risk_by_place(place, since, length)
    codes = {one.code: one.name for one in places_of_level(place, length)}
    below = [PlaceRisk(name, warned.get(code, 0), cases.get(code, AtRisk())) for code, name in codes.items()]
    live = list(ranked(live_in(warnings_visible_to(user), place))[:MOST])
    return Risks(place, now, days, totals_by_kind(place, since), below, views_of(user, live, most=2))
