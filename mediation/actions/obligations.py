"""The obligations of an agreement as typed, checked and written: who owes whom what, by when, in which parts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from intake.models import Case, Party, PartyRole
from intake.queries.groups import side_of_group
from intake.queries.guardians import why_guardian_is_missing
from mediation.actions._locking import text_of
from mediation.models import LAND_WORDS, Agreement, Instalment, Obligation, ObligationKind
from zhongzhi.core.errors import RuleViolation, refuse_for
from zhongzhi.core.text import clean_text


@dataclass(frozen=True)
class LandDraft:
    """A parcel as typed: its name, its four bounds, its area in mu."""

    parcel: str = ""
    east: str = ""
    south: str = ""
    west: str = ""
    north: str = ""
    area: Decimal | None = None


@dataclass(frozen=True)
class ObligationDraft:
    """One obligation as typed; `debtor` and `creditor` are uids. Each part is a day and, for money, a sum."""

    debtor: str
    creditor: str
    kind: str
    what: str
    amount: Decimal | None = None
    parts: Sequence[tuple[date | None, Decimal | None]] = field(default_factory=tuple)
    land: LandDraft = LandDraft()


def write_obligations(agreement: Agreement, case: Case, drafts: Sequence[ObligationDraft]) -> None:
    """Replace the obligations of a draft by these; a guardian may owe in person (民法典 art. 1188).

    What stands by the list of a group stays. Raises RuleViolation at `obligations`, naming the line and what is wrong
    with it.
    """
    listed = agreement.obligations.filter(by_list=True)
    if not drafts and not listed.exists() and not side_of_group(case):
        raise RuleViolation(
            "协议须写明履行事项和期限：请至少填写一项；当场履行的也填上，期限写当天。", field="obligations"
        )
    acting = case.parties.filter(role__in=(PartyRole.PRINCIPAL, PartyRole.GUARDIAN))
    parties = {str(p.uid): p for p in acting}
    for at, draft in enumerate(drafts, 1):
        _check(at, draft, agreement.reached_on)
    agreement.obligations.filter(by_list=False).delete()
    for at, draft in enumerate(drafts, 1):
        _write(agreement, at, draft, parties)


def _write(agreement: Agreement, at: int, draft: ObligationDraft, parties: dict[str, Party]) -> None:
    debtor, creditor = _of_case(at, draft.debtor, parties), _of_case(at, draft.creditor, parties)
    refuse_for(why_guardian_is_missing([debtor, creditor], field="obligations"))
    if debtor == creditor:
        raise RuleViolation(f"第 {at} 项：义务人和权利人不能是同一人。", field="obligations")
    what = text_of(draft.what, field="obligations", what=f"第 {at} 项的内容", longest=300, multiline=False)
    obligation = Obligation.objects.create(
        agreement=agreement,
        ordinal=at,
        debtor=debtor,
        creditor=creditor,
        kind=draft.kind,
        what=what,
        amount=draft.amount if draft.kind == ObligationKind.MONEY else None,
        **_land(at, draft),
    )
    Instalment.objects.bulk_create(
        Instalment(obligation=obligation, ordinal=n, due_on=day, amount=amount)
        for n, (day, amount) in enumerate(draft.parts, 1)
        if day is not None
    )


def _land(at: int, draft: ObligationDraft) -> dict[str, Any]:
    """The parcel, whole or not at all: a bound that is missing is what the next quarrel is about."""
    given = asdict(draft.land)
    area = given.pop("area")
    words = {name: clean_text(text, field="obligations", max_length=60) for name, text in given.items()}
    if area is None and not any(words.values()):
        return {}
    if draft.kind != ObligationKind.LAND:
        raise RuleViolation(f"第 {at} 项不是返还土地，不填地块、四至和面积。", field="obligations")
    missing = [LAND_WORDS[name] for name, text in words.items() if not text]
    if missing:
        raise RuleViolation(f"第 {at} 项：地块和四至要写全，还缺{'、'.join(missing)}。", field="obligations")
    if area is None or area <= 0:
        raise RuleViolation(f"第 {at} 项：请填写地块的面积（亩）。", field="obligations")
    return {**words, "area": area}


def _of_case(at: int, uid: str, parties: dict[str, Party]) -> Party:
    if uid not in parties:
        raise RuleViolation(f"第 {at} 项：所选的人不是本案当事人，请先在案件中登记。", field="obligations")
    return parties[uid]


def _check(at: int, draft: ObligationDraft, reached_on: date) -> None:
    """The days and sums of one obligation."""
    if draft.kind not in ObligationKind.values:
        raise RuleViolation(f"第 {at} 项：请选择种类。", field="obligations")
    if not draft.parts or any(day is None for day, _ in draft.parts):
        raise RuleViolation(f"第 {at} 项没有写履行期限，协议不能没有履行日期。", field="obligations")
    if any(day is not None and day < reached_on for day, _ in draft.parts):
        raise RuleViolation(f"第 {at} 项：履行期限不能早于协议达成日期。", field="obligations")
    if draft.kind == ObligationKind.MONEY:
        _check_money(at, draft)
    elif any(amount is not None for _, amount in draft.parts) or draft.amount is not None:
        raise RuleViolation(f"第 {at} 项不是给付金钱，不填金额。", field="obligations")
    elif len(draft.parts) > 1:
        raise RuleViolation(f"第 {at} 项不是给付金钱，不分期；分几步履行的请分几项写。", field="obligations")


def _check_money(at: int, draft: ObligationDraft) -> None:
    if draft.amount is None or draft.amount <= 0:
        raise RuleViolation(f"第 {at} 项：请填写金额。", field="obligations")
    sums = [amount for _, amount in draft.parts]
    if any(amount is None or amount <= 0 for amount in sums):
        raise RuleViolation(f"第 {at} 项：每一期都要写金额。", field="obligations")
    total = sum((amount for amount in sums if amount is not None), Decimal())
    if total != draft.amount:
        difference = abs(draft.amount - total)
        less = "少" if total < draft.amount else "多"
        raise RuleViolation(
            f"第 {at} 项：各期合计 {total} 元，与总额 {draft.amount} 元不符，{less}了 {difference} 元。",
            field="obligations",
        )
