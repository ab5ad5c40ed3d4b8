"""What referrals puts on the dossier: acts with documents and joint work, and what stands there about them."""

from dataclasses import dataclass

from django.urls import reverse

from intake.coordination.models import Task
from intake.coordination.queries import tier_moves_of
from intake.models import Case, Tier
from intake.queries import veil_all
from referrals import queries
from referrals.available_actions import TASK_ACTS, TaskSituation, available_case_acts
from zhongzhi.accounts.models import User
from zhongzhi.web.menus import MenuItem, Panel

ROAD = (Tier.VILLAGE, Tier.TOWN, Tier.COUNTY)


@dataclass(frozen=True)
class TaskLine:
    """One task and what this reader may do with it."""

    task: Task
    may_do: bool
    may_release: bool


def offers(user: User, case: Case) -> list[MenuItem]:
    """The acts on a case that are done in referrals, apart from those that stand in intake's table."""
    return [
        MenuItem(act.label, act.icon, reverse("referrals:act", args=[case.code, act.name]), act.rank)
        for act in available_case_acts(user, case)
    ]


def documents_panel(user: User, case: Case) -> Panel | None:
    """The slips and letters of the case; drafts for those who issue."""
    documents = queries.documents_as_seen(user, queries.documents_shown_on(case, user))
    return Panel("referrals/parts/_documents_panel.html", {"documents": documents}) if documents else None


def joint_panel(user: User, case: Case) -> Panel | None:
    """Tasks of joint handling and the meetings that they came from."""
    tasks, meetings = queries.tasks_as_seen(user, case), queries.meetings_as_seen(user, case)
    if not tasks and not meetings:
        return None
    lines = [TaskLine(task, *_offered(user, task)) for task in tasks]
    return Panel("referrals/parts/_joint_panel.html", {"lines": lines, "meetings": meetings}, side="story")


def _offered(user: User, task: Task) -> tuple[bool, bool]:
    """Whether the task may be reported as done, and whether it may be released."""
    names = {act.name for act in TASK_ACTS.available(TaskSituation(user, task))}
    return "done" in names, "release" in names


def tiers_panel(user: User, case: Case) -> Panel | None:
    """The case's way through the tiers; nothing for a case that stayed where it came in."""
    moves = veil_all(user, tier_moves_of(case), lambda move: case, "reason")
    if not moves:
        return None
    been = {move.from_tier for move in moves} | {move.to_tier for move in moves}
    way = [(tier.label, "now" if tier == case.tier else "been" if tier in been else "") for tier in ROAD]
    return Panel("referrals/parts/_tiers_panel.html", {"moves": moves, "way": way})


def care_panel(user: User, case: Case) -> Panel | None:
    """The protected mark, for the few who may see it."""
    record = queries.care_of(user, case)
    return Panel("referrals/parts/_care_panel.html", {"record": record}) if record is not None else None
