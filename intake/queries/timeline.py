"""The story of a case as its readers see it: every step, in order, with who, when and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from grids.queries import NamesThen
from intake.models import (
    Case,
    Complexity,
    Correction,
    Direction,
    FollowUp,
    GradeChange,
    Guidance,
    GuidanceEnd,
    LeaderInCharge,
    Merger,
    Risk,
    RoadCorrection,
    RoadTaken,
    StatusChange,
    WorkNote,
)
from intake.models.attention import Urging
from intake.queries.corrections import Changed, changed_in_words, corrections_of
from intake.queries.guidance import guidances_of
from intake.queries.roads import roads_of
from intake.queries.veiling import hidden_names, masked_text
from intake.sight import Level, sight_within
from zhongzhi.accounts.models import User

GRADES: dict[str, type[Complexity] | type[Risk]] = {"complexity": Complexity, "risk": Risk}


KINDS = {
    "work_note": "note",
    "follow_up": "note",
    "direction": "above",
    "direction_answered": "above",
    "leader_in_charge": "above",
    "urged": "above",
}


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
    changes: tuple[Changed, ...] = ()
    correction: str = ""
    who: int | None = None
    where: int | None = None
    post: str = ""

    @property
    def kind(self) -> str:
        """Which of the filters of the stream shows it: what was noted, what came from above, or a step of the case."""
        return KINDS.get(self.event, "step")


def timeline_of(case: Case) -> list[Step]:
    """The steps of a case and of those merged into it (with their code), the first first, with names and posts as they
    were then. A fixed number of queries."""
    mergers = list(case.mergers_into.select_related("case", "merged_by", "undone_by"))
    merged = {row.case_id: str(row.case.code) for row in mergers if row.undone_at is None}
    cases = [case.pk, *merged]
    rows = StatusChange.objects.filter(case_id__in=cases).select_related("actor", "organisation").order_by("at", "pk")
    steps = [_step(change, merged.get(change.case_id, "")) for change in rows]
    grades = GradeChange.objects.filter(case_id__in=cases) if merged else case.grade_changes.all()
    steps += [_grade_step(change, merged.get(change.case_id, "")) for change in grades.select_related("actor")]
    steps += [step for merger in mergers for step in _merger_steps(merger)]
    steps += [_follow_up_step(row) for row in case.follow_ups.select_related("made_by")]
    steps += [_leader_step(row) for row in case.leaders_in_charge.select_related("leader", "named_by")]
    steps += [_urging_step(row) for row in case.urgings.select_related("organisation", "urged_by")]
    steps += [_note_step(row) for row in case.work_notes.select_related("organisation", "written_by")]
    directions = case.directions.select_related("organisation", "leader", "answered_by")
    steps += [step for row in directions for step in _direction_steps(row)]
    steps += [_correction_step(row, merged.get(row.case_id, "")) for row in corrections_of(case, merged)]
    steps += [step for row in guidances_of(case) for step in _guidance_steps(row)]
    steps += [step for row in roads_of(case) if row.ended_on for step in _road_steps(row)]
    return as_it_was(sorted(steps, key=lambda s: s.at))


def as_it_was(steps: list[Step]) -> list[Step]:
    """Each step with the names that people and organisations had then, and the post in which somebody acted."""
    users, organisations = {s.who for s in steps if s.who}, {s.where for s in steps if s.where}
    then = NamesThen(users, organisations)
    return [
        replace(
            step,
            actor=then.person(step.who, step.at) or step.actor,
            organisation=then.organisation(step.where, step.at) or step.organisation,
            post=then.post(step.who, step.where, step.at),
        )
        for step in steps
    ]


def story_for(user: User, case: Case) -> list[Step]:
    """The steps of a case in sight, the first first; reasons as far as this person may see what was written."""
    steps, sight = timeline_of(case), sight_within(user, case)
    if sight.is_full:
        return steps
    hidden, told = hidden_names(case), sight.level >= Level.MASKED
    return [_veiled(step, hidden if told else None) for step in steps]


def _veiled(step: Step, hidden: list[str] | None) -> Step:
    """As a reader sees it who does not see the case in full: without names, or without any words."""
    if hidden is None:
        return replace(step, reason="", changes=(), correction="")
    changes = [replace(c, old=masked_text(c.old, hidden), new=masked_text(c.new, hidden)) for c in step.changes]
    return replace(step, reason=masked_text(step.reason, hidden), changes=tuple(changes), correction="")


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
        who=change.actor_id,
        where=change.organisation_id,
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
        who=change.actor_id,
    )


def _merger_steps(merger: Merger) -> Iterator[Step]:
    """How it reads at the case that took the other in."""
    said = f"{merger.case.code}：{merger.reason}"
    by = merger.merged_by
    yield Step(merger.merged_at, "merged_in", "并入案件", by.name, "", said, who=by.pk)
    if merger.undone_at is not None and merger.undone_by is not None:
        reason = f"{merger.case.code}：{merger.undo_reason}"
        by = merger.undone_by
        yield Step(merger.undone_at, "split_off", "撤销并入", by.name, "", reason, who=by.pk)


def _follow_up_step(row: FollowUp) -> Step:
    said = [row.get_way_display()]
    if row.reached:
        said += [row.get_performance_display(), f"满意度 {row.satisfaction}（{row.get_satisfaction_display()}）"]
    else:
        said.append("没有联系上")
    if row.escalating:
        said.append("有激化苗头")
    reason = "，".join(said) + (f"：{row.note}" if row.note else "")
    return Step(row.made_at, "follow_up", "回访", row.made_by.name, "", reason, who=row.made_by_id)


def _road_steps(row: RoadTaken) -> Iterator[Step]:
    """The result as it was recorded first, and each correction with what it says since."""
    corrections = list(row.corrections.all())
    versions: list[RoadTaken | RoadCorrection] = [*corrections, row]
    first = versions[0]
    by = first.recorded_by.name if first.recorded_by else ""
    yield Step(first.recorded_at or row.led_at, "road_ended", "途径结果", by, "", _result_of(row, first))
    for correction, then in zip(corrections, versions[1:], strict=True):
        said = f"{_result_of(row, then)}；更正理由：{correction.reason}"
        yield Step(correction.at, "road_corrected", "更正途径结果", correction.actor.name, "", said)


def _result_of(row: RoadTaken, said: RoadTaken | RoadCorrection) -> str:
    number = f"（{said.number}）" if said.number else ""
    return f"{row.get_road_display()}：{said.ended_on} {said.result}{number}"


def _guidance_steps(row: Guidance) -> Iterator[Step]:
    """Its signature and that it arrived; sending, coming back and taking back are moves of the case."""
    if row.signed_at is not None and row.signed_by is not None:
        yield Step(
            row.signed_at, "guidance_signed", "导引签收", row.signed_by.name, row.receiver_name, who=row.signed_by_id
        )
    if row.end == GuidanceEnd.ARRIVED and row.ended_at is not None and row.ended_by is not None:
        on_paper = f"{row.answered_on}回执" if row.answered_on else ""
        said = "：".join(part for part in (on_paper, row.answer) if part)
        yield Step(row.ended_at, "guidance_arrived", "导引到位", row.ended_by.name, row.receiver_name, said)


def _correction_step(row: Correction, code: str) -> Step:
    values = list(row.values.all())
    sealed = str(row.uid) if any(value.old_sealed or value.new_sealed for value in values) else ""
    return Step(
        at=row.made_at,
        event="corrected",
        label="更正登记内容" if row.reason else "补充登记内容",
        actor=row.made_by.name,
        organisation="",
        reason=row.reason,
        case_code=code,
        who=row.made_by_id,
        changes=tuple(changed_in_words(value) for value in values),
        correction=sealed,
    )


def _note_step(row: WorkNote) -> Step:
    told = f"（告知当事人：{row.citizen_line}）" if row.citizen_line else ""
    where = row.organisation.name if row.organisation else ""
    said = f"{row.on}：{row.text}{told}"
    by, at = row.written_by, row.organisation_id
    return Step(row.written_at, "work_note", row.get_kind_display(), by.name, where, said, who=by.pk, where=at)


def _direction_steps(row: Direction) -> Iterator[Step]:
    by = f"（{row.due_on} 前办复）" if row.due_on else ""
    read = "" if row.read_at else "；尚未阅读"
    said = f"致{row.organisation}：{row.words}{by}{read}"
    yield Step(row.given_at, "direction", "领导批示", row.leader.name, "", said, who=row.leader_id)
    if row.answered_at is not None and row.answered_by is not None:
        answerer, where = row.answered_by, row.organisation
        said = row.answer
        yield Step(
            row.answered_at,
            "direction_answered",
            "办复批示",
            answerer.name,
            where.name,
            said,
            who=answerer.pk,
            where=where.pk,
        )


def _leader_step(row: LeaderInCharge) -> Step:
    by = row.named_by.name if row.named_by else "系统"
    said = f"{row.leader.name}：{row.reason}"
    return Step(row.since, "leader_in_charge", "领导包案", by, "", said, who=row.named_by_id)


def _urging_step(row: Urging) -> Step:
    said = f"{row.organisation}：{row.reason}"
    return Step(row.urged_at, "urged", "催办", row.urged_by.name, "", said, who=row.urged_by_id)
