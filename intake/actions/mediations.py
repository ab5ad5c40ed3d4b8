"""What mediations may do to a case: a handling of their own, its clock, the end of the case, the condition of its file.

The callers hold the case's lock already or take it here first; the order is always case, handling, clock.
"""

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from intake.actions.complaints import require_may_handle
from intake.actions.outcome import Report, conclude_locked, reopen_locked
from intake.actions.restricting import open_to_organisation
from intake.deadlines.actions.clocks import extend_clock, start_clock, stop_clocks
from intake.deadlines.models import Clock, ClockKind
from intake.extension_points import Way
from intake.lifecycle import State
from intake.models import (
    ArchiveCondition,
    Case,
    CloseReason,
    ConditionSource,
    Handling,
    HandlingKind,
    HandlingPart,
)
from intake.notifications import notify_dispatchers
from intake.transitions import bars_of
from intake.transitions import locked as lock_case
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition

__all__ = [
    "close_mediation_handling",
    "conclude_by_mediation",
    "extend_mediation_clock",
    "lock_case",
    "move_mediation_handling",
    "open_mediation_handling",
    "reopen_by_clock",
    "set_archive_condition",
]


def open_mediation_handling(
    case: Case, *, actor: User, organisation: Organisation, clock: ClockKind
) -> tuple[Handling, Clock | None]:
    """Let an organisation mediate a locked case that is being handled: its piece of work, and the mediation's limit.

    An organisation that works on the case already keeps its handling; the clock hangs on it.
    """
    require_may_handle(case, organisation)
    open_to_organisation(case, organisation, actor)
    handling = _work_of(case, organisation) or _own_work(case, organisation, actor)
    return handling, start_clock(case, clock, organisation=organisation, handling=handling, at=timezone.now())


def close_mediation_handling(case: Case, handling: Handling, clock: ClockKind) -> None:
    """The mediation of a locked case is over: its limit stops, and a handling that was opened for it closes."""
    stop_clocks(case, clock, handling=handling)
    if handling.kind == HandlingKind.MEDIATION:
        rows = Handling.objects.filter(pk=handling.pk, closed_at__isnull=True)
        rows.update(closed_at=timezone.now(), close_reason=CloseReason.CONCLUDED)


def move_mediation_handling(
    case: Case, former: Handling, clock: ClockKind, *, organisation: Organisation, actor: User | None
) -> Handling:
    """Hang a mediation of a locked case, with its limit, onto the work that its organisation does now, or onto a piece
    of its own: what it hung on is over, or handed on."""
    handling = _work_of(case, organisation) or _own_work(case, organisation, actor)
    case.clocks.filter(handling=former, kind=clock, stopped_at=None).update(handling=handling)
    return handling


def extend_mediation_clock(case: Case, handling: Handling, kind: ClockKind) -> Clock:
    """Give a locked case's mediation more time, both sides consenting (人民调解工作若干规定 art. 33)."""
    clock = running_mediation_clock(handling, kind)
    if clock is None:
        raise InvalidTransition("目前没有在走的调解期限。")
    return extend_clock(
        Clock.objects.select_for_update(of=("self",)).select_related("rule", "organisation").get(pk=clock.pk)
    )


def running_mediation_clock(handling: Handling, kind: ClockKind) -> Clock | None:
    """The limit of a mediation that runs; None where there is none, or it stands still."""
    rows = Clock.objects.filter(handling=handling, kind=kind, stopped_at=None, paused_at=None)
    return rows.select_related("rule", "organisation").first()


def conclude_by_mediation(
    case: Case, report: Report, *, actor: User, by: Organisation, fast_track: bool = False
) -> bool:
    """The mediation's result becomes the outcome of a locked case, on the `fast_track` where the window brought it
    about; whether it did.

    Only where nobody else is in charge, at work or mediating: the lead is the centre itself or the mediating
    organisation, no other handling is open, and no other mediation. Else the lead reports, and is told.
    """
    if case.status != State.HANDLING or bars_of(case, Way.CONCLUDE):
        return False
    others = list(case.handlings.filter(closed_at__isnull=True).select_related("organisation"))
    lead = next((h for h in others if h.part == HandlingPart.LEAD), None)
    if lead is None or len(others) > 1 or lead.organisation_id not in (by.pk, case.centre_id):
        return False
    if fast_track:
        case.is_fast_track = True
        case.save(update_fields=["is_fast_track"])
    conclude_locked(case, report, handling=lead, actor=actor)
    return True


@transaction.atomic
def reopen_by_clock(case: Case, *, reason: str) -> bool:
    """A broken agreement takes a closed case up again by itself; False for a case in any other state."""
    case = lock_case(case)
    if case.status != State.CLOSED:
        return False
    reopen_locked(case, reason=reason, actor=None)
    notify_dispatchers(case, "case_reopened", "协议未履行，已重办", by_clock=True)
    return True


def set_archive_condition(case: Case, source: ConditionSource, *, missing: list[str]) -> ArchiveCondition:
    """Keep what must still be there before the case may be archived; nothing missing lets it through."""
    text = "、".join(missing)[:1000]
    row, is_new = ArchiveCondition.objects.get_or_create(case=case, source=source, defaults={"missing": text})
    if not is_new:
        row.missing = text
        row.save(update_fields=["missing", "checked_at"])
    return row


def _work_of(case: Case, organisation: Organisation) -> Handling | None:
    return case.handlings.filter(organisation=organisation, closed_at__isnull=True).first()


def _own_work(case: Case, organisation: Organisation, actor: User | None) -> Handling:
    now = timezone.now()
    return Handling.objects.create(
        case=case,
        kind=HandlingKind.MEDIATION,
        part=HandlingPart.CO,
        organisation=organisation,
        opened_at=now,
        opened_by=actor,
        signed_at=now,
        signed_by=actor,
    )
