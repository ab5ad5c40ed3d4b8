"""The clauses of an agreement, made from its obligations: money in figures and words, land, things, acts, apologies."""

from collections.abc import Sequence
from decimal import Decimal

from intake.models import Party, PartyRole
from intake.queries.guardians import acting_name
from intake.queries.violence import HIDDEN, hurt_in, is_hidden
from mediation.models import Instalment, Obligation, ObligationKind
from zhongzhi.core.numbering import chinese_number
from zhongzhi.core.paper_dates import paper_day
from zhongzhi.office.amounts import amount_in_words, figure

VERBS = ("归还", "返还", "退还", "交还", "交付", "赔礼道歉", "支付", "赔偿")
LAND_HANDED_OVER = "交还时各方到场指认界址，作出记录。"
LAND_HEAD = ("项", "交还人、接收人", "地块", "四至", "面积（亩）", "交还期限")
MANY = 8
"""From so many obligations on, one clause sums up those of a debtor, and an annex lists them."""


def clauses(parts: Sequence[Instalment]) -> list[str]:
    """One clause an obligation, numbered 一、二、…; those of many creditors of one debtor are one clause."""
    obligations = _grouped(parts)
    listed = [row for row in obligations if row[0].by_list]
    if listed:
        typed = [_clause(obligation, rows) for obligation, rows in obligations if not obligation.by_list]
        texts = [*typed, *(_summed_up(rows) for rows in _by_debtor(listed))]
    elif len(obligations) >= MANY:
        texts = [_summed_up(rows) for rows in _by_debtor(obligations)]
    else:
        texts = [_clause(obligation, rows) for obligation, rows in obligations]
    return [f"{chinese_number(n)}、{text}" for n, text in enumerate(texts, 1)]


def annex_rows(parts: Sequence[Instalment]) -> list[list[str]]:
    """The list of an agreement with many creditors: each with what is owed, by when, and a place to sign."""
    listed = _in_annex(parts)
    hurt = hurt_in(listed[0][0].creditor.case_id) if listed else None
    return [
        [
            str(at),
            obligation.creditor.shown_name,
            f"{obligation.creditor.paper_number or '未登记'}\n{_phone(obligation.creditor, hurt)}",
            figure(obligation.amount) if obligation.amount is not None else obligation.what,
            "\n".join(_of_list(part) for part in rows),
            _consented(obligation.creditor),
        ]
        for at, (obligation, rows) in enumerate(listed, 1)
    ]


def _phone(creditor: Party, hurt: int | None) -> str:
    return HIDDEN if is_hidden(creditor, hurt) else creditor.phone or "未登记"


def _in_annex(parts: Sequence[Instalment]) -> list[tuple[Obligation, list[Instalment]]]:
    """What the annex lists: what is owed by the list of a group, else all where there are many."""
    obligations = _grouped(parts)
    listed = [row for row in obligations if row[0].by_list]
    return listed or (obligations if len(obligations) >= MANY else [])


def _consented(party: Party) -> str:
    """How somebody on the list of a group stands behind it; a free place to sign for all others."""
    row = getattr(party, "membership", None)
    return f"{row.get_consent_display()}\n{row.consented_on.isoformat()}" if row is not None and row.consent else ""


def _grouped(parts: Sequence[Instalment]) -> list[tuple[Obligation, list[Instalment]]]:
    found: dict[int, tuple[Obligation, list[Instalment]]] = {}
    for part in parts:
        found.setdefault(part.obligation_id, (part.obligation, []))[1].append(part)
    return list(found.values())


def _by_debtor(obligations: Sequence[tuple[Obligation, list[Instalment]]]) -> list[list[Obligation]]:
    found: dict[tuple[int, str], list[Obligation]] = {}
    for obligation, _ in obligations:
        found.setdefault((obligation.debtor_id, obligation.kind), []).append(obligation)
    return list(found.values())


