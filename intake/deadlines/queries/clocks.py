"""Reads of the clocks."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import CharField, Count, Min, Q, QuerySet
from django.utils import timezone

from intake.deadlines.models import PROCEDURES, Clock, ClockKind, ClockRule, ExtensionRequest
from intake.deadlines.queries.calendar import calendar_version, work_calendar
from intake.lifecycle import OPEN_STATES
from intake.models import Case, Risk
from zhongzhi.core import worktime
from zhongzhi.core.errors import NotFound
from zhongzhi.core.worktime import Unit
from zhongzhi.rows.arrays import among
from zhongzhi.rows.periods import TODAY, in_force, not_over
from zhongzhi.rows.remembered import RememberedRows
from zhongzhi.rows.statements import Given, statement_of
from zhongzhi.set_aside import Share

FITTING: Final = ("complexity", "tier", "channel")
"""What of a case a rule may be for alone; empty in the rule for any."""
COUNTED_LATE: Final = "SELECT organisation, count(DISTINCT case_id)"
AND_ALTOGETHER: Final = "GROUP BY GROUPING SETS ((organisation), ())"
KINDS: Final = Given("kinds", ArrayField(CharField()))


def rule_for(case: Case, kind: ClockKind, *, on: date) -> ClockRule | None:
    """The rule that sets a time limit of this kind for this case on a day; the most particular one wins."""
    return rules_for(case, [kind], on=on).get(kind)


def rules_for(case: Case, kinds: Iterable[ClockKind], *, on: date) -> dict[str, ClockRule]:
    """The same of several kinds, for those that have a rule, each with the `calendar_version`. One query."""
    asked = {name: getattr(case, name) for name in FITTING}
    found: dict[str, ClockRule] = {}
    for rule in _rules_that_fit().read(kinds=list(kinds), day=on, **asked):
        found.setdefault(rule.kind, rule)
    return found


@cache
def _rules_that_fit() -> RememberedRows[ClockRule]:
    """The most particular first."""
    rules = ClockRule.objects.filter(in_force(TODAY), among("kind", KINDS))
    for name in FITTING:
        rules = rules.filter(Q(**{name: ""}) | Q(**{name: Given(name, CharField())}))
    ordered = rules.order_by("-channel", "-tier", "-complexity", "-starts_on")
    rows = ordered.annotate(calendar_version=calendar_version())
    return RememberedRows(rows, changed_with_them=["intake_counter"])  # the version: with days and office hours


def time_limits(day: date, *, over: bool = False) -> QuerySet[ClockRule]:
    """The rules in force on a day and those to come; `over`: those that are past."""
    rows = ClockRule.objects.order_by("kind", "channel", "complexity", "tier", "starts_on")
    return rows.exclude(not_over(day)) if over else rows.filter(not_over(day))


def time_limit(pk: int) -> ClockRule:
    """One rule; NotFound for none."""
    rule = ClockRule.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound("没有找到这条时限。")
    return rule


def due_if_started(case: Case, kind: ClockKind, *, at: datetime) -> datetime | None:
    """When a time limit would end that starts at this moment; None where no rule sets one."""
    rule = rule_for(case, kind, on=timezone.localdate(at))
    return None if rule is None else worktime.due(work_calendar(), at, rule.amount, Unit(rule.unit), pauses=[])


def running_clocks(case: Case) -> list[Clock]:
    """Clocks of a case that have not been stopped, the first due first."""
    known: list[Clock] | None = getattr(case, "running", None)  # of a case that was read whole
    rows = Clock.objects.filter(case=case, stopped_at=None).select_related("organisation", "rule", "handling")
    return list(rows) if known is None else known


def open_extension_request(case: Case) -> ExtensionRequest | None:
    """The first of the case's requests for more time that nobody has decided."""
    rows = ExtensionRequest.objects.filter(clock__case=case, clock__stopped_at=None, granted__isnull=True)
    related = ("clock__organisation", "clock__rule", "clock__handling", "asked_by")
    return rows.select_related(*related).order_by("pk").first()


