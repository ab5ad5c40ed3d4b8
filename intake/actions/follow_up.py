"""Following up a closed case: what was heard is kept, the follow-up limit ends, bad news goes to the centre."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from intake.deadlines.actions.clocks import stop_clocks
from intake.deadlines.models import ClockKind
from intake.lifecycle import State
from intake.models import Case, ContactWay, FollowUp, Performance, Satisfaction
from intake.notifications import notify_dispatchers
from intake.permissions import may_follow_up
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text


@dataclass(frozen=True)
class Heard:
    """What a follow-up brought: nothing but `way` and a note where nobody was reached."""

    way: str
    reached: bool
    performance: str = ""
    satisfaction: int | None = None
    escalating: bool = False
    note: str = ""


@transaction.atomic
def record_follow_up(case: Case, heard: Heard, *, actor: User, version: int | None = None) -> FollowUp:
    """Keep a follow-up of a closed case. One that reached somebody ends the follow-up limit.

    Signs of escalation, dissatisfaction (1-2) and what was not performed are told to those who sort, who may
    reopen the case. Raises RuleViolation at the field that is missing.
    """
    case = locked(case, version=version)
    require(may_follow_up(actor, case), "回访由负责中心办理。")
    if case.status != State.CLOSED:
        raise InvalidTransition(f"案件{State(case.status).label}；回访在办结之后、归档之前办理。")
    heard = _checked(heard)
    row = FollowUp.objects.create(case=case, made_by=actor, made_at=timezone.now(), **heard.__dict__)
    if heard.reached:
        stop_clocks(case, ClockKind.FOLLOW_UP)
        case.satisfaction, case.rated_at = heard.satisfaction, row.made_at
    touch(case, "satisfaction", "rated_at")
    record(actor, Verb.FOLLOWED_UP, case, follow_up=row.pk, reached=heard.reached, satisfaction=heard.satisfaction)
    worry = _worry(heard)
    if worry:
        notify_dispatchers(case, f"follow_up_{row.pk}", f"回访发现{worry}，请研究是否重办")
    return row


def _checked(heard: Heard) -> Heard:
    if heard.way not in ContactWay.values:
        raise RuleViolation("请选择回访方式。", field="way")
    note = clean_text(heard.note, field="note", max_length=2000, multiline=True)
    if not heard.reached:
        if not note:
            raise RuleViolation("没有联系上的，请写明情况。", field="note")
        return Heard(heard.way, reached=False, note=note)
    if heard.performance not in Performance.values:
        raise RuleViolation("请选择履行情况。", field="performance")
    if heard.satisfaction not in Satisfaction.values:
        raise RuleViolation("请选择满意度（1 至 5）。", field="satisfaction")
    if heard.escalating and not note:
        raise RuleViolation("有激化苗头的，请写明情况。", field="note")
    return Heard(heard.way, True, heard.performance, heard.satisfaction, heard.escalating, note)


def _worry(heard: Heard) -> str:
    found = []
    if heard.escalating:
        found.append("激化苗头")
    if heard.satisfaction is not None and heard.satisfaction <= Satisfaction.POOR:
        found.append("群众不满意")
    if heard.performance == Performance.NOT:
        found.append("协议未履行")
    return "、".join(found)
