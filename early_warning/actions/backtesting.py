"""Judge a rule by the past: ask it of every case at the moment it came in, and see what came after its warnings.

What it warns of is that a matter goes bad: red risk, a group, a reopened case, a broken agreement. A matter that went
bad was foreseen when an earlier warning stands on a matter that the rule ties to it, at most 60 days before.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from early_warning.detection import OF_CASES, Found
from early_warning.models import BacktestRun, WarningRule
from grids.models import Hazard
from intake.lifecycle import Event, State
from intake.models import Case, Risk, Scale, StatusChange
from mediation.models import Instalment

FORESEES = timedelta(days=60)
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


def backtest_rule(rule: WarningRule, since: date, until: date) -> BacktestRun:
    """Run it over the cases registered in a period, and keep the figures. The rule may be a form that is not saved."""
    start, end = (timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in (since, until))
    rows = Case.objects.filter(registered_at__gte=start, registered_at__lt=end)
    rows = rows.exclude(status__in=(State.DRAFT, State.WITHDRAWN)).select_related("territory").order_by("registered_at")
    raised: list[Raised] = []
    matters = bad = foreseen = 0
    for case in with_ends(rows).iterator(chunk_size=500):
        moment, matters = case.registered_at or end, matters + 1
        if case.went_bad:  # type: ignore[attr-defined]
            tied = _tied(case, rule, moment)
            bad += len(tied) > 1
            foreseen += len(tied) > 1 and _note_foreseen(raised, tied, moment)
        if found := OF_CASES[rule.kind](case, rule, moment):
            _raise(raised, found, moment)
    leads = [min(one.leads) for one in raised if one.leads]
    return BacktestRun.objects.create(
        slug=rule.slug, window_days=rule.window_days, threshold=rule.threshold, since=since, until=until,
        matters=matters, raised=len(raised), right=len(leads), bad=bad, foreseen=foreseen,
        lead_days=round(median(leads)) if leads else None,
    )  # fmt: skip


def with_ends(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Annotate whether a case went bad."""
    again = StatusChange.objects.filter(case=OuterRef("pk"), event=Event.REOPEN)
    case_of = "obligation__agreement__mediation__case"
    broken = Instalment.objects.filter(**{case_of: OuterRef("pk")}, breached_at__isnull=False)
    went_bad = Q(risk=Risk.RED) | ~Q(scale=Scale.INDIVIDUAL) | Q(Exists(again)) | Q(Exists(broken))
    return rows.annotate(went_bad=went_bad)


def _tied(case: Case, rule: WarningRule, moment: datetime) -> set[int]:
    """The cases that the rule ties to this one, with as few as two of them."""
    loose = WarningRule(**{f.attname: getattr(rule, f.attname) for f in WarningRule._meta.concrete_fields})
    loose.threshold = min(2, rule.threshold)
    found = OF_CASES[rule.kind](case, loose, moment)
    return _cases(found) if found else set()


def _note_foreseen(raised: list[Raised], tied: set[int], moment: datetime) -> bool:
    before = [one for one in raised if one.cases & tied and timedelta() < moment - one.at <= FORESEES]
    for one in before:
        one.leads.append((moment - one.at).days)
    return bool(before)


def _raise(raised: list[Raised], found: Found, moment: datetime) -> None:
    cases = _cases(found)
    for one in reversed(raised):
        same = bool(one.cases & cases) if found.by_evidence else one.subject == found.subject
        if same and moment - one.last <= NEW_AGAIN:
            one.cases |= cases
            one.last = moment
            return
    raised.append(Raised(found.subject, moment, moment, cases))


def _cases(found: Found) -> set[int]:
    return {sign.matter.pk for sign in found.signs if not isinstance(sign.matter, Hazard)}
