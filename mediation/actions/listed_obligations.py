"""What is owed to each on the list of a group: one obligation a member, in the same instalments, sums checked."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db import transaction

from intake.models import Membership, Party
from intake.queries.groups import memberships_of, side_of_group, why_members_have_no_sums
from mediation.actions._locking import done, locked_for, parties_named, require_open, text_of, why_one_sided
from mediation.actions.agreements import locked_agreement
from mediation.lifecycle import AgreementState
from mediation.models import Agreement, Instalment, Obligation, ObligationKind
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, RuleViolation, refuse_for

AFTER_TYPED = 100
"""Obligations of the list are numbered behind those that are typed."""
LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s*[:：]?\s*(?:(\d{1,3}(?:\.\d{1,2})?)\s*[%％]|余款)?")
WHOLE, CENT = Decimal(100), Decimal("0.01")
Plan = list[tuple[date, Decimal]]


@transaction.atomic
def list_obligations(
    agreement: Agreement, *, actor: User, debtor: str, what: str, schedule: str, total: Decimal
) -> int:
    """Owe each on the list their sum in the same instalments, as a table of wages or claims says; how many.

    `schedule` has a line for each instalment: a day and its share in percent; the last takes the rest, so that sums are
    exact. What the list said before is written anew. Raises RuleViolation at `total` where the sums of the list do not
    add up to it, at `schedule` for days and shares that make no sense, and where somebody has no sum.
    """
    mediation = locked_for(agreement.mediation, actor)
    agreement = locked_agreement(agreement, mediation)
    require_open(mediation)
    refuse_for(why_not_list(agreement))
    owes = next(iter(parties_named(mediation.case, [debtor], field="debtor")), None)
    rows = _rows(agreement, owes, total)
    plan = planned(schedule, agreement.reached_on)
    words = text_of(what, field="what", what="款项名称", longest=300, multiline=False)
    agreement.obligations.filter(by_list=True).delete()
    _write(agreement, owes, rows, words, plan)
    done(mediation, actor, Verb.OBLIGATIONS_LISTED, agreement=agreement.pk, count=len(rows), parts=len(plan))
    return len(rows)


def why_not_list(agreement: Agreement) -> DomainError | None:
    """Why nothing is owed by the list now: it is signed, there is no list, somebody on it has no sum, or nobody is on
    the other side. None where it can be."""
    if agreement.status != AgreementState.DRAFT or agreement.signings.exists():
        return InvalidTransition("协议已有人签署或者已经生效，不能再按名册列明义务。")
    return why_members_have_no_sums(agreement.mediation.case) or why_one_sided(agreement.mediation.case)


def planned(schedule: str, reached_on: date) -> Plan:
    """Days and shares of the instalments as typed; RuleViolation at `schedule`."""
    plan: Plan = []
    lines = [line.strip() for line in schedule.splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        found = LINE.fullmatch(line)
        if found is None:
            raise RuleViolation(f"第 {number} 期“{line[:20]}”看不懂，请写成“2026-12-31 50%”。", field="schedule")
        plan.append((_day(found[1], number), Decimal(found[2]) if found[2] else WHOLE))
    days = [day for day, _ in plan]
    if not plan or days != sorted(set(days)) or days[0] < reached_on:
        raise RuleViolation("请逐期写明日期和比例，日期从早到晚、不早于协议达成日期。", field="schedule")
    shares = sum((share for _, share in plan[:-1]), Decimal())
    if shares >= WHOLE or any(share <= 0 for _, share in plan):
        raise RuleViolation("各期比例合计超过 100%；最后一期付余款，比例可以不写。", field="schedule")
    if plan[-1][1] not in (WHOLE, WHOLE - shares):
        raise RuleViolation(f"各期比例合计不是 100%，最后一期应为 {WHOLE - shares}%。", field="schedule")
    return plan


def _day(text: str, number: int) -> date:
    try:
        return date(*map(int, text.split("-")))
    except ValueError:
        raise BadInput(f"第 {number} 期的日期“{text}”有误。", field="schedule") from None


def _rows(agreement: Agreement, owes: Party | None, total: Decimal) -> list[Membership]:
    case = agreement.mediation.case
    rows = list(memberships_of(case).order_by("party__ordinal", "pk"))
    if owes is None or owes.side == side_of_group(case):
        raise RuleViolation("义务人应是群体的对方当事人。", field="debtor")
    found = sum((row.amount for row in rows if row.amount is not None), Decimal())
    if found != total:
        raise RuleViolation(
            f"名册合计 {found} 元，与协议总额 {total} 元不符，差 {abs(found - total)} 元。", field="total"
        )
    return rows


def _write(agreement: Agreement, owes: Party | None, rows: list[Membership], what: str, plan: Plan) -> None:
    obligations = Obligation.objects.bulk_create(
        Obligation(
            agreement=agreement,
            ordinal=AFTER_TYPED + at,
            debtor=owes,
            creditor=row.party,
            kind=ObligationKind.MONEY,
            what=what,
            amount=row.amount,
            by_list=True,
        )
        for at, row in enumerate(rows, 1)
    )
    Instalment.objects.bulk_create(part for obligation in obligations for part in _parts(obligation, plan))


def _parts(obligation: Obligation, plan: Plan) -> Iterator[Instalment]:
    """Shares rounded down to cents, the rest with the last; a share too small for a cent joins the next."""
    whole = left = obligation.amount or Decimal()
    ordinal = 0
    for day, share in plan[:-1]:
        sum_ = min((whole * share / WHOLE).quantize(CENT, ROUND_DOWN), left)
        if sum_ > 0:
            ordinal += 1
            left -= sum_
            yield Instalment(obligation=obligation, ordinal=ordinal, due_on=day, amount=sum_)
    yield Instalment(obligation=obligation, ordinal=ordinal + 1, due_on=plan[-1][0], amount=left)
