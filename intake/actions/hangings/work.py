"""Limits, requests, tasks and the work itself."""

from django.db.models import QuerySet
from django.utils import timezone

from intake.coordination.actions.joint_tasks import release_tasks
from intake.coordination.queries import open_tasks
from intake.deadlines.actions.clocks import lapse, pause_clocks, resume_clocks, stop_clocks
from intake.deadlines.models import ClockKind, ExtensionRequest
from intake.extension_points import Hanging, Leaving, Way, cells
from intake.lifecycle import State
from intake.models import (
    Case,
    CloseReason,
    Handling,
    HandlingKind,
    HandlingPart,
    Merger,
    ReturnRequest,
)

OF_WORK = (ClockKind.SIGN, ClockKind.HANDLE)
AWAY = (Way.WITHDRAW, Way.GUIDE, Way.MERGE)
"""The case is nobody's work any more."""
OF_ONE_PART = (Way.RETURN, Way.DROP_PART, Way.REPORT_PART, Way.HAND_OUT)
"""One piece of work is over, the case goes on."""
CLOSED_AS = {
    Way.WITHDRAW: CloseReason.WITHDRAWN,
    Way.GUIDE: CloseReason.RELEASED,
    Way.MERGE: CloseReason.MERGED,
    Way.CONCLUDE: CloseReason.CONCLUDED,
}


# --- limits and requests -----------------------------------------------------------------------


def _stop_limits(leaving: Leaving) -> None:
    case, way = leaving.case, leaving.way
    if way in (Way.WITHDRAW, Way.GUIDE, Way.ARCHIVE):
        stop_clocks(case)
    elif way == Way.CONCLUDE:
        stop_clocks(case, *OF_WORK, ClockKind.TIER)
    elif way == Way.ESCALATE:
        stop_clocks(case, ClockKind.TIER, ClockKind.TRIAGE, ClockKind.FALLBACK, ClockKind.DISPATCH)
    elif way == Way.MERGE:
        stop_clocks(case, *OF_WORK)
    if way in (Way.MERGE, Way.SUSPEND):
        pause_clocks(case, reason=leaving.reason)
    if leaving.handling is not None:
        stop_clocks(case, *OF_WORK, handling=leaving.handling)


def _resume_limits(returning: Leaving) -> None:
    if returning.case.status != State.SUSPENDED:
        resume_clocks(returning.case)


def _lapse_requests(leaving: Leaving) -> None:
    now, returns = timezone.now(), ReturnRequest.objects.filter(handling__case=leaving.case)
    if leaving.way == Way.ESCALATE:
        note = "案件已转其他层级办理"
        lapse(returns, now, note=note)
        lapse(ExtensionRequest.objects.filter(clock__case=leaving.case), now, note=note)
    elif leaving.way in CLOSED_AS:
        lapse(returns, now)
    elif leaving.handling is not None:
        lapse(returns.filter(handling=leaving.handling), now)


def _open_requests(case: Case) -> list[int]:
    asked = ReturnRequest.objects.filter(handling__case=case, granted=None).values_list("pk", flat=True)
    return [*asked, *ExtensionRequest.objects.filter(clock__case=case, granted=None).values_list("pk", flat=True)]


