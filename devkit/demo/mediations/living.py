"""What is being mediated in the demo today, told by the acts of those who did it, at the moments they did it.

Nobody's mediation ends a case here: each case is in the hands of another organisation, or goes on. So the figures of
the cases stay what they are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from devkit.demo.cases.cases import COUNTY, invented_cases
from devkit.demo.cases.staff import Staff, find_staff
from grids.models import Organisation, OrganisationKind, Role
from intake.deadlines.queries import work_calendar
from intake.lifecycle import State
from intake.models import Handling, HandlingPart, PartySide
from mediation import actions
from mediation.actions import AgreementDraft, Minutes, ObligationDraft, Opening, Plan, Signed
from mediation.actions.opening import MODES_OF_BODY
from mediation.models import (
    Agreement,
    Body,
    Booking,
    Mediation,
    Origin,
    SessionKind,
    SessionResult,
    SigningKind,
)
from mediation.queries.dates import breach_moment
from mediation.queries.signatures import missing_signatures
from zhongzhi.accounts.models import User
from zhongzhi.core.worktime import SHANGHAI

AuditEvent = tuple[datetime, Callable[[], object]]
BRANDED, COURT = "那顺金牌调解室", "扎鲁特旗人民法院"
LUBEI_COMMITTEE, JURI_COMMITTEE = "鲁北镇人民调解委员会", "巨日合镇人民调解委员会"
SUM = Decimal(3600)
"""What is agreed on where the case names no sum."""


@dataclass
class Story:
    """One case that is being mediated: who has it in hand, which body mediates, who leads, the day it is today."""

    handling: Handling
    body: Body
    actor: User
    leads: User
    today: date

    @property
    def mediation(self) -> Mediation:
        """The mediation as it stands."""
        return Mediation.objects.select_related("case", "body").get(case=self.handling.case, body=self.body)

    @property
    def agreement(self) -> Agreement:
        """The agreement as it stands."""
        return Agreement.objects.get(mediation__case=self.handling.case, mediation__body=self.body)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """A moment of a day that is over."""
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour, minute), SHANGHAI)

    def uids(self, *sides: str) -> list[str]:
        """The parties, or those of some sides."""
        return [str(p.uid) for p in self.handling.case.parties.order_by("ordinal") if not sides or p.side in sides]


def stories(now: datetime, go_round: Callable[[], object]) -> Iterator[AuditEvent]:
    """Everything that happened, in any order; a story whose case is not there is left out."""
    staff, today = find_staff(COUNTY), timezone.localdate(now)
    told = (
        ("那顺调解室", BRANDED, 4, _meets_tomorrow),
        ("司法局", BRANDED, 3, _waits_for_signatures),
        ("人社局", BRANDED, 18, _pays_by_instalments),
        ("鲁北镇派出所", LUBEI_COMMITTEE, 6, partial(_is_late, go_round=go_round)),
        ("巨日合镇综治中心", JURI_COMMITTEE, 2, _asks_for_consent),
    )
    for organisation, body, days, tell in told:
        if story := _story(staff, organisation, body, days, today):
            yield from tell(story)


def _story(staff: Staff, organisation: str, body: str, days: int, today: date) -> Story | None:
    """The newest case that an organisation has had in hand for so many days."""
    since = datetime.combine(today - timedelta(days=days - 1), time(), SHANGHAI)
    cases = invented_cases().filter(status=State.HANDLING, category__people_mediable=True)
    rows = Handling.objects.filter(case__in=cases, closed_at=None, part=HandlingPart.LEAD, signed_at__lt=since)
    rows = rows.filter(organisation__short_name=organisation).select_related("case", "organisation")
    handling = rows.order_by("-signed_at", "pk").first()
    bodies = Body.objects.filter(organisation__name=body, mediators__isnull=False).select_related("organisation")
    mediates = bodies.first()
    if handling is None or mediates is None:
        return None
    roles = (Role.MEDIATOR, Role.HANDLER, Role.DISPATCHER, Role.MANAGER)
    actor, leads = (staff.one_of(each.organisation, *roles) for each in (handling, mediates))
    return Story(handling, mediates, actor, leads, today)


def _meets_tomorrow(story: Story) -> Iterator[AuditEvent]:
    """Both sides were heard apart; they meet on the next working day."""
    yield story.at(3, 10, 30), partial(_open, story)
    yield story.at(3, 10, 50), partial(_consent, story, story.at(3, 10, 50))
    yield story.at(2, 16, 10), partial(_hold, story, story.at(2, 15), SessionKind.BACK_TO_BACK, SessionResult.GO_ON)
    yield story.at(1, 16, 30), partial(_plan_next, story)


def _waits_for_signatures(story: Story) -> Iterator[AuditEvent]:
    """Agreed yesterday; the applicants have signed, the others come today."""
    yield story.at(2, 9), partial(_open, story)
    yield story.at(2, 9, 30), partial(_consent, story, story.at(2, 9, 30))
    yield story.at(1, 11, 10), partial(_hold, story, story.at(1, 9), SessionKind.MEETING, SessionResult.AGREED)
    yield story.at(1, 15), partial(_draft, story, 1, (10, 40))
    yield story.at(1, 16), partial(_sign, story, 1, is_whole=False)


def _pays_by_instalments(story: Story) -> Iterator[AuditEvent]:
    """The first part is paid, the second falls due in three days; the court has the agreement before it."""
    yield story.at(15, 9), partial(_open, story)
    yield story.at(15, 9, 40), partial(_consent, story, story.at(15, 9, 40))
    yield story.at(12, 17), partial(_hold, story, story.at(12, 15), SessionKind.MEETING, SessionResult.AGREED)
    yield story.at(10, 10), partial(_draft, story, 10, (3, 13, 43))
    yield story.at(10, 10, 30), partial(_sign, story, 10)
    yield story.at(7, 11), partial(_perform, story, 7)
    yield story.at(5, 9), partial(_apply, story, 5)
    yield story.at(3, 15), partial(_accept, story, 3)


def _is_late(story: Story, *, go_round: Callable[[], object]) -> Iterator[AuditEvent]:
    """The first part was paid, the second was due the day before yesterday."""
    yield story.at(5, 9), partial(_open, story)
    yield story.at(5, 9, 30), partial(_consent, story, story.at(5, 9, 30))
    yield story.at(4, 11), partial(_hold, story, story.at(4, 9), SessionKind.MEETING, SessionResult.AGREED)
    yield story.at(4, 15), partial(_draft, story, 4, (1, 2))
    yield story.at(4, 16), partial(_sign, story, 4)
    yield story.at(3, 10), partial(_perform, story, 3)
    yield story.at(3, 11), go_round
    yield breach_moment(story.today - timedelta(days=2)) + timedelta(seconds=30), go_round


def _asks_for_consent(story: Story) -> Iterator[AuditEvent]:
    """Asked for yesterday; the other side has not answered yet."""
    yield story.at(1, 10), partial(_open, story)


def _open(story: Story) -> None:
    mode = MODES_OF_BODY[story.body.kind][0]
    mediators = list(story.body.mediators.filter(ends_on=None)[:1])
    opening = Opening(body=story.body, mode=mode, origin=Origin.APPLICATION, mediators=mediators)
    actions.open_mediation(story.handling.case, opening, actor=story.actor)


def _consent(story: Story, moment: datetime) -> None:
    answers, day = dict.fromkeys(story.uids(), True), timezone.localdate(moment)
    actions.record_consent(story.mediation, answers, actor=story.leads, on=day, how="当面", told_on=day)


def _hold(story: Story, starts: datetime, kind: SessionKind, result: SessionResult) -> None:
    session = actions.plan_session(story.mediation, _free_plan(story, starts, kind), actor=story.leads)
    request, came = story.handling.case.request, {a.pk: True for a in session.attendees.all()}
    record = f"申请人：{request}被申请人对事情经过作了说明，表示愿意协商。调解员讲明了有关规定。"
    minutes = Minutes(record=record, result=result, recorder=story.leads.name, came=came)
    actions.hold_session(session, minutes, actor=story.leads)


def _free_plan(story: Story, starts: datetime, kind: SessionKind = SessionKind.MEETING) -> Plan:
    """An hour from `starts` in the body's room, or a later one while mediator or room are taken."""
    room, hour = story.body.rooms.first(), timedelta(hours=1)
    taken = Booking.objects.filter(session__mediation__body=story.body)
    while taken.filter(period__overlap=(starts, starts + hour)).exists():
        starts += timedelta(minutes=10)
    place = "" if room else story.body.organisation.name
    return Plan(starts, starts + hour, kind, room=room, place=place, parties=story.uids())


