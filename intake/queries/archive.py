"""What a closed case still lacks before its file may be put away."""

from datetime import timedelta

from django.utils import timezone

from intake.deadlines.models import ClockKind
from intake.deadlines.queries import rule_for
from intake.models import Case, FollowUp, PartyRole, PartySide, Performance
from zhongzhi.core.worktime import Unit

TRIES = 2
HOURS_APART = 1
"""How far apart two tries are where no time limit says otherwise."""
HOURS_OF = {Unit.NATURAL_DAY.value: 24, Unit.WORKING_DAY.value: 24}


def archive_gaps(case: Case) -> list[str]:
    """In words, each with what to do about it; empty when the file is complete. A fixed number of queries."""
    gaps = []
    if case.category_id is None:
        gaps.append("没有选定纠纷类别")
    if not any((p.side, p.role) == (PartySide.APPLICANT, PartyRole.PRINCIPAL) for p in case.parties.all()):
        gaps.append("没有登记申请人")
    if not case.outcome_note:
        gaps.append("没有写明办理情况")
    return gaps + _follow_up_gaps(case) + conditions_not_met(case)


def conditions_not_met(case: Case) -> list[str]:
    """What those who worked on the case still miss, as they last looked (a mediation's file, for one)."""
    rows = case.archive_conditions.exclude(missing="").order_by("source")
    return [f"{row.get_source_display()}尚缺：{row.missing}" for row in rows]


def _follow_up_gaps(case: Case) -> list[str]:
    rows = list(follow_ups_since_closing(case))
    heard = [row for row in rows if row.reached]
    if not heard:
        left = TRIES - len(tries(case, rows))
        return [f"还没有回访（联系不上的，至少联系 {TRIES} 次，还差 {left} 次）"] if left > 0 else []
    last = heard[-1]
    gaps = []
    if last.escalating:
        gaps.append("最近一次回访有激化苗头，请处置后再回访，或办理重办")
    if last.performance == Performance.NOT:
        gaps.append("协议未履行，请督促履行后再回访，或办理重办")
    if last.performance in (Performance.NOT_YET, Performance.PARTLY):
        gaps.append("协议尚未全部履行，请在履行期满后再回访")
    return gaps


def tries(case: Case, rows: list[FollowUp]) -> list[FollowUp]:
    """Of follow-ups in their order those that are a try of their own: calls that come too soon after one are not."""
    rule = rule_for(case, ClockKind.FOLLOW_UP_TRY, on=timezone.localdate())
    apart = timedelta(hours=HOURS_APART if rule is None else rule.amount * HOURS_OF.get(rule.unit, 1))
    counted: list[FollowUp] = []
    for row in rows:
        if not counted or row.made_at - counted[-1].made_at >= apart:
            counted.append(row)
    return counted


def follow_ups_since_closing(case: Case) -> list[FollowUp]:
    """The follow-ups that count: those after the case was closed for the last time."""
    rows = case.follow_ups.select_related("made_by").order_by("made_at", "pk")
    return list(rows.filter(made_at__gte=case.closed_at) if case.closed_at else rows.none())