LIMITS = Hanging(
    "limits",
    "时限",
    cells(
        {
            Way.CONCLUDE: "签收、办理、层级时限结束，审核时限开始",
            Way.ESCALATE: "原层级的时限结束，新的开始",
            Way.MERGE: "暂停；撤销并案后继续",
            Way.SUSPEND: "暂停；恢复后顺延",
            **dict.fromkeys(OF_ONE_PART, "该单位的签收、办理时限结束"),
        },
        ends=(Way.WITHDRAW, Way.GUIDE, Way.CONCLUDE, Way.ARCHIVE, Way.ESCALATE, *OF_ONE_PART),
        rests=(Way.MERGE, Way.SUSPEND),
    ),
    open_rows=lambda case: list(case.clocks.filter(stopped_at=None).values_list("pk", flat=True)),
    follow=_stop_limits,
    go_on=_resume_limits,
    invariants={
        "no limit runs of what is withdrawn, guided away or archived": """
            SELECT count(*) FROM intake_clock k JOIN intake_case c ON c.id = k.case_id
            WHERE k.stopped_at IS NULL AND c.status IN ('withdrawn', 'guided', 'archived')""",
        "limits stand still while a case is suspended or merged": """
            SELECT count(*) FROM intake_clock k JOIN intake_case c ON c.id = k.case_id
            WHERE k.stopped_at IS NULL AND k.paused_at IS NULL AND c.status IN ('suspended', 'merged')""",
        "no limit runs of work that is over": """
            SELECT count(*) FROM intake_clock k JOIN intake_handling h ON h.id = k.handling_id
            WHERE k.stopped_at IS NULL AND h.closed_at IS NOT NULL""",
    },
)
REQUESTS = Hanging(
    "requests",
    "退回申请、延期申请",
    cells(
        dict.fromkeys((*AWAY, Way.CONCLUDE, Way.ESCALATE, *OF_ONE_PART), "未决定的自动失效")
        | {Way.SUSPEND: "延期可以决定，退回待恢复后决定"},
        ends=(*AWAY, Way.CONCLUDE, Way.ESCALATE, *OF_ONE_PART),
        none=(Way.ARCHIVE,),
    ),
    open_rows=_open_requests,
    follow=_lapse_requests,
    invariants={
        "nothing waits for a decision about work that is over": """
            SELECT count(*) FROM intake_returnrequest r JOIN intake_handling h ON h.id = r.handling_id
            WHERE r.granted IS NULL AND h.closed_at IS NOT NULL""",
        "nobody waits for more time of a limit that has ended": """
            SELECT count(*) FROM intake_extensionrequest r JOIN intake_clock k ON k.id = r.clock_id
            WHERE r.granted IS NULL AND k.stopped_at IS NOT NULL""",
    },
)


# --- tasks and work ----------------------------------------------------------------------------


def _release_tasks(leaving: Leaving) -> None:
    if leaving.way in AWAY:
        release_tasks(leaving.case, leaving.reason[:500], leaving.actor)
    elif leaving.handling is not None:
        release_tasks(leaving.case, leaving.reason[:500], leaving.actor, handling=leaving.handling)


def _tasks_left(case: Case, way: Way, handling: Handling | None) -> str:
    rows = open_tasks(case)
    if handling is not None:
        own = rows.filter(handling=handling).exists()
        return "本单位还有联动任务没有完成；请先完成，或由综治中心解除。" if own else ""
    left = "；".join(task.what for task in rows[:5])
    return f"联动任务还没有完成：{left}。请先完成，或由综治中心写明理由后解除。" if left else ""


def _parts_owed(case: Case, way: Way, handling: Handling | None) -> str:
    rows = _open_work(case).select_related("organisation")
    if way == Way.MERGE:
        busy = "、".join(row.organisation.short_name for row in rows.exclude(kind=HandlingKind.SUPPORT))
        return f"{busy}还在办理本案，不能并入；请先解除协办、办结调解，或关联为重复诉求。" if busy else ""
    parts = rows.filter(part=HandlingPart.CO, kind=HandlingKind.DISPATCH)
    names = "、".join(part.organisation.short_name for part in parts)
    return f"协办单位还没有反馈：{names}。请催办，或由综治中心写明理由后解除。" if names else ""


def _close_work(leaving: Leaving) -> None:
    if leaving.way in CLOSED_AS:
        _open_work(leaving.case).update(closed_at=timezone.now(), close_reason=CLOSED_AS[leaving.way])


