"""Judge a rule by the past: ask it of every case at the moment it came in, and see what came after its warnings.

What it warns of is that a matter goes bad: red risk, a group, a reopened case, a broken agreement. A matter that went
bad was foreseen when an earlier warning stands on a matter that the rule ties to it, at most 60 days before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from early_warning.detection import OF_CASES, Asked, Found
from early_warning.models import BacktestRun, WarningRule
from early_warning.queries.judging import rule_in_form
from grids.models import Hazard
from intake.lifecycle import Event, State
from intake.models import Case, Risk, Scale, StatusChange
from mediation.models import Instalment

FORESEES = timedelta(days=60)
TOGETHER = 200
"""Cases that are asked about in one go."""
NEW_AGAIN = timedelta(days=90)
"""A warning of the past that did not grow for so long is over; the next sign raises another."""


@dataclass
class Raised:
    """A warning as it would have been."""

    subject: str
    at: datetime
    last: datetime
    cases: set[int] = field(default_factory=set)
    leads: list[int] = field(default_factory=list)


@dataclass
class Past:
    """What a rule would have raised, and what went bad meanwhile."""

    raised: list[Raised] = field(default_factory=list)
    matters: int = 0
    bad: int = 0
    foreseen: int = 0
    live: list[Raised] = field(default_factory=list)
    of_case: dict[int, list[Raised]] = field(default_factory=dict)

    def take(self, one: Asked, tied: set[int], found: Found | None) -> None:
        """One case as it came in: what it was tied to when it went bad, and what the rule found."""
        self.matters += 1
        if len(tied) > 1:
            self.bad += 1
            self.foreseen += self._was_foreseen(tied, one.at)
        if found:
            self._raise(found, one.at)

    def _was_foreseen(self, tied: set[int], moment: datetime) -> bool:
        before = {id(one): one for case in tied for one in self.of_case.get(case, ())}
        early = [one for one in before.values() if timedelta() < moment - one.at <= FORESEES]
        for one in early:
            one.leads.append((moment - one.at).days)
        return bool(early)

    def _raise(self, found: Found, moment: datetime) -> None:
        cases = cases_of(found)
        self.live = [one for one in self.live if moment - one.last <= NEW_AGAIN]
        for one in reversed(self.live):
            if bool(one.cases & cases) if found.by_evidence else one.subject == found.subject:
                one.last = moment
                return self._tie(one, cases)
        fresh = Raised(found.subject, moment, moment)
        self.raised.append(fresh)
        self.live.append(fresh)
        return self._tie(fresh, cases)

    def _tie(self, one: Raised, cases: set[int]) -> None:
        for case in cases - one.cases:
            self.of_case.setdefault(case, []).append(one)
        one.cases |= cases


def backtest_rule(rule: WarningRule, since: date, until: date) -> BacktestRun:
    """Run it over the cases registered in a period, and keep the figures. The rule may be a form that is not saved."""
    looking = LookBack(rule, since, until)
    while looking.look_on():
        pass
    return looking.keep()


class LookBack:
    """A rule asked of every case of a period at the moment it came in, so many cases at a time."""

    def __init__(self, rule: WarningRule, since: date, until: date) -> None:
        """Nothing is asked yet."""
        start, end = (timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in (since, until))
        rows = Case.objects.filter(registered_at__gte=start, registered_at__lt=end)
        rows = rows.exclude(status__in=(State.DRAFT, State.WITHDRAWN)).order_by("registered_at", "pk")
        self.rule, self.since, self.until, self.past = rule, since, until, Past()
        self.keys = list(rows.values_list("pk", flat=True))

    def look_on(self) -> bool:
        """Ask of the next cases; False when all were asked."""
        keys = self.keys[self.past.matters : self.past.matters + TOGETHER]
        rows = with_ends(Case.objects.filter(pk__in=keys)).select_related("territory").in_bulk()
        asked = [Asked(rows[key], rows[key].registered_at or timezone.now()) for key in keys if key in rows]
        found = OF_CASES[self.rule.kind](self.rule, asked) if asked else {}
        tied = _tied(self.rule, [one for one in asked if one.matter.went_bad])  # type: ignore[union-attr]
        for one in asked:
            self.past.take(one, tied.get(one.matter.pk, set()), found.get(one.matter.pk))
        self.past.matters += len(keys) - len(asked)
        return self.past.matters < len(self.keys)

    def keep(self) -> BacktestRun:
        """Write down what came of it."""
        past, rule = self.past, self.rule
        leads = [min(one.leads) for one in past.raised if one.leads]
        return BacktestRun.objects.create(
            slug=rule.slug, window_days=rule.window_days, threshold=rule.threshold, since=self.since,
            until=self.until, matters=past.matters, raised=len(past.raised), right=len(leads), bad=past.bad,
            foreseen=past.foreseen, lead_days=round(median(leads)) if leads else None,
        )  # fmt: skip


def with_ends(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Annotate whether a case went bad."""
    again = StatusChange.objects.filter(case=OuterRef("pk"), event=Event.REOPEN)
    case_of = "obligation__agreement__mediation__case"
    broken = Instalment.objects.filter(**{case_of: OuterRef("pk")}, breached_at__isnull=False)
    went_bad = Q(risk=Risk.RED) | ~Q(scale=Scale.INDIVIDUAL) | Q(Exists(again)) | Q(Exists(broken))
    return rows.annotate(went_bad=went_bad)


def _tied(rule: WarningRule, asked: Sequence[Asked]) -> dict[int, set[int]]:
    """The cases that the rule ties to each of these, with as few as two of them."""
    loose = rule_in_form(rule, rule.window_days, min(2, rule.threshold))
    found = OF_CASES[rule.kind](loose, asked) if asked else {}
    return {key: cases_of(one) for key, one in found.items()}


def cases_of(found: Found) -> set[int]:
    """The cases that it stands on."""
    return {sign.matter.pk for sign in found.signs if not isinstance(sign.matter, Hazard)}
