"""Reads of the escalation: rules in force, steps that are due (locked), letters drafted before, how often who was late.

Nothing is changed here; what is read for a batch costs as many queries for one step as for five hundred.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from grids.models import Organisation
from intake.coordination.queries import handlings_at_red_risk, handlings_reopened_twice
from intake.models import Case, Handling
from referrals.escalation.quarters import quarter_starts
from referrals.lifecycle import State
from referrals.models import (
    LETTER_ACTIONS,
    Document,
    EscalationRule,
    EscalationStep,
    Lapse,
    Purpose,
    StepOutcome,
    Trigger,
)
from zhongzhi.rows.periods import in_force
from zhongzhi.set_aside import Share

CASE_COLUMNS = ("code", "title", "status", "risk", "tier", "accepted_at", "category", "territory", "centre")
"""What a step reads of its case: not the long texts."""


def rules_for(trigger: str, *, on: date) -> list[EscalationRule]:
    """The rules of a trigger in force on a day, the first due first."""
    return list(EscalationRule.objects.filter(in_force(on), trigger=trigger).order_by("after_amount", "pk"))


def rules_in_force(day: date) -> QuerySet[EscalationRule]:
    """All rules in force on a day."""
    return EscalationRule.objects.filter(in_force(day)).order_by("trigger", "after_amount", "pk")


def due_steps(now: datetime) -> QuerySet[EscalationStep]:
    """The steps on cases that are due, the longest due first."""
    rows = EscalationStep.objects.filter(due_at__lt=now, taken_at__isnull=True, case__isnull=False)
    return rows.order_by("due_at", "pk")


def due_steps_without_case(now: datetime) -> QuerySet[EscalationStep]:
    """The steps that are due of letters about no single case."""
    rows = EscalationStep.objects.filter(due_at__lt=now, taken_at__isnull=True, case__isnull=True)
    return rows.order_by("due_at", "pk")


def lock_due_steps(now: datetime, share: Share, *, limit: int) -> list[EscalationStep]:
    """Lock up to `limit` cases with steps that are due, then these steps; pass over cases that others have locked.

    Each step comes with what its letter needs: its own by joins, what many share looked up once for all.
    """
    due = due_steps(now)
    longest = share.of(due, "case_id").select_related("case").only("case__id")
    keys = {step.case_id for step in longest.select_for_update(skip_locked=True, of=("case",))[:limit]}
    rows = Case.objects.only(*CASE_COLUMNS).prefetch_related("centre__territory", "category", "territory")
    cases = rows.in_bulk(keys)
    steps = list(_with_causes(due.filter(case__in=cases)).select_for_update(of=("self",)))
    for step in steps:
        step.case = cases[step.case_id or 0]
        for cause in (step.lapse, step.document):
            if cause is not None:
                cause.case = step.case
    return steps


def lock_due_steps_without_case(now: datetime, share: Share, *, limit: int) -> list[EscalationStep]:
    """Lock the steps that are due of letters about no single case; pass over those that others have locked."""
    rows = _with_causes(share.of(due_steps_without_case(now))).select_for_update(skip_locked=True, of=("self",))
    return list(rows[:limit])


def _with_causes(steps: QuerySet[EscalationStep]) -> QuerySet[EscalationStep]:
    own = steps.select_related("lapse__handling", "document__handling")
    known = own.annotate(clock_stopped_at=F("lapse__clock__stopped_at"))  # type: ignore[no-redef]  # declared there
    return known.prefetch_related(
        "rule",
        "lapse__organisation",
        "document__kind",
        "document__addressee__territory",
        "document__issuer__territory",
        "lapse__handling__organisation",
        "document__handling__organisation",
    )


def letters_of_same_causes(steps: Iterable[EscalationStep]) -> list[EscalationStep]:
    """The steps of the same lapses and documents that have drafted a letter already."""
    causes = [(step.lapse_id, step.document_id) for step in steps]
    same = Q(lapse__in={pk for pk, _ in causes if pk}) | Q(document__in={pk for _, pk in causes if pk})
    return with_drafted_letter(EscalationStep.objects.filter(same))


def with_drafted_letter(steps: QuerySet[EscalationStep]) -> list[EscalationStep]:
    """Those steps that have drafted a letter, in the order in which they did."""
    drafted = steps.filter(outcome=StepOutcome.DONE, rule__does__in=LETTER_ACTIONS).select_related("rule", "document")
    return [step for step in drafted.defer("document__body").order_by("taken_at", "pk") if step.drafted_letter]


def slip_numbers(handlings: Iterable[int]) -> dict[int, str]:
    """The number of the slip by which each of some handlings was given out; of one that was reissued, the latest."""
    valid = Document.objects.exclude(status=State.VOID)
    rows = valid.filter(handling__in=handlings, kind__purpose=Purpose.DISPATCH, number__isnull=False)
    return {pk: number or "" for pk, number in rows.order_by("id").values_list("handling_id", "number") if pk}


AT_RISK = {Trigger.RED_RISK: handlings_at_red_risk, Trigger.DISSATISFIED_TWICE: handlings_reopened_twice}
"""What calls for a supervision whatever the time limits say."""


def unsupervised_at_risk(trigger: Trigger) -> QuerySet[Handling]:
    """Open handlings that call for a supervision by this reason, and have had none; what is void counts for none."""
    valid = Document.objects.exclude(status=State.VOID)
    supervised = valid.filter(kind__purpose=Purpose.SUPERVISE, handling__isnull=False)
    return AT_RISK[trigger]().exclude(pk__in=supervised.values("handling"))


def clocks_with_lapse(clocks: Iterable[int]) -> set[int]:
    """Those of some time limits whose lapse was taken up already."""
    return set(Lapse.objects.filter(clock__in=list(clocks)).values_list("clock_id", flat=True))


def lapses_in_quarter(organisation: Organisation, quarter: int) -> QuerySet[Lapse]:
    """The lapses of an organisation in a quarter."""
    return Lapse.objects.filter(organisation=organisation, quarter=quarter)


def count_lapses(pairs: Iterable[tuple[int, int]]) -> Counter[tuple[int, int]]:
    """How many lapses each organisation has in each quarter asked for; one query."""
    wanted = set(pairs)
    rows = Lapse.objects.filter(
        organisation__in={pk for pk, _ in wanted}, quarter__in={quarter for _, quarter in wanted}
    )
    counted = rows.order_by().values_list("organisation", "quarter").annotate(n=Count("pk"))
    return Counter({(pk, quarter): n for pk, quarter, n in counted})


def supervisions_in_quarter(organisation: Organisation, quarter: int) -> QuerySet[Document]:
    """Supervision slips issued to an organisation in a quarter; what is void counts nowhere."""
    rows = Document.objects.filter(addressee=organisation, kind__purpose=Purpose.SUPERVISE, issued_at__isnull=False)
    start = quarter_starts(quarter)
    return rows.filter(issued_at__date__gte=start).exclude(status=State.VOID)


def used_occasions(occasions: Iterable[str]) -> set[str]:
    """Those of some occasions that have their document already; a void one is none."""
    rows = Document.objects.filter(occasion__in=list(occasions)).exclude(status=State.VOID)
    return {document.occasion for document in rows.only("occasion") if document.occasion}