def _support_again(returning: Leaving) -> None:
    """Who supported a case that was merged supports it again when it is split off."""
    case, actor, merger = returning.case, returning.actor, open_merger(returning)
    ended = case.handlings.filter(close_reason=CloseReason.MERGED, closed_at__gte=merger.merged_at) if merger else []
    now, busy = timezone.now(), set(_open_work(case).values_list("organisation_id", flat=True))
    for row in ended:
        if row.organisation_id not in busy:
            busy.add(row.organisation_id)
            again = {"opened_at": now, "opened_by": actor, "signed_at": now, "signed_by": actor}
            same = {name: getattr(row, name) for name in ("case", "kind", "part", "organisation", "instruction")}
            Handling.objects.create(**same, **again)


def open_merger(returning: Leaving) -> Merger | None:
    """The merger that is being undone."""
    return returning.case.mergers.filter(undone_at=None).first() if returning.way == Way.MERGE else None


def _open_work(case: Case) -> QuerySet[Handling]:
    return case.handlings.filter(closed_at__isnull=True)


TASKS = Hanging(
    "tasks",
    "联动任务",
    cells(
        dict.fromkeys(AWAY, "解除，写明缘由")
        | dict.fromkeys((Way.RETURN, Way.DROP_PART, Way.HAND_OUT, Way.ESCALATE), "该单位的任务解除")
        | {Way.SUSPEND: "不提醒，恢复后继续"},
        ends=(*AWAY, Way.RETURN, Way.DROP_PART, Way.HAND_OUT, Way.ESCALATE),
        bars=(Way.CONCLUDE, Way.REPORT_PART),
        none=(Way.ARCHIVE,),
    ),
    open_rows=lambda case: list(open_tasks(case).values_list("pk", flat=True)),
    follow=_release_tasks,
    bar=_tasks_left,
    invariants={
        "nobody has a task of work that is over": """
            SELECT count(*) FROM intake_task t JOIN intake_handling h ON h.id = t.handling_id
            WHERE t.done_at IS NULL AND t.released_at IS NULL AND h.closed_at IS NOT NULL""",
    },
)
WORK = Hanging(
    "work",
    "承办、协办、属地配合",
    cells(
        {
            Way.CONCLUDE: "协办单位先反馈；反馈后全部结束",
            Way.MERGE: "承办、协办、调解先办完；属地配合结束，撤销并案后恢复",
            Way.ESCALATE: "主办改为属地配合，协办照旧",
            Way.SUSPEND: "保留",
            Way.HAND_OUT: "协办改为主办",
        },
        ends=(Way.WITHDRAW, Way.GUIDE, Way.RETURN, Way.DROP_PART, Way.REPORT_PART),
        bars=(Way.CONCLUDE, Way.MERGE),
        moves=(Way.ESCALATE, Way.HAND_OUT),
        none=(Way.ARCHIVE,),
    ),
    open_rows=lambda case: list(_open_work(case).values_list("pk", flat=True)),
    follow=_close_work,
    go_on=_support_again,
    bar=_parts_owed,
    invariants={
        "nobody works on a case that is done with or at rest": """
            SELECT count(*) FROM intake_handling h JOIN intake_case c ON c.id = h.case_id WHERE h.closed_at IS NULL
            AND c.status IN ('concluded', 'closed', 'archived', 'guided', 'merged', 'withdrawn')""",
        "a case that is handed out or handled has one lead, the one that holds it": """
            SELECT count(*) FROM intake_case c LEFT JOIN intake_handling h
            ON h.case_id = c.id AND h.part = 'lead' AND h.closed_at IS NULL
            WHERE c.status IN ('dispatched', 'handling') AND h.organisation_id IS DISTINCT FROM c.holder_id""",
        "a case that is still sorted has no lead": """
            SELECT count(*) FROM intake_handling h JOIN intake_case c ON c.id = h.case_id
            WHERE h.closed_at IS NULL AND h.part = 'lead' AND c.status IN ('registered', 'accepted')""",
    },
)
