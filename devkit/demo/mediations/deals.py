"""What was agreed in a past mediation, and what became of it: by when which part, kept or not, confirmed or not.

What was not kept was confirmed by the court: the way on is enforcement there, and the closed case stays closed. So the
figures of the cases hold, however long the demo stands.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from devkit.demo.mediations.past import Past
from mediation.models import AgreementForm, ObligationKind

BY_PARTS = {"0804": (3, 60), "0751": (2, 30), "0701": (2, 30), "0103": (2, 60), "0507": (2, 60), "0901": (2, 45)}
"""How many parts, how many days apart."""
LARGE = 10_000
COURT_TAKES = 35
"""Days after which a confirmation that was asked for is there."""
CONFIRMED_SHARE, BROKEN_SHARE = 0.5, 0.36
KINDS = {"09": ObligationKind.LAND, "03": ObligationKind.APOLOGY}


@dataclass(frozen=True)
class Deal:
    """One agreement: `open_parts` of its last parts were not performed by today."""

    reached_on: date
    form: AgreementForm
    kind: ObligationKind
    what: str
    amount: Decimal | None
    parts: tuple[tuple[date, Decimal | None], ...]
    is_confirmed: bool
    open_parts: int

    @property
    def is_kept(self) -> bool:
        """Everything was performed."""
        return not self.open_parts

    def is_broken(self, today: date) -> bool:
        """A part was not performed whose day is over."""
        return any(day < today for day, _ in self.parts[len(self.parts) - self.open_parts :])


def deal_of(past: Past, today: date) -> Deal:
    """What the parties of a mediation agreed."""
    reached, amount = timezone.localdate(past.ended), past.case.amount
    is_oral = past.is_short and (amount or 0) < LARGE
    parts = _parts(past, reached, amount, is_oral)
    in_parts, old_enough = len(parts) > 1, (today - reached).days >= COURT_TAKES
    confirmed = in_parts and old_enough and past.random.random() < CONFIRMED_SHARE
    broken = confirmed and past.random.random() < BROKEN_SHARE
    asked = past.case.request.strip("。")
    return Deal(
        reached_on=reached,
        form=AgreementForm.ORAL if is_oral else AgreementForm.WRITTEN,
        kind=_kind(past),
        what=f"给付 {amount.normalize():f} 元（{asked}）" if amount else asked,
        amount=amount,
        parts=parts,
        is_confirmed=confirmed,
        open_parts=past.random.randint(1, len(parts) - 1) if broken else 0,
    )


def _kind(past: Past) -> ObligationKind:
    if past.case.amount:
        return ObligationKind.MONEY
    return KINDS.get((past.case.category_id or "")[:2], ObligationKind.ACT)


def _parts(past: Past, reached: date, amount: Decimal | None, is_oral: bool) -> tuple[tuple[date, Decimal | None], ...]:
    """The days and sums; what was agreed orally was done on the spot."""
    number, apart = BY_PARTS.get(past.case.category_id or "", (1, 0)) if amount and amount >= LARGE else (1, 0)
    first = reached + timedelta(days=0 if is_oral else past.random.choice((0, 5, 7, 10)))
    days = [first + timedelta(days=n * apart) for n in range(number)]
    if amount is None:
        return ((days[0], None),)
    share = (amount / number).quantize(Decimal(1))
    return tuple((day, share if n < number - 1 else amount - share * n) for n, day in enumerate(days))
