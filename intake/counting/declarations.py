"""How a thing that is counted is declared: the measure, and the table whose rows it counts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Model, Q
from django.utils import timezone

AT_TERRITORY = "JOIN grids_territory place ON place.id = {table}.territory_id"
AT_CASE = "JOIN {cases} counted_case ON counted_case.id = {table}.case_id"
PLACE_OF_CASE = "JOIN grids_territory place ON place.id = counted_case.territory_id"


@dataclass(frozen=True)
class Measure:
    """One thing that is counted: the rows of `where`, dated by `moment`; a stock, without a moment, is as of now.
    `by_day` says that the moment is a day and no point of time; `unit` is the word that counts such rows."""

    name: str
    label: str
    definition: str
    where: Q
    moment: str = ""
    axes: tuple[str, ...] = ()
    by_day: bool = False
    unit: str = "件"

    def rows(self, start: date | None, end: date | None) -> Q:
        """The rows that count in a period, both days included."""
        if not self.moment or start is None or end is None:
            return self.where
        if self.by_day:
            return self.where & Q(**{f"{self.moment}__range": (start, end)})
        return self.where & Q(
            **{f"{self.moment}__gte": midnight(start), f"{self.moment}__lt": midnight(end + timedelta(days=1))}
        )


def midnight(day: date) -> datetime:
    """The first moment of a day, in the office's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Source:
    """A table whose rows are counted. `joins` leads from it to the territory `place`, in SQL; one that goes through
    the case names it `{cases}`, and is counted at the new place when the case moves."""

    model: type[Model]
    measures: tuple[Measure, ...]
    joins: str = AT_TERRITORY

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.model._meta.db_table)

    @property
    def follows_case(self) -> bool:
        """Whether the place is that of the case."""
        return "{cases}" in self.joins

    def joined(self, cases: str) -> str:
        """The joins, with the rows of the cases."""
        return self.joins.format(table=self.table, cases=cases)
