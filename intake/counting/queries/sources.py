"""Whose rows are counted: cases, hazards, and what the apps above add to them, all by the same roll-ups."""

from django.db.models import Model, Q

from grids.models import Hazard
from grids.queries import FOUND, SETTLED
from intake.counting.declarations import AT_CASE, PLACE_OF_CASE, Measure, Source
from intake.counting.queries.measures import CASE_MEASURES
from intake.extension_points import counted_sources
from intake.models import Case, CasePlace, Guidance, GuidanceEnd

OWN = (
    Source(Case, CASE_MEASURES),
    Source(
        Guidance,
        (
            Measure("guided", "导引数", "期内导引、转送、不予受理告知的案件，一次算一件", ~Q(way=""), "guided_at"),
            Measure(
                "guided_arrived",
                "导引到位数",
                "期内导引的案件中，接收单位已接收的",
                Q(end=GuidanceEnd.ARRIVED),
                "guided_at",
            ),
        ),
        f"{AT_CASE} {PLACE_OF_CASE}",
    ),
    Source(
        CasePlace,
        (
            Measure(
                "concerned",
                "涉及数",
                "期内登记、由其他地方牵头而涉及本地的案件；只在牵头的地方计入受理数等，涉及几处的各处各计一次",
                Q(noted_at__isnull=False),
                "noted_at",
            ),
        ),
    ),
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
    ),
)


def all_sources() -> tuple[Source, ...]:
    """Every table whose rows are counted; `load_measures` makes the database count them."""
    return (*OWN, *counted_sources)


def all_measures() -> dict[str, Measure]:
    """Every measure by its name."""
    return {measure.name: measure for source in all_sources() for measure in source.measures}


def model_of(measure: Measure) -> type[Model]:
    """Whose rows a measure counts."""
    return next(source.model for source in all_sources() if measure in source.measures)
