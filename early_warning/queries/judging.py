"""How rules did: in runs over the past, and by what people decided of their warnings."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from early_warning.lifecycle import State
from early_warning.models import BacktestRun, Warning, WarningRule
from zhongzhi.accounts.models import User
from zhongzhi.jobs.models import Job
from zhongzhi.jobs.queries import jobs_of

TRIAL = "early_warning.trial"
"""The kind of job in which a form of a rule is tried."""


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


@dataclass(frozen=True)
class Trial:
    """A form of a rule that is tried or was, beside the form that was in force then; runs are None until they end."""

    job: Job
    now: BacktestRun | None
    tried: BacktestRun | None

    @property
    def window_days(self) -> int:
        """As it was tried."""
        return int(self.job.options["window_days"])

    @property
    def threshold(self) -> int:
        """As it was tried."""
        return int(self.job.options["threshold"])


def trials_of(user: User, slug: str) -> list[Trial]:
    """A person's trials of a rule, the latest first."""
    jobs = list(jobs_of(user, TRIAL).filter(options__slug=slug)[:10])
    runs = BacktestRun.objects.in_bulk([pk for job in jobs for pk in job.result.values()])
    return [Trial(job, runs.get(job.result.get("now", 0)), runs.get(job.result.get("tried", 0))) for job in jobs]


def rule_in_form(rule: WarningRule, window_days: int, threshold: int) -> WarningRule:
    """The rule with other numbers, not saved."""
    other = WarningRule(**{field.attname: getattr(rule, field.attname) for field in WarningRule._meta.concrete_fields})
    other.window_days, other.threshold = window_days, threshold
    return other


def backtest_runs() -> QuerySet[BacktestRun]:
    """All runs with the name of their rule, the latest of each rule first."""
    forms = WarningRule.objects.filter(slug=OuterRef("slug")).order_by("-starts_on")
    return BacktestRun.objects.annotate(name=Subquery(forms.values("name")[:1])).order_by("slug", "-run_at")


def judged_since(moment: datetime) -> list[Judged]:
    """Each rule that raised something since."""
    so, not_so = Q(status__in=(State.CONFIRMED, State.ENDED)), Q(status=State.DISMISSED)
    rows = Warning.objects.filter(raised_at__gte=moment).values("rule__slug", "rule__name")
    counted = rows.annotate(raised=Count("pk"), so=Count("pk", filter=so), not_so=Count("pk", filter=not_so))
    return [
        Judged(row["rule__slug"], row["rule__name"], row["raised"], row["so"], row["not_so"])
        for row in counted.order_by("rule__slug", "rule__name")
    ]
