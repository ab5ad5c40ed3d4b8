"""A page that was typed and not sent, as first values of its forms: shown as it was, judged only when it is sent."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from intake.entries import PARTY
from intake.fields import MAX_ROWS
from intake.models import PartyRole
from intake.queries import Facts, is_minor


def typed_case(typed: QueryDict) -> dict[str, Any]:
    """The values of the case; its version is read anew."""
    return {
        name: typed[name]
        for name in typed
        if not name.startswith("parties-") and name not in ("version", "do", "outcome", "road", "note")
    }


def facts_of(typed: QueryDict) -> Facts:
    """What the typed page says, as far as its grades are suggested by it; what is no number counts for nothing."""
    rows = [row for row in typed_rows(typed, {}) if row["name"] or row["paper_number"] or row["name_withheld"]]
    people = typed.get("people_count", "")
    return Facts(
        text=f"{typed.get('narrative', '')}\n{typed.get('request', '')}"[:10_000],
        category=typed.get("category", ""),
        amount=_amount(typed.get("amount", "")),
        people=int(people) if people.isascii() and people.isdigit() and len(people) < 8 else 0,
        parties=sum(row["role"] in ("", PartyRole.PRINCIPAL) for row in rows),
        minors=sum(is_minor(row["paper_number"]) for row in rows),
        earlier=sum(name.startswith("known-") for name in typed),
        accused=sum(row["role"] == PartyRole.ACCUSED for row in rows),
        now={name: typed.get(name, "") for name in ("scale", "complexity", "risk", "is_restricted")},
    )


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def typed_report(typed: QueryDict) -> dict[str, Any]:
    """The values of the fast track."""
    return {name: typed.get(name, "") for name in ("outcome", "road", "note")}


def typed_rows(typed: QueryDict, masked: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that were not taken off, in order; who stands for whom is counted anew."""
    kept = [at for at in range(_total(typed)) if not typed.get(f"parties-{at}-DELETE")]
    return [_row(typed, at, kept, masked) for at in kept]


def _row(typed: QueryDict, at: int, kept: list[int], masked: dict[str, Any]) -> dict[str, Any]:
    prefix = f"parties-{at}-"
    values: dict[str, Any] = {name: typed.get(prefix + name, "") for name in ("uid", *PARTY)}
    stands_for = typed.get(prefix + "represents", "")
    values["represents"] = kept.index(int(stands_for)) if stands_for.isdigit() and int(stands_for) in kept else None
    values["name_withheld"] = bool(typed.get(prefix + "name_withheld"))
    if values["uid"] in masked:
        values["masked"] = masked[values["uid"]]
    return values


def _total(typed: QueryDict) -> int:
    total = typed.get("parties-TOTAL_FORMS", "")
    return min(int(total), MAX_ROWS) if total.isascii() and total.isdigit() else 0
