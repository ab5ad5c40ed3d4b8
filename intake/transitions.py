"""The one place that locks a case, sets its state, and lets follow what hangs on it. Private to intake's actions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField
from django.utils import timezone

from grids.models import Organisation
from intake.bulk_copy import copy_alike, give_keys
from intake.extension_points import Effect, Leaving, Way, hangings
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import Case, Handling, StatusChange
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, VersionConflict
from zhongzhi.core.text import LONGEST_WORDS, clean_text, required_text
from zhongzhi.rows.statements import Given, PreparedRows

STEP_COLUMNS = ("status", "status_before", "version", "updated_at")
_LOCKED = PreparedRows(
    Case.objects.select_for_update(of=("self",))
    .select_related("centre__territory", "holder", "territory", "category")
    .filter(pk=Given("case", BigIntegerField()))
)


def locked(case: Case, *, version: int | None = None) -> Case:
    """The case, read again and locked for this transaction.

    Raises VersionConflict when the caller saw another version: somebody was faster.
    """
    fresh = _LOCKED.first(case=case.pk)
    if fresh is None:
        raise Case.DoesNotExist(f"case {case.pk} is there no more")
    if version is not None and fresh.version != version:
        raise VersionConflict(_who_was_faster(fresh))
    return fresh


def locked_with_merged(case: Case, *, version: int | None = None) -> Case:
    """The case locked with those that were merged into it, the older row first as everywhere."""
    list(Case.objects.select_for_update(of=("self",)).filter(merged_into=case, pk__lt=case.pk).order_by("pk"))
    return locked(case, version=version)


def hold_entry(uid: UUID) -> None:
    """Hold the number of an entry for this transaction: saving, typing and registering meet here, one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(uid)])


def move(
    case: Case,
    event: Event,
    *,
    actor: User | None,
    reason: str = "",
    organisation: Organisation | None = None,
    columns: dict[str, Any] | None = None,
) -> StatusChange:
    """Move a locked case along the lifecycle, with the columns that the new state needs, and append the step.

    Raises InvalidTransition for a pair that the table does not hold.
    """
    step = stepped(case, event, actor=actor, reason=reason, organisation=organisation, columns=columns)
    case.save(update_fields=[*STEP_COLUMNS, *(columns or {})])
    step.save()
    return step


def stepped(
    case: Case,
    event: Event,
    *,
    actor: User | None,
    reason: str = "",
    organisation: Organisation | None = None,
    columns: dict[str, Any] | None = None,
) -> StatusChange:
    """The same with neither the step nor the case written: the caller writes both, `STEP_COLUMNS` of the case."""
    before = State(case.status)
    prior = State(case.status_before) if case.status_before else None
    after = LIFECYCLE.target(before, event, prior=prior)
    case.status_before = before if event in (Event.SUSPEND, Event.MERGE, Event.GUIDE) else ""
    case.status = after
    case.version += 1
    for name, value in (columns or {}).items():
        setattr(case, name, value)
    return StatusChange(
        case=case,
        event=event,
        from_status=before,
        to_status=after,
        actor=actor,
        organisation=organisation or case.holder or case.centre,
        reason=reason,
        at=timezone.now(),
    )


def enter(case: Case, *, actor: User) -> StatusChange:
    """Let a new case, or a locked draft, be registered; its first step, not yet written. What hangs on it is written
    with its key; the caller writes the row itself last of all, in the state it then has, with its code."""
    if case.pk is None:
        give_keys([case])
    before = State(case.status)
    case.status = LIFECYCLE.target(before, Event.REGISTER)
    case.version += 1
    return StatusChange(
        case=case,
        event=Event.REGISTER,
        from_status=before,
        to_status=case.status,
        actor=actor,
        organisation=case.holder,
        at=timezone.now(),
    )


def enter_all(cases: Sequence[Case], pattern: Case, *, actor: User, at: datetime) -> None:
    """What `enter` does, for many new cases that are like the pattern: each gets its key, and its first step is
    written. The caller writes the rows themselves last of all."""
    to = LIFECYCLE.target(State.DRAFT, Event.REGISTER)
    pattern.status, pattern.version = to, 2
    give_keys(cases)
    step = StatusChange(event=Event.REGISTER, from_status=State.DRAFT, to_status=to, actor=actor, at=at)
    copy_alike(step, [{"case_id": case.pk, "organisation_id": case.holder_id} for case in cases])


def come_to_rest(
    case: Case, way: Way, *, actor: User | None, reason: str = "", handling: Handling | None = None
) -> None:
    """Let everything that hangs on a locked case, or on one closed piece of work on it, end, move or rest with it.

    What becomes of what is said by each app where it adds its kinds (`extension_points.hangings`).
    """
    leaving = Leaving(case, way, actor, reason, handling)
    for kind in hangings:
        if kind.follow is not None:
            kind.follow(leaving)


def take_up_again(case: Case, way: Way, *, actor: User | None, reason: str = "") -> None:
    """Undo this way: let go on what rested, or ended, when a locked case was suspended, merged or taken back."""
    returning = Leaving(case, way, actor, reason)
    for kind in hangings:
        if kind.go_on is not None:
            kind.go_on(returning)


def bars_of(case: Case, way: Way, handling: Handling | None = None) -> list[str]:
    """What must be done before a case can go this way, each in words that name the next step; empty where nothing."""
    kinds = [kind for kind in hangings if kind.effect(way) == Effect.BARS and kind.bar is not None]
    return [words for kind in kinds if kind.bar is not None and (words := kind.bar(case, way, handling))]


def require_free(case: Case, way: Way, handling: Handling | None = None) -> None:
    """Refuse (InvalidTransition) what is barred by something that hangs on the case, and name it."""
    bars = bars_of(case, way, handling)
    if bars:
        raise InvalidTransition(bars[0])


def touch(case: Case, *fields: str) -> None:
    """Save changed columns of a locked case that did not move, as a new version."""
    case.version += 1
    case.save(update_fields=[*fields, "version", "updated_at"])


def reason_given(reason: str, *, field: str = "reason") -> str:
    """A reason that must not be empty, cleaned (BadInput at the field)."""
    return required_text(reason, field=field, missing="请填写理由。", max_length=LONGEST_WORDS, multiline=True)


def words(text: str, *, field: str = "note") -> str:
    """What a person wrote to an act, cleaned: at most LONGEST_WORDS characters (BadInput at the field)."""
    return clean_text(text, field=field, max_length=LONGEST_WORDS, multiline=True)


def _who_was_faster(case: Case) -> str:
    last = case.status_changes.select_related("actor").order_by("-pk").first()
    by = last.actor.name if last and last.actor else "系统"
    step = f"最近一步是{by}的“{last.get_event_display()}”。" if last else ""
    return f"您打开之后，这件案件已有人更新过。{step}您填写的内容仍在，请核对最新情况后再提交。"
