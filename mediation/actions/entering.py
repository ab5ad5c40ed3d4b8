"""Sessions entered afterwards (补录): with the time they were and the time of the entry."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mediation.actions._locking import done, locked_for, parties_named
from mediation.actions.bookings import note_mediators
from mediation.actions.mediation_sessions import Plan, add_others, check_joint, check_time, chosen_mediators
from mediation.actions.minutes import Minutes, require_minutes, write_minutes
from mediation.lifecycle import State
from mediation.models import Attendee, Mediation, Session, SessionState
from mediation.permissions import may_enter_session
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text

ENTERED_WITHIN = timedelta(days=7)
"""How long ago a session may have been that is entered afterwards."""


@transaction.atomic
def enter_session(mediation: Mediation, plan: Plan, minutes: Minutes, *, actor: User) -> Session:
    """Enter afterwards (补录) a session that took place: within seven days, or whenever the file of an agreement still
    waits for its record. When it was and when it was entered both stand; nobody is invited, nothing is booked.

    Raises RuleViolation at `starts_at` for a time ahead, before the mediation was opened, or too long ago, and what
    `hold_session` raises for minutes that are not whole.
    """
    mediation = locked_for(mediation, actor)
    require(may_enter_session(actor, mediation), "只有进行中的、或者已达成协议尚未归档的调解可以补录。")
    if mediation.status == State.OPENED:
        raise InvalidTransition("还有当事人没有表示同意调解，请先记录各方意愿。")
    check_time(mediation, plan.starts_at, plan.ends_at)
    _check_entry(mediation, plan)
    session = write_held(mediation, plan, minutes)
    session.entered_at = timezone.now()
    session.save(update_fields=["entered_at"])
    done(mediation, actor, Verb.SESSION_ENTERED, session=session.pk, starts_at=session.starts_at)
    return session


def write_held(mediation: Mediation, plan: Plan, minutes: Minutes) -> Session:
    """A session of a locked mediation that took place: nobody is invited, nothing is booked. Who was hurt at home did
    not meet the other side against their will, whatever is entered."""
    place = clean_text(plan.place, field="place", max_length=120)
    if plan.room is None and not place:
        raise RuleViolation("请选择调解室，或填写地点。", field="place")
    came = parties_named(mediation.case, plan.parties, field="parties")
    check_joint(mediation, plan.kind, came, "parties")
    times = {"starts_at": plan.starts_at, "ends_at": plan.ends_at}
    session = Session.objects.create(mediation=mediation, kind=plan.kind, room=plan.room, place=place, **times)
    for party in came:
        Attendee.objects.create(session=session, party=party, capacity=party.get_side_display(), came=True)
    add_others(session, plan.others)
    note_mediators(session, chosen_mediators(mediation, plan.mediators))
    write_minutes(session, minutes)
    require_minutes(session)
    session.status = SessionState.HELD
    session.save(update_fields=["status"])
    return session


def _check_entry(mediation: Mediation, plan: Plan) -> None:
    now = timezone.now()
    if plan.ends_at > now:
        raise RuleViolation("补录的是已经结束的调解活动；还没有结束的请安排会期。", field="starts_at")
    if mediation.status == State.AGREED:
        agreed = mediation.agreements.filter(in_force_on__isnull=False).order_by("-in_force_on").first()
        day = agreed.in_force_on if agreed is not None else None
        if day is not None and timezone.localdate(plan.starts_at) > day:
            raise RuleViolation(f"协议已于 {day} 生效，补录的应是此前的调解活动。", field="starts_at")
    elif now - plan.starts_at > ENTERED_WITHIN:
        raise RuleViolation("只能补录七日以内的调解活动。", field="starts_at")
