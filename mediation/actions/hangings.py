"""What of mediation hangs on a case, and what becomes of it when the case comes to rest."""

from django.utils import timezone

from intake.actions.mediations import move_mediation_handling
from intake.deadlines.models import ClockKind
from intake.extension_points import Hanging, Leaving, Way, cells
from intake.models import Case, Handling
from mediation.actions._locking import done, move, tell_mediators
from mediation.actions.closing_down import close_down
from mediation.lifecycle import OPEN_CONFIRMATIONS, OPEN_STATES, AgreementState, Event
from mediation.models import Agreement, Confirmation, Instalment, Mediation, Session, SessionState
from mediation.queries.file import missing_of_case
from mediation.verbs import Verb

AWAY = (Way.WITHDRAW, Way.GUIDE)
GIVEN_UP = (Way.RETURN, Way.DROP_PART)
"""The organisation gives up its work, and with it what it mediates in the course of it."""
HANDED_ON = (Way.ESCALATE, Way.HAND_OUT)
"""The organisation goes on in another part."""


def take_back(mediation: Mediation, leaving: Leaving) -> None:
    """Cancel a mediation of a locked case that comes to rest, and what is under way in it; its mediators hear of it."""
    move(mediation, Event.CANCEL, ended_at=timezone.now(), end_note=leaving.reason[:2000])
    close_down(mediation)
    tell_mediators(mediation, "mediation_over", f"调解取消：{leaving.reason}", key=f"mediation:{mediation.pk}:over")
    done(mediation, leaving.actor, Verb.CANCELLED)


def _follow(leaving: Leaving) -> None:
    for mediation in _open_mediations(leaving.case):
        if leaving.way in AWAY or (leaving.way in GIVEN_UP and mediation.handling == leaving.handling):
            take_back(mediation, leaving)
        elif mediation.handling.closed_at is not None:
            _hang_on(mediation, leaving)


def _hang_on(mediation: Mediation, leaving: Leaving) -> None:
    """Let the mediation go on with what its organisation does for the case now."""
    mediation.handling = move_mediation_handling(
        leaving.case,
        mediation.handling,
        ClockKind(mediation.clock),
        organisation=mediation.body.organisation,
        actor=leaving.actor,
    )
    mediation.save(update_fields=["handling"])


def _open_mediations(case: Case) -> list[Mediation]:
    rows = Mediation.objects.select_for_update(of=("self",)).filter(case=case, status__in=OPEN_STATES)
    found = list(rows.select_related("body__organisation", "handling").order_by("pk"))
    for mediation in found:
        mediation.case = case
    return found


def _mediation_left(case: Case, way: Way, handling: Handling | None) -> str:
    rows = case.mediations.filter(status__in=OPEN_STATES)
    if handling is not None:
        own = rows.filter(handling=handling).exists()
        return "本单位的调解还没有结束，请先在调解页办结或取消调解，再反馈协办情况。" if own else ""
    what = "并案" if way == Way.MERGE else "反馈结果"
    return f"本案的调解还没有结束，请先在调解页办结调解，再{what}。" if rows.exists() else ""


def _file_left(case: Case, way: Way, handling: Handling | None) -> str:
    missing = missing_of_case(case)
    return f"调解卷宗尚缺：{'、'.join(missing)}。" if missing else ""


def _planned(case: Case) -> list[int]:
    rows = Session.objects.filter(mediation__case=case, status=SessionState.PLANNED)
    return list(rows.values_list("pk", flat=True))


def _agreements(case: Case, *states: AgreementState) -> list[int]:
    return list(Agreement.objects.filter(mediation__case=case, status__in=states).values_list("pk", flat=True))


def _owed(case: Case) -> list[int]:
    standing = (AgreementState.IN_FORCE, AgreementState.BREACHED)
    rows = Instalment.objects.filter(obligation__agreement__mediation__case=case, performed_on=None, released_at=None)
    return list(rows.filter(obligation__agreement__status__in=standing).values_list("pk", flat=True))