def _plan_next(story: Story) -> None:
    tomorrow = story.today + timedelta(days=1)
    day = next(work_calendar().workdays_from(tomorrow, timedelta(days=1)))
    plan = _free_plan(story, datetime.combine(day, time(9, 30), SHANGHAI))
    actions.plan_session(story.mediation, plan, actor=story.leads)


def _draft(story: Story, days_ago: int, due_in: tuple[int, ...]) -> None:
    """A sum in equal parts, each due so many days after the agreement was reached."""
    case, reached = story.handling.case, story.today - timedelta(days=days_ago)
    amount = case.amount or SUM
    share = (amount / len(due_in)).quantize(Decimal(1))
    sums = [share] * (len(due_in) - 1) + [amount - share * (len(due_in) - 1)]
    owes, owed = story.uids(PartySide.RESPONDENT)[0], story.uids(PartySide.APPLICANT)[0]
    parts = [(reached + timedelta(days=days), part) for days, part in zip(due_in, sums, strict=True)]
    what = f"分 {len(due_in)} 期给付 {amount.normalize():f} 元"
    draft = AgreementDraft(
        facts=case.narrative, terms=f"一、被申请人{what}，按约定的日期付清。\n二、双方今后互谅互让，不再为此事争执。",
        reached_on=reached, manner="到调解室当面给付，由调解员见证。",
        obligations=[ObligationDraft(owes, owed, "money", what, amount, parts)],
    )  # fmt: skip
    actions.draft_agreement(story.mediation, draft, actor=story.leads)