def in_procedure(case: Case) -> bool:
    """Whether a procedure with a limit of its own runs in the case: somebody mediates."""
    return Clock.objects.filter(case=case, kind__in=PROCEDURES, stopped_at=None).exists()


def lock_cases_with_due_clocks(now: datetime, share: Share, *, limit: int) -> list[Case]:
    """Lock up to `limit` cases that have a clock to look at; those locked by others are passed over.

    A clock is looked at once its moment has passed: at the very moment it is due, an act is still in time.
    """
    due = share.of(due_clocks(now), "case_id").select_related("case")
    rows = due.select_for_update(skip_locked=True, of=("case",))[:limit]
    return list({clock.case_id: clock.case for clock in rows}.values())


def due_clocks(now: datetime) -> QuerySet[Clock]:
    """The clocks to look at, not locked, the longest due first."""
    return Clock.objects.filter(next_at__lt=now).order_by("next_at", "pk")


def breaches_not_taken_up() -> QuerySet[Clock]:
    """Breached clocks whose lapse nobody took up yet, the first breached first."""
    return Clock.objects.filter(breached_at__isnull=False, lapse_noted=False).order_by("breached_at", "pk")


def lock_cases_with_lapses(share: Share, *, limit: int) -> list[int]:
    """Lock up to `limit` cases with such a breach, those locked by others passed over; their keys."""
    news = share.of(breaches_not_taken_up(), "case_id").select_related("case").only("case__id")
    rows = news.select_for_update(skip_locked=True, of=("case",))[:limit]
    return list(dict.fromkeys(clock.case_id for clock in rows))


def _overdue(place: str) -> QuerySet[Clock]:
    running = Clock.objects.filter(
        stopped_at=None, paused_at=None, breached_at__isnull=False, case__status__in=OPEN_STATES
    )
    return running.filter(case__territory__code__startswith=place) if place else running


def overdue_cases_of(place: str) -> tuple[int, dict[int, int]]:
    """How many cases of a place have a running limit that has passed: all, and by the organisation that owes the step;
    a case may stand with two."""
    sql, values = statement_of(_overdue(place).order_by().values_list("organisation", "case"))
    with connection.cursor() as cursor:
        cursor.execute(f"{COUNTED_LATE} FROM ({sql}) late (organisation, case_id) {AND_ALTOGETHER}", values)
        found: dict[int | None, int] = dict(cursor.fetchall())
    return found.pop(None, 0), {organisation: n for organisation, n in found.items() if organisation is not None}


def late_by_organisation(place: str) -> list[tuple[int, int, datetime]]:
    """The organisations that are late: with how many cases, and since when the first of them; the worst first."""
    rows = (
        _overdue(place).order_by().values("organisation").annotate(n=Count("case", distinct=True), since=Min("due_at"))
    )
    return list(rows.order_by("-n", "since", "organisation").values_list("organisation", "n", "since"))


def longest_overdue(place: str, cases: QuerySet[Case], *, limit: int) -> list[Clock]:
    """Of these cases the ones that are late longest, those of red risk first, each by the limit that passed first."""
    firsts = _overdue(place).filter(case__in=cases).order_by("case", "due_at", "pk").distinct("case")
    related = ("organisation", "case__category", "case__territory")
    rows = Clock.objects.filter(pk__in=firsts.values("pk")).select_related(*related)
    is_red = Q(case__risk=Risk.RED)
    return list(rows.annotate(is_red=is_red).order_by("-is_red", "due_at", "pk")[:limit])


def overdue_clocks(place: str, organisation_id: int | None = None) -> QuerySet[Clock]:
    """The limits behind those counts; of one organisation where it is named."""
    rows = _overdue(place)
    return rows if organisation_id is None else rows.filter(organisation_id=organisation_id)


def clocks_not_taken(now: datetime) -> tuple[int, datetime | None]:
    """How many clocks wait for the sweep although their moment has passed, and since when the first of them."""
    found = Clock.objects.filter(next_at__lt=now).aggregate(n=Count("id"), since=Min("next_at"))
    return found["n"], found["since"]