MEDIATIONS = Hanging(
    "mediations",
    "调解",
    cells(
        dict.fromkeys((*AWAY, *GIVEN_UP), "取消，告知调解员和参加人")
        | {
            Way.RETURN: "该单位的取消，其他组织的照旧",
            Way.DROP_PART: "该单位的取消，其他组织的照旧",
            Way.ESCALATE: "随属地配合继续",
            Way.HAND_OUT: "随主办继续",
            Way.SUSPEND: "期限暂停",
        },
        ends=(*AWAY, *GIVEN_UP),
        moves=HANDED_ON,
        bars=(Way.MERGE, Way.CONCLUDE, Way.REPORT_PART),
        none=(Way.ARCHIVE,),
    ),
    open_rows=lambda case: list(case.mediations.filter(status__in=OPEN_STATES).values_list("pk", flat=True)),
    follow=_follow,
    bar=_mediation_left,
    invariants={
        "nobody mediates a case that is done with or at rest": """
            SELECT count(*) FROM mediation_mediation m JOIN intake_case c ON c.id = m.case_id
            WHERE m.status IN ('opened', 'running')
            AND c.status IN ('concluded', 'closed', 'archived', 'guided', 'merged', 'withdrawn')""",
        "an open mediation hangs on work that goes on": """
            SELECT count(*) FROM mediation_mediation m JOIN intake_handling h ON h.id = m.handling_id
            WHERE m.status IN ('opened', 'running') AND h.closed_at IS NOT NULL""",
        "the limit of a mediation runs while it is open": """
            SELECT count(*) FROM intake_clock k LEFT JOIN mediation_mediation m
            ON m.handling_id = k.handling_id AND m.clock = k.kind AND m.status IN ('opened', 'running')
            WHERE k.stopped_at IS NULL AND m.id IS NULL AND (k.kind = 'mediate' OR k.kind LIKE 'med\\_%')""",
        "work that was opened for a mediation ends with it": """
            SELECT count(*) FROM intake_handling h WHERE h.kind = 'mediation' AND h.closed_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM mediation_mediation m WHERE m.handling_id = h.id AND m.status IN ('opened', 'running'))""",
    },
)
SESSIONS = Hanging(
    "sessions",
    "调解会期、调解员和调解室的预约",
    cells(
        dict.fromkeys((*AWAY, *GIVEN_UP), "取消，时间空出，短信告知参加人") | {Way.SUSPEND: "保留，可以改期"},
        ends=(*AWAY, *GIVEN_UP),
        bars=(Way.MERGE, Way.CONCLUDE, Way.REPORT_PART),
        none=(Way.ARCHIVE,),
    ),
    open_rows=_planned,
    invariants={
        "no session is planned of a mediation that is over": """
            SELECT count(*) FROM mediation_session s JOIN mediation_mediation m ON m.id = s.mediation_id
            WHERE s.status = 'planned' AND m.status NOT IN ('opened', 'running')""",
        "nobody and no room is booked for a session that is off": """
            SELECT count(*) FROM mediation_booking b JOIN mediation_session s ON s.id = b.session_id
            WHERE s.status NOT IN ('planned', 'held')""",
    },
)
DRAFTS = Hanging(
    "agreement_drafts",
    "起草中的调解协议",
    cells(
        dict.fromkeys((*AWAY, *GIVEN_UP), "不再使用"),
        ends=(*AWAY, *GIVEN_UP),
        bars=(Way.MERGE, Way.CONCLUDE, Way.REPORT_PART),
        none=(Way.ARCHIVE,),
    ),
    open_rows=lambda case: _agreements(case, AgreementState.DRAFT),
    invariants={
        "no agreement is being drafted in a mediation that is over": """
            SELECT count(*) FROM mediation_agreement a JOIN mediation_mediation m ON m.id = a.mediation_id
            WHERE a.status = 'draft' AND m.status NOT IN ('opened', 'running')""",
    },
)
OBLIGATIONS = Hanging(
    "obligations",
    "协议约定的履行",
    cells(
        {way: "继续提醒" for way in Way if way != Way.ARCHIVE} | {Way.ARCHIVE: "履行完毕或转入其他途径后归档"},
        bars=(Way.ARCHIVE,),
    ),
    open_rows=_owed,
    bar=_file_left,
    invariants={
        "nobody is reminded of what was set aside": """
            SELECT count(*) FROM mediation_instalment i JOIN mediation_obligation o ON o.id = i.obligation_id
            JOIN mediation_agreement a ON a.id = o.agreement_id
            WHERE i.next_at IS NOT NULL AND (a.status NOT IN ('in_force', 'breached') OR i.performed_on IS NOT NULL)""",
    },
)
CONFIRMATIONS = Hanging(
    "confirmations",
    "司法确认",
    cells({Way.ARCHIVE: "法院答复后归档"}, bars=(Way.ARCHIVE,)),
    open_rows=lambda case: list(
        Confirmation.objects.filter(agreement__mediation__case=case, status__in=OPEN_CONFIRMATIONS).values_list(
            "pk", flat=True
        )
    ),
)


KINDS = (MEDIATIONS, SESSIONS, DRAFTS, OBLIGATIONS, CONFIRMATIONS)
