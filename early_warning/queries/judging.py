"""How rules did: in runs over the past, and by what people decided of their warnings."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from early_warning.lifecycle import State
from early_warning.models import BacktestRun, Warning


@dataclass(frozen=True)
class Judged:
    """What people decided of the warnings of one rule since a day."""

    slug: str
    name: str
    raised: int
    confirmed: int
    dismissed: int

    @property
    def precision(self) -> float | None:
        """Which share of those that were decided was so."""
        decided = self.confirmed + self.dismissed
        return self.confirmed / decided if decided else None


def backtest_runs() -> QuerySet[BacktestRun]:
    """All runs, the latest of each rule first."""
    return BacktestRun.objects.order_by("slug", "-run_at")


def judged_since(moment: datetime) -> list[Judged]:
    """Each rule that raised something since."""
    so, not_so = Q(status__in=(State.CONFIRMED, State.ENDED)), Q(status=State.DISMISSED)
    rows = Warning.objects.filter(raised_at__gte=moment).values("rule__slug", "rule__name")
    counted = rows.annotate(raised=Count("pk"), so=Count("pk", filter=so), not_so=Count("pk", filter=not_so))
    return [
        Judged(row["rule__slug"], row["rule__name"], row["raised"], row["so"], row["not_so"])
        for row in counted.order_by("rule__slug", "rule__name")
    ]
