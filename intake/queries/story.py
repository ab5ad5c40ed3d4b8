"""The story of a case as its readers see it: every step, in order, with who, when and why."""

from dataclasses import dataclass, field
from datetime import datetime

from intake.models import Case, Complexity, GradeChange, Risk, StatusChange

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


def story_of(case: Case) -> list[Step]:
    """The steps of a case, the first first. A fixed number of queries."""
    rows = case.status_changes.select_related("actor", "organisation").order_by("at", "pk")
    steps = [_step(change) for change in rows]
    steps += [_grade_step(change) for change in case.grade_changes.select_related("actor")]
    return sorted(steps, key=lambda s: s.at)


def _step(change: StatusChange) -> Step:
    return Step(
        at=change.at,
        event=change.event,
        label=change.get_event_display(),
        actor=change.actor.name if change.actor else "系统",
        organisation=change.organisation.name if change.organisation else "",
        reason=change.reason,
        from_status=change.from_status,
        to_status=change.to_status,
    )


def _grade_step(change: GradeChange) -> Step:
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
    )
