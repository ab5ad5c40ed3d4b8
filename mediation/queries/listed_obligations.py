"""What is owed by the list of a group, instalment by instalment, page by page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from mediation.models import Agreement, Instalment


@dataclass(frozen=True)
class DueDay:
    """One instalment of all: its day, how many and how much, and what of it is open."""

    due_on: date
    people: int
    amount: Decimal
    open_people: int
    open_amount: Decimal


def listed_instalments(agreement: Agreement) -> QuerySet[Instalment]:
    """The parts owed by the list, by day and place on the list."""
    rows = Instalment.objects.filter(obligation__agreement=agreement, obligation__by_list=True)
    return rows.select_related("obligation__creditor", "obligation__debtor").order_by("due_on", "obligation__ordinal")


def due_days(agreement: Agreement) -> list[DueDay]:
    """The instalments of the list, each summed up. One query."""
    waiting = Q(performed_on=None, released_at=None)
    rows = listed_instalments(agreement).order_by("due_on").values("due_on")
    summed = rows.annotate(
        people=Count("pk"),
        total=Sum("amount"),
        open_people=Count("pk", filter=waiting),
        left=Sum("amount", filter=waiting),
    )
    nothing = Decimal()
    return [
        DueDay(row["due_on"], row["people"], row["total"] or nothing, row["open_people"], row["left"] or nothing)
        for row in summed
    ]
