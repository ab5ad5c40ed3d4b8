"""What happened to the open cases of the demo in the last days, done by the acts people and the clock would use.

Everything is done at the moment it would have happened: slips when a case was handed out, letters in the mornings
after a limit was passed, and signed by whoever signs them. What came last waits for somebody.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from devkit.demo.cases.moments import happening_at
from devkit.demo.cases.staff import Staff, find_staff
from grids.models import Organisation, Role
from grids.queries import leaders_over
from intake import actions as cases
from intake.coordination import actions as coordination_actions
from intake.deadlines.models import Clock
from intake.deadlines.queries import work_calendar
from intake.lifecycle import OPEN_STATES
from intake.models import Case, Handling, HandlingKind, Risk
from referrals import actions
from referrals.actions import CoHandler, Resolved
from referrals.models import Document, DocumentKind, Purpose, Signatory
from referrals.permissions import may_sign
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import DomainError
from zhongzhi.core.worktime import SHANGHAI

COUNTY = "150526"
MORNINGS = 5
"""So many days back the clock's side is told again; no open case of red risk is younger."""
JOINT_LEAD = "那顺调解室"
JOINT = (("司法局", "核实承包合同和补充协议，出具法律意见。"), ("民政局", "了解双方家庭困难情况，提出帮扶意见。"))
CLIMBS = "150526100"
SIGNERS: dict[str, tuple[Role, ...]] = {
    Signatory.WINDOW: (Role.CLERK, Role.DISPATCHER, Role.MANAGER),
    Signatory.SORTER: (Role.DISPATCHER, Role.MANAGER),
    Signatory.MANAGER: (Role.MANAGER,),
    Signatory.LEADER: (Role.LEADER,),
    Signatory.HANDLER: (Role.HANDLER, Role.MEDIATOR, Role.MANAGER, Role.DISPATCHER),
}
"""Who signs in the demo, the likeliest first."""

AuditEvent = tuple[datetime, Callable[[], object]]


@transaction.atomic
def make_documents(go_round: Callable[[], object], now: datetime | None = None) -> int:
    """Make the papers of the open cases; how many documents. Where there are documents already, nothing is done.

    `go_round` is the clock's side: everything that its sweeps do at a moment.
    """
    now = now or timezone.now()
    if Document.objects.exists() or not DocumentKind.objects.exists():
        return 0
    staff = find_staff(COUNTY)
    _forget_breaches()
    happenings = [
        *_slips(),
        *_mornings(staff, now, go_round),
        *_joint(staff, now),
        *_climb(staff, now),
        *_led(staff, now),
        (now, go_round),
    ]
    for moment, act in sorted(happenings, key=lambda happening: happening[0]):
        with happening_at(moment):
            act()
    return Document.objects.count()


def _forget_breaches() -> None:
    """Limits that run still are passed once more, each at its morning; those of ended work were dealt with."""
    Clock.objects.filter(breached_at__isnull=False, stopped_at__isnull=False).update(lapse_noted=True)
    running = Clock.objects.filter(breached_at__isnull=False, stopped_at=None, paused_at=None)
    for clock in running:
        clock.next_at, clock.breached_at = clock.due_at, None
        clock.save(update_fields=["next_at", "breached_at"])


def _slips() -> Iterator[AuditEvent]:
    rows = Handling.objects.filter(closed_at=None, kind=HandlingKind.DISPATCH).select_related("opened_by")
    for handling in rows.order_by("opened_at", "pk"):
        yield handling.opened_at, partial(actions.issue_missing_slips, handling.case_id, actor=_who(handling))


def _mornings(staff: Staff, now: datetime, go_round: Callable[[], object]) -> Iterator[AuditEvent]:
    """Every morning the clock goes round and what it drafted the day before is signed; letters are answered."""
    today = timezone.localdate(now)
    for back in range(MORNINGS, -1, -1):
        day = today - timedelta(days=back)
        at = datetime.combine(day, time(8, 40), SHANGHAI)
        if at > now:
            continue
        if back and work_calendar().is_workday(day):
            yield at - timedelta(minutes=5), partial(_sign_letters, staff)
            yield at + timedelta(hours=2), partial(_answer_letters, staff)
        yield at, go_round


def _sign_letters(staff: Staff) -> None:
    """What the clock drafted is signed, but for advice, which lies in the leader's tray."""
    drafts = Document.objects.filter(status="draft").exclude(kind__purpose=Purpose.RECOMMEND)
    for document in drafts.select_related("kind", "issuer").order_by("pk"):
        if document.kind.reviewed:
            continue
        signer = staff.one_of(document.issuer, *SIGNERS[document.kind.signatory])
        if may_sign(signer, document):
            actions.sign_document(document, actor=signer)


