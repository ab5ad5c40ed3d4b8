"""What the acts of a mediation share: the locks, the move along the lifecycle, parties by their uid, the trail."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils import timezone

from intake.actions.mediations import lock_case
from intake.lifecycle import INACTIVE_STATES
from intake.lifecycle import State as CaseState
from intake.models import Case, Party, PartyRole, PartySide
from intake.queries.groups import side_of_group
from intake.queries.guardians import guardians_of, why_guardian_is_missing
from intake.sight import readers_among
from mediation.actions.file import recheck_file
from mediation.lifecycle import LIFECYCLE, OPEN_STATES, Event, State
from mediation.models import Body, Mediation
from mediation.permissions import may_mediate
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import DomainError, InvalidTransition, RuleViolation, refuse_for, require
from zhongzhi.core.text import required_text
from zhongzhi.notices.actions import post

BOTH = (PartySide.APPLICANT, PartySide.RESPONDENT)
NOT_YOURS = "这件调解由{body}办理，只有该组织的调解员和负责中心可以操作。"


def locked(mediation: Mediation) -> Mediation:
    """The mediation, read again; its case is locked first, then the mediation."""
    case = lock_case(mediation.case)
    rows = Mediation.objects.select_for_update(of=("self",)).select_related(
        "body__organisation__territory", "handling__organisation"
    )
    fresh = rows.get(pk=mediation.pk)
    fresh.case = case
    return fresh


def locked_for(mediation: Mediation, actor: User) -> Mediation:
    """The locked mediation, for somebody who may lead it (PermissionDenied else)."""
    mediation = locked(mediation)
    require(may_mediate(actor, mediation), NOT_YOURS.format(body=mediation.body))
    return mediation


def require_open(mediation: Mediation) -> None:
    """Refuse acts on a mediation that does not go on."""
    refuse_for(why_over(mediation))


def why_over(mediation: Mediation) -> DomainError | None:
    """Why a mediation does not go on: it is over, or its case, or the work that it belongs to. None where it does."""
    if not mediation.is_open:
        return InvalidTransition(f"调解{State(mediation.status).label}，不能再办理这一步。")
    if mediation.case.status in INACTIVE_STATES:
        return InvalidTransition(f"案件{CaseState(mediation.case.status).label}，调解不能继续。")
    if mediation.handling.closed_at is not None:
        return InvalidTransition("调解组织对本案的办理已经结束，调解不能继续。")
    return None


def why_not_beside(case: Case, *, mode: str, body: Body) -> DomainError | None:
    """Why there can be no mediation beside those under way: one at a time in the same mode, or before the same body."""
    for other in case.mediations.filter(status__in=OPEN_STATES).select_related("body__organisation"):
        if other.mode == mode:
            return InvalidTransition(f"本案的{other.get_mode_display()}正在进行，结束后才能再开启同一方式的调解。")
        if other.body_id == body.pk:
            return InvalidTransition(f"{body}正在调解本案（{other.get_mode_display()}），结束后才能再由该组织调解。")
    return None


def move(mediation: Mediation, event: Event, **columns: Any) -> None:
    """Move a locked mediation along its lifecycle, with the columns that the new state needs."""
    mediation.status = LIFECYCLE.target(State(mediation.status), event)
    for name, value in columns.items():
        setattr(mediation, name, value)
    mediation.save(update_fields=["status", *columns])


def done(mediation: Mediation, actor: User | None, verb: Verb, **facts: object) -> None:
    """The line in the trail of the case, and the state of the file after the act."""
    record(actor, verb, mediation.case, mediation=mediation.pk, **facts)
    recheck_file(mediation.case)


def principals(case: Case) -> list[Party]:
    """The parties themselves, in order, without agents and guardians."""
    people = [party for party in case.parties.all() if party.role == PartyRole.PRINCIPAL]
    return sorted(people, key=attrgetter("ordinal", "pk"))


def sides(case: Case) -> list[Party]:
    """Those whose consent and signature a mediation needs: the principals of both sides."""
    return [party for party in principals(case) if party.side != PartySide.THIRD]


def why_one_sided(case: Case) -> RuleViolation | None:
    """Why there is nobody to come to terms with: only one side is registered. A list of a group is a side; None where
    both are there."""
    there = {party.side for party in sides(case)}
    absent = [side for side in BOTH if side not in there]
    if not absent or ("members" not in case.lacks and set(absent) == {side_of_group(case)}):
        return None
    return RuleViolation(f"协议由双方当事人达成，本案还没有登记{absent[0].label}，请先在案件的“更正登记内容”中补录。")


def acting_guardian(party: Party, *, field: str) -> Party | None:
    """Who acts for a party today: the first guardian of one who does not act alone; none for others.

    Raises RuleViolation at the field where a guardian is needed and none is registered.
    """
    refuse_for(why_guardian_is_missing([party], field=field))
    return next(iter(guardians_of(party)), None)


def parties_named(case: Case, uids: Iterable[str], *, field: str) -> list[Party]:
    """Parties of the case by uid, in the case's order; RuleViolation for one that is not of the case."""
    wanted = {str(uid) for uid in uids if uid}
    found = [party for party in case.parties.order_by("ordinal", "pk") if str(party.uid) in wanted]
    if len(found) != len(wanted):
        raise RuleViolation("所选的人不是本案当事人，请先在案件中登记为当事人。", field=field)
    return found


def text_of(value: str, *, field: str, what: str, longest: int = 5000, multiline: bool = True) -> str:
    """A cleaned text that must not be empty; `what` names it in the refusal."""
    return required_text(value, field=field, missing=f"请填写{what}。", max_length=longest, multiline=multiline)


def not_in_future(day: date, *, field: str) -> date:
    """The day an event happened; it cannot lie ahead."""
    if day > timezone.localdate():
        raise RuleViolation("日期不能晚于今天。", field=field)
    return day


def tell_mediators(mediation: Mediation, kind: str, title: str, *, key: str, link: str = "", **more: Any) -> None:
    """A message to the mediators who have an account."""
    people = [m.user for m in mediation.mediators.select_related("user") if m.user and m.user.is_active]
    address = link or f"/mediation/{mediation.uid}/"
    people = readers_among(people, mediation.case)
    post(people, kind, title=f"{mediation.case.code} {title}", body=mediation.case.title, link=address, key=key, **more)
