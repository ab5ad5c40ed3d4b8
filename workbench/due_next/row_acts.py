"""The act that stands in the row of a case: what its reason asks for, where this person may do it. It is told from the
case as lists read it, so that a row asks the database nothing."""

from collections.abc import Callable
from typing import Final

from django.urls import reverse

from grids.models import OrganisationKind
from grids.roles import Capability
from grids.scope import scope_of
from intake import permissions
from intake.available_actions import ACTS
from intake.models import Case, Handling, HandlingPart
from intake.models.handling import REPORTED_APART
from referrals.available_actions import CASE_ACTS
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem

HOUSES = (OrganisationKind.MEDIATION_COMMITTEE, OrganisationKind.BRANDED_ROOM)
"""What they do with a case goes through its mediation."""
NONE = ""
RUN: Final = {act.name: act for act in (*CASE_ACTS, *ACTS) if act.run is not None}


def act_in_row(user: User, why: str, case: Case, *, is_return: bool = False) -> MenuItem | None:
    """The act, its dialog leading back to the list; None where the case has to be opened first."""
    name = _decision(is_return) if why == "decide" else IN_ROW.get(why, _opens)(user, case)
    act = RUN.get(name)
    if act is None or permissions.stands_back(user, case.pk):
        return None
    address = f"{reverse('intake:act', args=[case.code, act.name])}?back=here"
    return MenuItem(act.label, act.icon, address, act.rank)


def _decision(is_return: bool) -> str:
    return "decide-return" if is_return else "decide-extension"


def _opens(user: User, case: Case) -> str:
    return NONE


def _accepts(user: User, case: Case) -> str:
    return "accept" if permissions.may_accept(user, case) else NONE


def _hands_out(user: User, case: Case) -> str:
    return "dispatch" if permissions.may_sort(user, case) else NONE


def _reviews(user: User, case: Case) -> str:
    return "close" if scope_of(user).may_at(case.centre_id, Capability.CLOSE) else NONE


def _follows_up(user: User, case: Case) -> str:
    return "follow-up" if permissions.may_follow_up(user, case) else NONE


def _signs(user: User, case: Case) -> str:
    handling = _own(user, case, signed=False)
    return NONE if handling is None else "sign" if handling.part == HandlingPart.LEAD else "sign-part"


def _reports(user: User, case: Case) -> str:
    """The result, once no other part is open; before that one opens the case."""
    handling = _own(user, case, signed=True)
    if handling is None or (case.holder is not None and case.holder.kind in HOUSES):
        return NONE
    if handling.part == HandlingPart.CO:
        return "report-part" if handling.kind in REPORTED_APART else NONE
    return NONE if any(row.pk != handling.pk for row in _open(case)) else "report-outcome"


def _reads(user: User, case: Case) -> str:
    return "read-mentions"


def _directs(user: User, case: Case) -> str:
    return "direct" if permissions.may_direct(user, case) else NONE


IN_ROW: dict[str, Callable[[User, Case], str]] = {
    "mentions": _reads,
    "in-charge": _directs,
    "triage": _accepts,
    "dispatch": _hands_out,
    "sign": _signs,
    "my-work": _reports,
    "handle": _reports,
    "review": _reviews,
    "follow-up": _follows_up,
}


def _open(case: Case) -> list[Handling]:
    return [row for row in case.handlings.all() if row.closed_at is None]


def _own(user: User, case: Case, *, signed: bool) -> Handling | None:
    """The open handling of an organisation for which this person handles, its lead before its parts."""
    mine = [
        row
        for row in _open(case)
        if (row.signed_at is not None) == signed and scope_of(user).may_at(row.organisation_id, Capability.HANDLE)
    ]
    return min(mine, key=lambda row: row.part != HandlingPart.LEAD, default=None)
