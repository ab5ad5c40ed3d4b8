"""What the ladder has to do, and how often an organisation or a category was late."""

from datetime import date, datetime

from django.db.models import QuerySet

from grids.models import Organisation
from intake.models import Case, Handling
from intake.queries import handlings_at_red_risk, handlings_reopened_twice
from referrals.lifecycle import State
from referrals.models import Document, LadderStep, Lapse, Purpose, Trigger


def quarter_of(day: date) -> int:
    """The quarter of a day as a number: 20264 is October to December 2026."""
    return day.year * 10 + (day.month - 1) // 3 + 1


def quarter_starts(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // 10, (quarter % 10 - 1) * 3 + 1, 1)


def quarter_before(quarter: int) -> int:
    """The quarter before one."""
    return quarter - 1 if quarter % 10 > 1 else quarter - 7


def lapses_in_quarter(organisation: Organisation, quarter: int) -> QuerySet[Lapse]:
    """The lapses of an organisation in a quarter."""
    return Lapse.objects.filter(organisation=organisation, quarter=quarter)


def supervisions_in_quarter(organisation: Organisation, quarter: int) -> QuerySet[Document]:
    """Supervision slips issued to an organisation in a quarter."""
    rows = Document.objects.filter(addressee=organisation, kind__purpose=Purpose.SUPERVISE, issued_at__isnull=False)
    start = quarter_starts(quarter)
    return rows.filter(issued_at__date__gte=start)


def lock_cases_with_due_steps(now: datetime, *, limit: int) -> list[Case]:
    """Lock up to `limit` cases that have a rung to take; those locked by others are passed over."""
    due = LadderStep.objects.filter(due_at__lt=now, taken_at__isnull=True, case__isnull=False).select_related("case")
    rows = due.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("case",))[:limit]
    return list({step.case_id: step.case for step in rows if step.case is not None}.values())


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
