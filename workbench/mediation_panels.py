"""What mediation puts on the dossier and on the home page: a way in, the mediations of the case, the hall of today."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from grids.models import OrganisationKind
from grids.permissions import is_administrator
from intake.models import Case
from mediation.available_actions import CASE_ACTS, Situation
from mediation.lifecycle import OPEN_STATES
from mediation.models import Duty
from mediation.queries.file import file_lines
from mediation.queries.hall import hall_centre_of, hall_week, on_duty
from mediation.queries.visibility import mediations_of
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act
from zhongzhi.web.menus import MenuItem, Panel

HOUSES = (OrganisationKind.MEDIATION_COMMITTEE, OrganisationKind.BRANDED_ROOM)
FIRST = 55
"""Before the report of the outcome."""
LATER = 150
"""Under 更多 alone: another mediation beside one that goes on."""


def mediation_offers(user: User, case: Case) -> list[MenuItem]:
    """Hand the case to mediation, where it is in somebody's hands and this person may: the first thing that a house of
    mediation does with a case, not the first of any other organisation, and no next step while one goes on."""
    acts = CASE_ACTS.available(Situation(user, case))
    if acts and case.mediations.filter(status__in=OPEN_STATES).exists():
        return [_offer(case, act, LATER) for act in acts]
    mediates = case.holder is not None and case.holder.kind in HOUSES
    return [_offer(case, act, FIRST if mediates and act.name == "mediate" else act.rank) for act in acts]


def _offer(case: Case, act: Act[Situation[Case]], rank: int) -> MenuItem:
    address = reverse("mediation:open_so", args=[case.code, act.name])
    return MenuItem(act.label, act.icon, address, rank, act.danger)


def mediation_panel(user: User, case: Case) -> Panel | None:
    """The mediations of the case, each with its state and what its file lacks."""
    rows = mediations_of(case)
    if not rows:
        return None
    lines = [(row, [line for line in file_lines(row) if line.is_missing]) for row in rows]
    return Panel("mediation/parts/_panel.html", {"lines": lines, "open_states": OPEN_STATES}, side="story")


def hall_today(user: User) -> list[Duty] | None:
    """Who is in the hall of one's centre today; None for those who serve at no centre, and for the administrators."""
    centre = None if is_administrator(user) else hall_centre_of(user)
    return None if centre is None else on_duty(centre, timezone.localdate())


def hall_week_of(user: User, monday: date) -> dict[str, object]:
    """The roster of the hall for a week, beside the duty list; without a centre nothing."""
    centre = hall_centre_of(user)
    week = [] if centre is None else hall_week(centre, monday)
    used = any(day.duties for day in week)
    return {"centre": centre, "week": week, "used": used, "monday": monday, "today": timezone.localdate()}
