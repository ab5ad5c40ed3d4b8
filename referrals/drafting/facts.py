"""What a document says: the facts that its templates are filled with."""

from collections.abc import Iterable
from typing import Any

from intake.deadlines.models import Clock, ClockKind
from intake.models import Case, Handling, HandlingPart
from referrals.models import DocumentKind, Lapse, Level
from referrals.models.kind import AnswerKind
from zhongzhi.core.paper_dates import paper_day, paper_moment
from zhongzhi.core.worktime import Unit

UNITS = {
    Unit.OFFICE_HOUR: "个办公小时内",
    Unit.HOUR: "小时内",
    Unit.NATURAL_DAY: "日内",
    Unit.WORKING_DAY: "个工作日内",
    Unit.MONTH: "个月内",
}
OWED = {
    ClockKind.TRIAGE: "受理或者导引",
    ClockKind.FALLBACK: "决定受理",
    ClockKind.DISPATCH: "交办",
    ClockKind.SIGN: "签收",
    ClockKind.HANDLE: "办结",
    ClockKind.REVIEW: "审核",
    ClockKind.FOLLOW_UP: "回访",
}


def facts_of_case(case: Case) -> dict[str, Any]:
    """What is known of every case."""
    return {
        "case_code": case.code or "",
        "case_title": case.title,
        "category": case.category.name if case.category else "类别待定",
        "place": case.territory.full_name if case.territory else "",
        "accepted_on": paper_day(case.accepted_at),
    }


def account_of_case(case: Case) -> dict[str, Any]:
    """What happened and what is asked for, for who is to handle it; long texts, which letters do not carry."""
    return {"narrative": case.narrative, "request": case.request, "place_detail": case.place_detail}


def facts_of_kind(kind: DocumentKind, level: str) -> dict[str, Any]:
    """The limits that a kind sets, in words."""
    red = level == Level.RED and kind.red_amount
    amount, unit = (kind.red_amount, kind.red_unit) if red else (kind.answer_amount, kind.answer_unit)
    return {
        "level": f"{Level(level).label}色" if level else "",
        "receipt_within": f"{kind.receipt_amount}{UNITS[Unit(kind.receipt_unit)]}" if kind.receipt_amount else "",
        "answer_within": f"{amount}{UNITS[Unit(unit)]}" if kind.answer != AnswerKind.NONE and amount else "",
    }


def facts_of_handling(case: Case, handling: Handling) -> dict[str, Any]:
    """What an organisation is asked to do, by when, and with whom."""
    clocks = {c.kind: c for c in Clock.objects.filter(handling=handling, stopped_at=None)}
    others = case.handlings.filter(closed_at__isnull=True).exclude(pk=handling.pk).select_related("organisation")
    lead = next((h.organisation.name for h in others if h.part == HandlingPart.LEAD), "")
    helpers = [h.organisation.name for h in others if h.part == HandlingPart.CO and h.kind == handling.kind]
    is_lead = handling.part == HandlingPart.LEAD
    return {
        **account_of_case(case),
        "part": handling.get_part_display(),
        "instruction": handling.instruction,
        "sign_due": paper_moment(clocks[ClockKind.SIGN].due_at) if ClockKind.SIGN in clocks else "一个工作日内",
        "handle_due": paper_moment(clocks[ClockKind.HANDLE].due_at) if ClockKind.HANDLE in clocks else "规定时限",
        "lead": lead,
        "co_handlers": "、".join(helpers) if is_lead else "",
    }


def matter_of(lapse: Lapse) -> str:
    """A lapse as a letter states it."""
    what = OWED.get(ClockKind(lapse.kind), "办理")
    case = lapse.case
    return f"编号{case.code}“{case.title}”应于{paper_moment(lapse.due_at)}前{what}，至今未{what}"


def listed(texts: Iterable[str]) -> tuple[str, ...]:
    """The matters of a letter; at most twenty are named."""
    found = tuple(texts)
    return found if len(found) <= 20 else (*found[:20], f"另有{len(found) - 20}件")
