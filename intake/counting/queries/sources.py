"""Whose rows are counted: cases, hazards, and what the apps above add to them, all by the same roll-ups."""

from dataclasses import dataclass

from django.db.models import Model

from grids.models import Hazard
from grids.queries import FOUND, SETTLED
from intake.counting.queries.measures import CASE_MEASURES, MEASURES, Measure
from intake.models import Case

AT_TERRITORY = "JOIN grids_territory place ON place.id = {table}.territory_id"
AT_CASE = "JOIN {cases} counted_case ON counted_case.id = {table}.case_id"
PLACE_OF_CASE = "JOIN grids_territory place ON place.id = counted_case.territory_id"


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


SOURCES: list[Source] = []


def count_also(source: Source) -> None:
    """Have the rows of a table counted; said once, when the program starts. `load_measures` makes it so."""
    if source not in SOURCES:
        SOURCES.append(source)
        MEASURES.update({measure.name: measure for measure in source.measures})


def model_of(measure: Measure) -> type[Model]:
    """Whose rows a measure counts."""
    return next(source.model for source in SOURCES if measure in source.measures)


count_also(Source(Case, CASE_MEASURES))
count_also(
    Source(
        Hazard,
        (
            Measure("hazards", "隐患排查数", "期内发现的矛盾纠纷和治安风险隐患", FOUND, "found_at", unit="条"),
            Measure(
                "hazards_settled",
                "隐患处置数",
                "期内发现的隐患中，已就地化解或已转为案件办理的",
                SETTLED,
                "found_at",
                unit="条",
            ),
        ),
    )
)
