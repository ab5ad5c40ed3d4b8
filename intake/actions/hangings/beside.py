"""What stands beside the work: suspension, leader in charge, roads, and where the case came from or goes with."""

from django.utils import timezone

from grids.actions.hazard_cases import give_back, hand_on_again
from grids.lifecycle import HazardState
from intake.actions.hangings.work import AWAY, open_merger
from intake.actions.merging import split_off
from intake.coordination.models import AgendaItem, Decision
from intake.extension_points import Hanging, Leaving, Way, cells
from intake.lifecycle import State
from intake.models import (
    Case,
    HazardCase,
    LeaderInCharge,
)
from intake.transitions import locked

# --- suspension, leader in charge --------------------------------------------------------------


def _end_suspension(leaving: Leaving) -> None:
    if leaving.way == Way.WITHDRAW:
        _no_longer_suspended(leaving)


def _no_longer_suspended(returning: Leaving) -> None:
    returning.case.suspensions.filter(until__isnull=True).update(until=timezone.now())


def _lead_again(returning: Leaving) -> None:
    """The leader of a case that was merged is in charge again when it is split off."""
    case, merger = returning.case, open_merger(returning)
    if merger is None or case.leaders_in_charge.filter(until=None).exists():
        return
    last = case.leaders_in_charge.filter(until__gte=merger.merged_at).order_by("pk").last()
    if last is not None:
        same = {name: getattr(last, name) for name in ("case", "leader", "reason")}
        LeaderInCharge.objects.create(**same, named_by=returning.actor, since=timezone.now())


def _relieve_leader(leaving: Leaving) -> None:
    if leaving.way in (*AWAY, Way.ARCHIVE):
        LeaderInCharge.objects.filter(case=leaving.case, until__isnull=True).update(until=timezone.now())


SUSPENSIONS = Hanging(
    "suspensions",
    "中止、挂账",
    cells({}, ends=(Way.WITHDRAW,), none=tuple(way for way in Way if way not in (Way.WITHDRAW, Way.SUSPEND))),
    open_rows=lambda case: list(case.suspensions.filter(until=None).values_list("pk", flat=True)),
    follow=_end_suspension,
    go_on=_no_longer_suspended,
    invariants={
        "a case is suspended as long as its suspension lasts": """
            SELECT count(*) FROM intake_case c LEFT JOIN intake_rest r ON r.case_id = c.id AND r.until IS NULL
            WHERE (c.status = 'suspended') <> (r.id IS NOT NULL)""",
    },
)
LEADERS = Hanging(
    "leaders",
    "包案领导",
    cells({Way.MERGE: "结束；并入的案件没有包案领导的，接着包案"}, ends=(*AWAY, Way.ARCHIVE)),
    open_rows=lambda case: list(case.leaders_in_charge.filter(until=None).values_list("pk", flat=True)),
    follow=_relieve_leader,
    go_on=_lead_again,
    invariants={
        "no leader is in charge of a case that is at rest": """
            SELECT count(*) FROM intake_leaderincharge l JOIN intake_case c ON c.id = l.case_id
            WHERE l.until IS NULL AND c.status IN ('withdrawn', 'guided', 'merged', 'archived')""",
    },
)


# --- what stays as it is -----------------------------------------------------------------------


def _roads(case: Case) -> list[int]:
    return [row.pk for row in case.roads.all() if row.is_open]


ROADS = Hanging(
    "roads",
    "法律途径",
    cells({Way.CONCLUDE: "未化解的开始等待结果"}),
    open_rows=_roads,
)


# --- what came from elsewhere, what came along, what is to be discussed ------------------------


def _handed_on(case: Case) -> list[int]:
    source = HazardCase.objects.filter(case=case, hazard__status=HazardState.HANDED_ON, hazard__case_code=case.code)
    return list(source.values_list("hazard", flat=True))


def _give_hazard_back(leaving: Leaving) -> None:
    if leaving.way == Way.WITHDRAW and _handed_on(leaving.case):
        give_back(leaving.case.from_hazard.hazard, actor=leaving.actor, reason=leaving.reason)