def _answer_letters(staff: Staff) -> None:
    """The receivers of the supervision and of the reminder that are open longest answer them, not on the first day."""
    before = timezone.now() - timedelta(hours=20)
    asked = Document.objects.filter(status="issued", issued_at__lt=before).exclude(addressee=None)
    for purpose in (Purpose.SUPERVISE, Purpose.REMIND):
        rows = asked.filter(kind__purpose=purpose).select_related("kind", "addressee")
        document = rows.order_by("issued_at", "pk").first()
        if document is not None and document.addressee is not None:
            worker = staff.one_of(document.addressee, Role.HANDLER, Role.MEDIATOR, Role.MANAGER, Role.DISPATCHER)
            with suppress(DomainError):
                actions.answer_document(document, actor=worker, text="已约双方当事人见面，本周内组织调解并反馈结果。")


def _joint(staff: Staff, now: datetime) -> Iterator[AuditEvent]:
    """One case that several organisations handle together: called in, signed for, met, each with its task."""
    lead = _open_handling(JOINT_LEAD)
    partners = [(staff.organisations[name], what) for name, what in JOINT if name in staff.organisations]
    if lead is None or lead.signed_at is None or len(partners) < len(JOINT):
        return
    sorter = _who(lead)
    called = min(work_calendar().next_office_moment(lead.signed_at + timedelta(days=1)), now - timedelta(minutes=50))
    parts = [CoHandler(organisation, what) for organisation, what in partners]
    yield called, partial(actions.add_co_handlers_with_slips, lead.case, actor=sorter, co_handlers=parts)
    for at, (organisation, _) in enumerate(partners, start=1):
        worker = staff.one_of(organisation, Role.HANDLER)
        yield called + timedelta(minutes=10 * at), partial(coordination_actions.sign_for_part, lead.case, actor=worker)
    met = min(work_calendar().next_office_moment(called + timedelta(hours=25)), now - timedelta(minutes=20))
    yield met, partial(_meet, lead, sorter, [o for o, _ in partners], met)


def _meet(lead: Handling, actor: User, partners: list[Organisation], met: datetime) -> None:
    due = timezone.localdate(met) + timedelta(days=5)
    rows = {row.organisation_id: row for row in lead.case.handlings.filter(closed_at=None)}
    tasks = [Resolved(rows[o.pk], what, due) for o, (_, what) in zip(partners, JOINT, strict=True)]
    actions.record_meeting(
        lead.case, actor=actor, held_at=met, place="旗综治中心会商室", present=[lead.organisation, *partners],
        people="双方当事人各一名代表", decided="先核实合同和家庭情况，再由调解室组织一次三方调解。", tasks=tasks,
    )  # fmt: skip


def _climb(staff: Staff, now: datetime) -> Iterator[AuditEvent]:
    """One case that a town cannot solve goes up to the county."""
    case = Case.objects.filter(centre__territory__code=CLIMBS, status="accepted").order_by("pk").first()
    if case is None or case.centre is None:
        return
    sorter = staff.one_of(case.centre, Role.DISPATCHER, Role.MANAGER)
    reason = "双方涉及两个镇的土地，镇里协调三次未果，请旗里统筹。"
    yield now - timedelta(minutes=30), partial(cases.escalate_case, case, actor=sorter, reason=reason)


def _led(staff: Staff, now: datetime) -> Iterator[AuditEvent]:
    """A leader of the county leads what is of red risk (领导包案)."""
    for case in Case.objects.filter(risk=Risk.RED, status__in=OPEN_STATES, leaders_in_charge=None).order_by("pk"):
        if case.territory is None or case.centre is None:
            continue
        leader, manager = leaders_over(case.territory).first(), staff.one_of(case.centre, Role.MANAGER)
        if leader is not None:
            at = max(case.accepted_at or now, now - timedelta(days=4))
            name = partial(cases.name_leader_in_charge, case, actor=manager, leader=leader)
            yield at, partial(name, reason="红色风险，多人情绪激动，由领导包案")


def _who(handling: Handling) -> User:
    if handling.opened_by is None:
        raise ValueError(f"nobody handed {handling} out")
    return handling.opened_by


def _open_handling(organisation: str) -> Handling | None:
    rows = Handling.objects.filter(closed_at=None, organisation__short_name=organisation)
    return rows.select_related("case", "opened_by", "organisation").order_by("pk").first()
