"""The board of one organisation: what it concluded, how well, what it holds and is late with."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from grids.models import Organisation
from intake.counting import queries as counting_queries
from intake.counting.queries import Slice
from intake.deadlines import queries as deadlines_queries
from workbench.statistics.definitions import Figure, Part
from workbench.statistics.periods import Period
from workbench.statistics.values import Value, value_of


@dataclass(frozen=True)
class OrganisationBoard:
    """What the page shows."""

    period: Period
    at: datetime
    values: list[Value]
    overdue: int
    overdue_link: str


def organisation_board(organisation: Organisation, period: Period) -> OrganisationBoard:
    """Read it: a fixed number of queries, one moment."""
    of, earlier = (Slice("", *days) for days in ((period.start, period.end), (period.before_start, period.before_end)))
    with counting_queries.one_moment():
        at = timezone.now()
        counts, before = counting_queries.counts(of), counting_queries.counts(earlier)
        overdue = deadlines_queries.overdue_cases_of("")[1].get(organisation.pk, 0)
    values = [value_of(figure, of, counts, before, {}) for figure in _figures(str(organisation.pk))]
    link = f"{reverse('workbench:figure_cases')}?measure=overdue&key={organisation.pk}"
    return OrganisationBoard(period, at, values, overdue, link)


def _figures(key: str) -> list[Figure]:
    def part(measure: str) -> Part:
        return Part(measure, "organisation", (key,))

    concluded = part("concluded")
    held = Part("open", "holder", (key,))
    return [
        Figure("open", "手上在办", "此刻由本单位办理、尚未办结的案件", held),
        Figure("concluded", "办理完成数", "期内由本单位反馈办理结果的案件", concluded),
        Figure("resolved", "化解数", "其中结果为化解的", part("resolved"), more_is_better=True),
        Figure(
            "resolution_concluded",
            "化解率",
            "化解数 ÷ 办理完成数",
            part("resolved"),
            concluded,
            "%",
            more_is_better=True,
        ),
        Figure(
            "in_time", "按期办结率", "按期办理完成数 ÷ 办理完成数", part("in_time"), concluded, "%", more_is_better=True
        ),
        Figure(
            "satisfaction",
            "群众满意率",
            "评价 4、5 分 ÷ 有评价",
            part("satisfied"),
            part("rated"),
            "%",
            more_is_better=True,
        ),
    ]