def _sign(story: Story, days_ago: int, *, is_whole: bool = True) -> None:
    day, agreement = story.today - timedelta(days=days_ago), story.agreement
    applicants = set(story.handling.case.parties.filter(side=PartySide.APPLICANT).values_list("pk", flat=True))
    missing = missing_signatures(agreement)
    if not is_whole:
        missing = [row for row in missing if row[0] == SigningKind.PARTY and row[1] in applicants]
    actions.sign_agreement(agreement, [Signed(kind, day, by) for kind, by, _ in missing], actor=story.leads)


def _perform(story: Story, days_ago: int) -> None:
    obligation = story.agreement.obligations.get()
    first = obligation.instalments.order_by("ordinal")[0]
    day = story.today - timedelta(days=days_ago)
    actions.perform(first, actor=story.leads, on=day, note="当面给付，权利人出具收条。", amount=first.amount)


def _apply(story: Story, days_ago: int) -> None:
    court = Organisation.objects.filter(name=COURT, kind=OrganisationKind.COURT).first()
    day = story.today - timedelta(days=days_ago)
    actions.apply_for_confirmation(story.agreement, actor=story.leads, court=court, applicants=story.uids(), on=day)


def _accept(story: Story, days_ago: int) -> None:
    day, confirmation = story.today - timedelta(days=days_ago), story.agreement.confirmations.get()
    number = f"（{day.year}）内0526调确{Agreement.objects.filter(confirmed=True).count() + 1}号"
    actions.record_acceptance(confirmation, actor=story.leads, accepted=True, on=day, case_number=number)