def _summed_up(rows: Sequence[Obligation]) -> str:
    first = rows[0]
    names = first.creditor.shown_name + (f"等{len(rows)}人" if len(rows) > 1 else "")
    if first.kind != ObligationKind.MONEY:
        return f"{acting_name(first.debtor)}对{names}履行{first.get_kind_display()}的义务，各项内容和期限见附件。"
    total = sum((row.amount for row in rows if row.amount is not None), Decimal())
    return (
        f"{acting_name(first.debtor)}向{names}支付共计人民币{figure(total)}元（大写：{amount_in_words(total)}），"
        "各人应得金额和支付期限见附件。"
    )


def _clause(obligation: Obligation, parts: Sequence[Instalment]) -> str:
    who, to = acting_name(obligation.debtor), acting_name(obligation.creditor)
    if obligation.kind == ObligationKind.MONEY and obligation.amount is not None:
        head = (
            f"{who}向{to}支付{obligation.what}人民币{figure(obligation.amount)}元"
            f"（大写：{amount_in_words(obligation.amount)}），"
        )
        if len(parts) == 1:
            return f"{head}于{paper_day(parts[0].due_on)}前付清。"
        return f"{head}分{len(parts)}期支付：" + "；".join(f"第{p.ordinal}期{_due(p)}" for p in parts) + "。"
    by = f"于{paper_day(parts[0].due_on)}前" if parts else ""
    if obligation.kind == ObligationKind.LAND:
        return f"{who}{by}向{to}{_land(obligation)}。{LAND_HANDED_OVER}"
    if obligation.what.startswith(VERBS):
        return f"{who}{by}向{to}{obligation.what}。"
    return {
        ObligationKind.THING: f"{who}{by}向{to}交付、返还：{obligation.what}。",
        ObligationKind.APOLOGY: f"{who}{by}向{to}赔礼道歉：{obligation.what}。",
    }.get(ObligationKind(obligation.kind), f"{who}{by}为{to}完成：{obligation.what}。")


def _land(obligation: Obligation) -> str:
    what = obligation.what if obligation.what.startswith(VERBS) else f"返还土地：{obligation.what}"
    where = f"（{obligation.parcel}，{obligation.area}亩，四至见土地明细表第{obligation.ordinal}项）"
    return what + where if obligation.parcel else what


def land_rows(parts: Sequence[Instalment]) -> list[list[str]]:
    """The table of the land that changes hands: from whom to whom, which parcel, its four bounds, how large, by when;
    below it the whole area, where there are several parcels. None where no parcel was measured."""
    measured = [(owed, rows) for owed, rows in _grouped(parts) if owed.parcel and owed.area is not None]
    found = [
        [
            str(owed.ordinal),
            f"{owed.debtor.shown_name}\n交{owed.creditor.shown_name}",
            owed.parcel,
            owed.bounds.replace("，", "\n"),
            str(owed.area),
            rows[0].due_on.isoformat(),
        ]
        for owed, rows in measured
    ]
    total = sum((owed.area for owed, _ in measured if owed.area is not None), Decimal())
    return [*found, ["合计", "", f"{len(found)}块", "", str(total), ""]] if len(found) > 1 else found


def listed_creditors(parts: Sequence[Instalment]) -> list[Party]:
    """Those whom the annex names one by one; nobody where there are few."""
    named = {obligation.creditor_id: obligation.creditor for obligation, _ in _in_annex(parts) if not _acts(obligation)}
    return list(named.values())


def _acts(obligation: Obligation) -> bool:
    """Representatives of a group stand with their own names among the parties, and sign below."""
    return obligation.by_list and obligation.creditor.role == PartyRole.PRINCIPAL


def _of_list(part: Instalment) -> str:
    return f"{part.due_on.isoformat()}前" + (f" {figure(part.amount)}" if part.amount is not None else "")


def _due(part: Instalment) -> str:
    sum_ = f"支付{figure(part.amount)}元" if part.amount is not None else ""
    return f"{paper_day(part.due_on)}前{sum_}"
