"""The story of a case as its readers see it: every step, in order, with who, when and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from intake.models import Case, Complexity, FollowUp, GradeChange, LeaderInCharge, Merger, Risk, RoadTaken, StatusChange

GRADES: dict[str, type[Complexity] | type[Risk]] = {"complexity": Complexity, "risk": Risk}


@dataclass(frozen=True)
class Step:
    """One line of the timeline."""

    at: datetime
    event: str
    label: str
    actor: str
    organisation: str
    reason: str = ""
    from_status: str = ""
    to_status: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    case_code: str = ""


def story_of(case: Case) -> list[Step]:
    """The steps of a case and of those merged into it (with their code), the first first. Six queries."""
    mergers = list(case.mergers_into.select_related("case", "merged_by", "undone_by"))
    merged = {row.case_id: str(row.case.code) for row in mergers if row.undone_at is None}
    cases = [case.pk, *merged]
    rows = StatusChange.objects.filter(case_id__in=cases).select_related("actor", "organisation").order_by("at", "pk")
    steps = [_step(change, merged.get(change.case_id, "")) for change in rows]
    grades = GradeChange.objects.filter(case_id__in=cases).select_related("actor")
    steps += [_grade_step(change, merged.get(change.case_id, "")) for change in grades]
    steps += [step for merger in mergers for step in _merger_steps(merger)]
    steps += [_follow_up_step(row) for row in case.follow_ups.select_related("made_by")]
    steps += [_leader_step(row) for row in case.leaders_in_charge.select_related("leader", "named_by")]
    steps += [_road_step(row) for row in case.roads.select_related("recorded_by") if row.ended_on]
    return sorted(steps, key=lambda s: s.at)


def _step(change: StatusChange, code: str) -> Step:
    return Step(
        at=change.at,
        event=change.event,
        label=change.get_event_display(),
        actor=change.actor.name if change.actor else "系统",
        organisation=change.organisation.name if change.organisation else "",
        reason=change.reason,
        from_status=change.from_status,
        to_status=change.to_status,
        case_code=code,
    )


def _grade_step(change: GradeChange, code: str) -> Step:
    return Step(
        at=change.at,
        event=f"grade_{change.field}",
        label=f"调整{change.get_field_display()}",
        actor=change.actor.name,
        organisation="",
        reason=change.reason,
        facts={
            "old": change.old,
            "new": change.new,
            "old_label": str(GRADES[change.field](change.old).label),
            "new_label": str(GRADES[change.field](change.new).label),
        },
        case_code=code,
    )


def _merger_steps(merger: Merger) -> Iterator[Step]:
    """How it reads at the case that took the other in."""
    yield Step(
        merger.merged_at, "merged_in", "并入案件", merger.merged_by.name, "", f"{merger.case.code}：{merger.reason}"
    )
    if merger.undone_at is not None and merger.undone_by is not None:
        reason = f"{merger.case.code}：{merger.undo_reason}"
        yield Step(merger.undone_at, "split_off", "撤销并入", merger.undone_by.name, "", reason)


def _follow_up_step(row: FollowUp) -> Step:
    said = [row.get_way_display()]
    if row.reached:
        said += [row.get_performance_display(), f"满意度 {row.satisfaction}（{row.get_satisfaction_display()}）"]
    else:
        said.append("没有联系上")
    if row.escalating:
        said.append("有激化苗头")
    reason = "，".join(said) + (f"：{row.note}" if row.note else "")
    return Step(row.made_at, "follow_up", "回访", row.made_by.name, "", reason)


def _road_step(row: RoadTaken) -> Step:
    number = f"（{row.number}）" if row.number else ""
    said = f"{row.get_road_display()}：{row.ended_on} {row.result}{number}"
    return Step(
        row.recorded_at or row.led_at,
        "road_ended",
        "途径结果",
        row.recorded_by.name if row.recorded_by else "",
        "",
        said,
    )


def _leader_step(row: LeaderInCharge) -> Step:
    by = row.named_by.name if row.named_by else "系统"
    return Step(row.since, "leader_in_charge", "领导包案", by, "", f"{row.leader.name}：{row.reason}")
