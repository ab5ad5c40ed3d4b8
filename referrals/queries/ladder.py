"""What the ladder has to do, and how often an organisation or a category was late."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from grids.models import Organisation
from intake.coordination.queries import handlings_at_red_risk, handlings_reopened_twice
from intake.models import Case, Handling
from referrals.lifecycle import State
from referrals.models import LETTERS, Document, LadderStep, Lapse, Purpose, StepOutcome, Trigger

OF_CASE = ("code", "title", "status", "risk", "tier", "accepted_at", "category", "territory", "centre")
"""What a rung reads of its case: not the long texts."""

LOCK_CASES = """
    SELECT c.id FROM referrals_ladderstep s JOIN intake_case c ON c.id = s.case_id
    WHERE s.due_at < %s AND s.taken_at IS NULL ORDER BY s.due_at, s.id LIMIT %s FOR UPDATE OF c SKIP LOCKED
"""
"""The cases of the rungs that are due longest; a case with several rungs comes several times."""


def quarter_of(day: date) -> int:
    """The quarter of a day as a number: 20264 is October to December 2026."""
    return day.year * 10 + (day.month - 1) // 3 + 1


def quarter_starts(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // 10, (quarter % 10 - 1) * 3 + 1, 1)


def quarter_words(quarter: int) -> str:
    """How a quarter reads: 2026年第四季度."""
    return f"{quarter // 10}年第{'一二三四'[quarter % 10 - 1]}季度"


def quarter_before(quarter: int) -> int:
    """The quarter before one."""
    return quarter - 1 if quarter % 10 > 1 else quarter - 7


def lapses_in_quarter(organisation: Organisation, quarter: int) -> QuerySet[Lapse]:
    """The lapses of an organisation in a quarter."""
    return Lapse.objects.filter(organisation=organisation, quarter=quarter)


def lapses_counted(owed: Iterable[tuple[int, int]]) -> Counter[tuple[int, int]]:
    """How many lapses there are of each organisation in each quarter asked for; one query."""
    wanted = set(owed)
    rows = Lapse.objects.filter(
        organisation__in={pk for pk, _ in wanted}, quarter__in={quarter for _, quarter in wanted}
    )
    counted = rows.order_by().values_list("organisation", "quarter").annotate(n=Count("pk"))
    return Counter({(pk, quarter): n for pk, quarter, n in counted})


def occasions_used(occasions: Iterable[str]) -> set[str]:
    """Those of some occasions that have their document already."""
    rows = Document.objects.filter(occasion__in=list(occasions))
    return {document.occasion for document in rows.only("occasion") if document.occasion}


def supervisions_in_quarter(organisation: Organisation, quarter: int) -> QuerySet[Document]:
    """Supervision slips issued to an organisation in a quarter."""
    rows = Document.objects.filter(addressee=organisation, kind__purpose=Purpose.SUPERVISE, issued_at__isnull=False)
    start = quarter_starts(quarter)
    return rows.filter(issued_at__date__gte=start)


def lock_due_steps(now: datetime, *, limit: int) -> list[LadderStep]:
    """Lock the rungs to take of up to `limit` cases, and these cases first; those locked by others are passed over.

    Each rung brings what its letter needs: what is its own by joins, what many share looked up once for all.
    """
    due = LadderStep.objects.filter(due_at__lt=now, taken_at__isnull=True, case__isnull=False)
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CASES, [now, limit])
        keys = {pk for (pk,) in cursor.fetchall()}
    rows = Case.objects.only(*OF_CASE).prefetch_related("centre__territory", "category", "territory")
    cases = rows.in_bulk(keys)
    steps = list(_with_causes(due.filter(case__in=cases)).select_for_update(of=("self",)).order_by("due_at", "pk"))
    for step in steps:
        step.case = cases[step.case_id or 0]
        for cause in (step.lapse, step.document):
            if cause is not None:
                cause.case = step.case
    return steps


def letters_before(steps: Iterable[LadderStep]) -> list[LadderStep]:
    """The rungs of the same lapses and documents by which a letter was drafted already."""
    causes = [(step.lapse_id, step.document_id) for step in steps]
    same = Q(lapse__in={pk for pk, _ in causes if pk}) | Q(document__in={pk for _, pk in causes if pk})
    return letters_of(LadderStep.objects.filter(same))


def letters_of(steps: QuerySet[LadderStep]) -> list[LadderStep]:
    """Those of some rungs by which a letter was drafted, in the order in which that was done."""
    drafted = steps.filter(outcome=StepOutcome.DONE, rule__does__in=LETTERS).select_related("rule", "document")
    return [step for step in drafted.defer("document__body").order_by("taken_at", "pk") if step.wrote]


def lock_due_steps_without_case(now: datetime, *, limit: int) -> list[LadderStep]:
    """The same for letters that are about no single case; rungs locked by others are passed over."""
    due = LadderStep.objects.filter(due_at__lt=now, taken_at__isnull=True, case__isnull=True)
    rows = _with_causes(due).select_for_update(skip_locked=True, of=("self",))
    return list(rows.order_by("due_at", "pk")[:limit])


def _with_causes(steps: QuerySet[LadderStep]) -> QuerySet[LadderStep]:
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


def slips_of(handlings: Iterable[int]) -> dict[int, str]:
    """The number of the slip by which each of some handlings was given out; of one that was reissued, the latest."""
    rows = Document.objects.filter(handling__in=handlings, kind__purpose=Purpose.DISPATCH, number__isnull=False)
    return {pk: number or "" for pk, number in rows.order_by("id").values_list("handling_id", "number") if pk}


def watched_handlings() -> dict[Trigger, QuerySet[Handling]]:
    """Open handlings that call for a supervision whatever their clocks say, and have had none; by what they are."""
    supervised = Document.objects.filter(kind__purpose=Purpose.SUPERVISE, handling__isnull=False)
    return {
        Trigger.RED_RISK: handlings_at_red_risk().exclude(pk__in=supervised.values("handling")),
        Trigger.DISSATISFIED_TWICE: handlings_reopened_twice().exclude(pk__in=supervised.values("handling")),
    }


def drafts_that_issue_by_themselves(*, limit: int) -> list[int]:
    """Keys of drafts of the clock whose kind waits for no signature, the oldest first."""
    rows = Document.objects.filter(status=State.DRAFT, by_system=True, kind__by_itself=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