def _take_hazard_again(returning: Leaving) -> None:
    case, source = returning.case, HazardCase.objects.filter(case=returning.case).select_related("hazard").first()
    if returning.way == Way.WITHDRAW and source is not None and returning.actor is not None:
        hand_on_again(source.hazard, actor=returning.actor, case_code=str(case.code))


def _merged_in(case: Case) -> list[int]:
    return list(Case.objects.filter(merged_into=case, status=State.MERGED).order_by("pk").values_list("pk", flat=True))


def _split_what_came_along(leaving: Leaving) -> None:
    """Who takes one case back does not take back those of others."""
    if leaving.way == Way.WITHDRAW:
        for pk in _merged_in(leaving.case):
            split_off(locked(Case(pk=pk)), leaving.case, actor=leaving.actor, reason=f"{leaving.case.code} 已撤回")


def _undecided(case: Case) -> list[int]:
    rows = AgendaItem.objects.filter(case=case, decision="", meeting__closed_at=None)
    return list(rows.values_list("pk", flat=True))


def _off_the_agenda(leaving: Leaving) -> None:
    if leaving.way in (*AWAY, Way.ARCHIVE, Way.ESCALATE):
        moot = {"decision": Decision.MOOT, "decided_by": leaving.actor, "decided_at": timezone.now()}
        AgendaItem.objects.filter(pk__in=_undecided(leaving.case)).update(**moot)


def _on_the_agenda_again(returning: Leaving) -> None:
    rows = AgendaItem.objects.filter(case=returning.case, decision=Decision.MOOT, meeting__closed_at=None)
    rows.filter(meeting__centre=returning.case.centre).update(decision="", decided_by=None, decided_at=None)


HAZARD = Hanging(
    "hazard",
    "来源隐患",
    cells({Way.WITHDRAW: "交还网格，重新处置；恢复后随案件继续"}, ends=(Way.WITHDRAW,)),
    open_rows=_handed_on,
    follow=_give_hazard_back,
    go_on=_take_hazard_again,
    invariants={
        "no hazard waits for a case that was withdrawn": """
            SELECT count(*) FROM grids_hazard z JOIN intake_case c ON c.code = z.case_code
            WHERE z.status = 'handed_on' AND c.status = 'withdrawn'""",
    },
)
MERGED_IN = Hanging(
    "merged_in",
    "并入的案件",
    cells(
        {Way.WITHDRAW: "拆出，各自继续办理"} | dict.fromkeys((Way.GUIDE, Way.CONCLUDE, Way.ARCHIVE), "随主案"),
        ends=(Way.WITHDRAW,),
        none=(Way.MERGE,),
    ),
    open_rows=_merged_in,
    follow=_split_what_came_along,
    invariants={
        "nothing stays merged into a case that was withdrawn or merged itself": """
            SELECT count(*) FROM intake_case c JOIN intake_case t ON t.id = c.merged_into_id
            WHERE c.status = 'merged' AND t.status IN ('withdrawn', 'merged')""",
    },
)
AGENDA = Hanging(
    "agenda",
    "碰头会待议事项",
    cells(
        dict.fromkeys((*AWAY, Way.ARCHIVE), "记为会外已办；恢复、拆出后再议") | {Way.ESCALATE: "原中心的记为会外已办"},
        ends=(*AWAY, Way.ARCHIVE, Way.ESCALATE),
    ),
    open_rows=_undecided,
    follow=_off_the_agenda,
    go_on=_on_the_agenda_again,
    invariants={
        "no meeting has to decide on a case that is at rest or with another centre": """
            SELECT count(*) FROM intake_agendaitem i JOIN intake_coordinationmeeting m ON m.id = i.meeting_id
            JOIN intake_case c ON c.id = i.case_id WHERE i.decision = '' AND m.closed_at IS NULL AND (m.centre_id
            <> c.centre_id OR c.status IN ('withdrawn', 'guided', 'merged', 'archived'))""",
    },
)
