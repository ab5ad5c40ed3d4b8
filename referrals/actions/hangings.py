"""What of slips, letters and special care hangs on a case, and what becomes of it when the case comes to rest."""

from django.db.models import Q
from django.utils import timezone

from intake.extension_points import Hanging, Leaving, Way, cells
from intake.models import Case, CloseReason
from referrals.actions._transitions import RELATED, move
from referrals.actions.time_limits import move_limits
from referrals.lifecycle import UNSIGNED, WAITING, Event
from referrals.models import CareRecord, Document, Purpose
from referrals.verbs import Verb
from zhongzhi.audit.actions import record

AWAY = (Way.WITHDRAW, Way.GUIDE, Way.MERGE)
WITH_THE_WORK = (*AWAY, Way.CONCLUDE, Way.RETURN, Way.DROP_PART, Way.REPORT_PART, Way.ESCALATE, Way.HAND_OUT)


def _end_slips(leaving: Leaving) -> None:
    """A slip is done with when the work that it gave out is: returned with it, finished else."""
    rows = Document.objects.select_for_update(of=("self",)).select_related(*RELATED)
    slips = rows.filter(case=leaving.case, kind__purpose=Purpose.DISPATCH, status__in=WAITING)
    for slip in slips.exclude(handling=None).exclude(handling__closed_at=None).order_by("pk"):
        assert slip.handling is not None
        returned = slip.handling.close_reason == CloseReason.RETURNED
        event, note = (Event.RETURN if returned else Event.FINISH), slip.handling.get_close_reason_display()
        move(slip, event, actor=leaving.actor, note=note, ended_at=timezone.now())


def _drop_drafts(leaving: Leaving) -> None:
    if leaving.way not in (*AWAY, Way.ARCHIVE):
        return
    rows = Document.objects.select_for_update(of=("self",)).select_related(*RELATED)
    for draft in rows.filter(case=leaving.case, status__in=UNSIGNED).order_by("pk"):
        move(draft, Event.DISCARD, actor=leaving.actor, note=leaving.reason, ended_at=timezone.now())
        record(leaving.actor, Verb.DISCARDED, draft)


def _move_limits(leaving: Leaving) -> None:
    if leaving.way == Way.WITHDRAW and leaving.case.suspensions.exists():
        move_limits(leaving.case)


def _limits_go_on(returning: Leaving) -> None:
    if returning.way == Way.SUSPEND:
        move_limits(returning.case)


def _documents(case: Case, *states: str, slips: bool = False) -> list[int]:
    rows = Document.objects.filter(case=case, status__in=states)
    of_work = Q(kind__purpose=Purpose.DISPATCH, handling__isnull=False)
    return list(rows.filter(of_work if slips else ~of_work).order_by("pk").values_list("pk", flat=True))


SLIPS = Hanging(
    "slips",
    "交办单",
    cells(
        dict.fromkeys(WITH_THE_WORK, "随承办办毕") | {Way.RETURN: "随承办退回", Way.DROP_PART: "随协办退回、办毕"},
        ends=WITH_THE_WORK,
        none=(Way.ARCHIVE,),
    ),
    open_rows=lambda case: _documents(case, *WAITING, slips=True),
    follow=_end_slips,
    invariants={
        "no slip waits for work that is over": """
            SELECT count(*) FROM referrals_document d JOIN referrals_documentkind k ON k.id = d.kind_id
            JOIN intake_handling h ON h.id = d.handling_id
            WHERE k.purpose = 'dispatch' AND d.status IN ('issued', 'received') AND h.closed_at IS NOT NULL""",
    },
)
DRAFTS = Hanging(
    "drafts",
    "待审核、待签发的函单",
    cells(
        dict.fromkeys((*AWAY, Way.ARCHIVE), "弃用，写明缘由；已发函单逾期未答复的仍可续发"), ends=(*AWAY, Way.ARCHIVE)
    ),
    open_rows=lambda case: _documents(case, *UNSIGNED),
    follow=_drop_drafts,
    invariants={
        "nothing waits to be signed about a case that is at rest": """
            SELECT count(*) FROM referrals_document d JOIN intake_case c ON c.id = d.case_id
            WHERE d.status IN ('draft', 'review', 'ready') AND NOT d.by_system
            AND c.status IN ('withdrawn', 'guided', 'merged', 'archived')""",
    },
)
LETTERS = Hanging(
    "letters",
    "已发出、待答复的函单",
    cells(
        dict.fromkeys(Way, "仍须答复") | {Way.SUSPEND: "期限暂停，恢复后顺延"},
        rests=(Way.SUSPEND,),
    ),
    open_rows=lambda case: _documents(case, *WAITING),
    follow=_move_limits,
    go_on=_limits_go_on,
)
CARE = Hanging(
    "care",
    "特殊关爱",
    cells(dict.fromkeys(Way, "继续随访，由负责中心解除")),
    open_rows=lambda case: list(CareRecord.objects.filter(case=case, ended_at=None).values_list("pk", flat=True)),
    invariants={
        "no visit is due of care that has ended": """
            SELECT count(*) FROM referrals_carerecord WHERE ended_at IS NOT NULL AND next_visit_on IS NOT NULL""",
    },
)


KINDS = (SLIPS, DRAFTS, LETTERS, CARE)
