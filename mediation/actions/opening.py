"""Opening a mediation: which matters, before whom, who consents; recusal, more time, taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation, OrganisationKind
from intake.actions import take_up_case
from intake.actions.complaints import why_may_not_handle
from intake.actions.mediations import (
    extend_mediation_clock,
    lock_case,
    open_mediation_handling,
)
from intake.deadlines.models import Clock, ClockKind
from intake.lifecycle import State as CaseState
from intake.models import Case, PartySide
from intake.permissions import may_accept, stands_back
from intake.queries.guardians import guardians_of, why_guardian_is_missing
from mediation.actions._locking import (
    done,
    locked_for,
    move,
    not_in_future,
    parties_named,
    require_open,
    sides,
    tell_mediators,
    text_of,
    why_not_beside,
)
from mediation.actions.bookings import hand_over
from mediation.actions.closing_down import close_down
from mediation.lifecycle import Event
from mediation.models import (
    Body,
    BodyKind,
    Consent,
    Mediation,
    Mediator,
    Mode,
    Origin,
    Recusal,
    Team,
    TimeConsent,
)
from mediation.permissions import may_open
from mediation.queries.roads import open_road_of
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import InvalidTransition, RuleViolation, refuse_for, require

MODES_OF_BODY: Mapping[str, tuple[Mode, ...]] = {
    BodyKind.VILLAGE: (Mode.PEOPLES,),
    BodyKind.TOWN: (Mode.PEOPLES,),
    BodyKind.COUNTY: (Mode.PEOPLES,),
    BodyKind.BRANDED: (Mode.BRANDED, Mode.PEOPLES),
    BodyKind.INDUSTRY: (Mode.INDUSTRY, Mode.PEOPLES),
    BodyKind.MASS: (Mode.MASS,),
    BodyKind.ADMINISTRATIVE: (Mode.ADMINISTRATIVE,),
    BodyKind.JUDICIAL: (Mode.JUDICIAL,),
    BodyKind.LAWYER: (Mode.LAWYER,),
}
PUBLIC_MODES = (Mode.ADMINISTRATIVE, Mode.JUDICIAL)
ENTRUSTING = {
    Origin.COURT: (OrganisationKind.COURT, "法院"),
    Origin.COURT_TRIAL: (OrganisationKind.COURT, "法院"),
    Origin.COURT_SUMMARY: (OrganisationKind.COURT, "法院"),
    Origin.POLICE: (OrganisationKind.POLICE_STATION, "公安机关"),
}
CLOCKS = {
    Origin.COURT: ClockKind.MED_COURT,
    Origin.COURT_TRIAL: ClockKind.MED_TRIAL,
    Origin.COURT_SUMMARY: ClockKind.MED_SUMMARY,
}
LABOUR = "07"


@dataclass(frozen=True)
class Opening:
    """What it takes to open a mediation."""

    body: Body | None
    mode: str
    origin: str
    mediators: Sequence[Mediator] = ()
    entrusted_by: Organisation | None = None
    team: Team | None = None


@transaction.atomic
def open_mediation(case: Case, opening: Opening, *, actor: User, version: int | None = None) -> Mediation:
    """Let a body mediate the case; the mediation's limit starts.

    One month (人民调解工作若干规定 art. 33); entrusted by a court 30 days before filing, 15 or 7 after it
    (法释〔2016〕14号 art. 27); labour disputes 15 days (劳动争议调解仲裁法 art. 14). An accepted case is taken up by
    the centre. Raises RuleViolation for matters that are no civil dispute, naming the road that is open, and
    InvalidTransition while a mediation of the same mode, or before the same body, is open.
    """
    case = lock_case(case, version=version)
    require(may_open(actor, case), "开启调解由负责中心或承办单位办理。")
    body = _checked(case, opening)
    if case.status == CaseState.ACCEPTED:
        require(may_open_now(actor, case), "已受理未交办的案件，由负责中心开启调解。")
    mediators = _mediators(case, body, opening.mediators)
    if case.status == CaseState.ACCEPTED:
        case = take_up_case(case, actor=actor)
    if case.status != CaseState.HANDLING:
        raise InvalidTransition(f"案件{CaseState(case.status).label}，办理中的案件才能开启调解；已交办的请先签收。")
    clock = _clock_of(case, opening)
    handling, _ = open_mediation_handling(case, actor=actor, organisation=body.organisation, clock=clock)
    mediation = Mediation.objects.create(
        case=case,
        handling=handling,
        body=body,
        mode=opening.mode,
        origin=opening.origin,
        entrusted_by=opening.entrusted_by,
        team=opening.team,
        clock=clock,
        opened_by=actor,
        opened_at=timezone.now(),
    )
    mediation.mediators.set(mediators)
    if opening.origin == Origin.APPLICATION:
        _applicants_consent(mediation)
    done(mediation, actor, Verb.OPENED, mode=opening.mode, origin=opening.origin, body=body.pk)
    tell_mediators(mediation, "mediation_opened", "请您调解", key=f"mediation:{mediation.pk}:opened")
    return mediation


def may_open_now(actor: User, case: Case) -> bool:
    """Whether this person may let somebody mediate the case as it stands: one that is accepted is taken up with it."""
    if case.status == CaseState.ACCEPTED:
        takes_up = may_accept(actor, case) and case.centre is not None
        return takes_up and why_may_not_handle(case, *filter(None, [case.centre]), lead=True) is None
    return case.status == CaseState.HANDLING and may_open(actor, case)


@transaction.atomic
def recuse_mediator(
    mediation: Mediation,
    *,
    actor: User,
    mediator: Mediator | None,
    reason: str,
    granted: bool,
    asked_by: str = "",
    replacement: Mediator | None = None,
) -> Recusal:
    """A mediator with a conflict of interest leaves (回避), of himself or because a side asked (`asked_by` its uid).

    Granted, the mediator's booked sessions of this mediation must be taken by the replacement or planned anew.
    """
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    reason = text_of(reason, field="reason", what="回避的理由", longest=500)
    if mediator is None or not mediation.mediators.filter(pk=mediator.pk).exists():
        raise RuleViolation("这位调解员不在本次调解中。", field="mediator")
    party = parties_named(mediation.case, [asked_by], field="asked_by")[0] if asked_by else None
    if granted:
        _lock_body(mediation.body)
        exchange(mediation, mediator, replacement, field="replacement")
    recusal = Recusal.objects.create(
        mediation=mediation,
        mediator=mediator,
        asked_by=party,
        reason=reason,
        granted=granted,
        decided_by=actor,
        decided_at=timezone.now(),
    )
    done(mediation, actor, Verb.RECUSED, mediator=mediator.pk, granted=granted)
    return recusal


@transaction.atomic
def replace_mediator(
    mediation: Mediation, *, actor: User, mediator: Mediator | None, replacement: Mediator | None, reason: str
) -> Mediation:
    """Another mediator of the body goes on where one has left or cannot; booked sessions go to the replacement."""
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    reason = text_of(reason, field="reason", what="更换的原因", longest=500)
    if mediator is None or not mediation.mediators.filter(pk=mediator.pk).exists():
        raise RuleViolation("这位调解员不在本次调解中。", field="mediator")
    if replacement is None:
        raise RuleViolation("请选择接替的调解员。", field="replacement")
    _lock_body(mediation.body)
    exchange(mediation, mediator, replacement, field="replacement")
    done(mediation, actor, Verb.MEDIATOR_EXCHANGED, mediator=mediator.pk, to=replacement.pk, reason=reason)
    return mediation


@transaction.atomic
def extend_mediation(mediation: Mediation, *, actor: User, on: date, note: str = "") -> Clock:
    """More time, because all sides agree to it on a day (人民调解工作若干规定 art. 33; 法释〔2016〕14号 art. 27)."""
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    not_in_future(on, field="on")
    clock = extend_mediation_clock(mediation.case, mediation.handling, ClockKind(mediation.clock))
    TimeConsent.objects.create(mediation=mediation, on=on, note=note[:500], recorded_by=actor)
    done(mediation, actor, Verb.EXTENDED, due_at=clock.due_at)
    return clock


@transaction.atomic
def cancel_mediation(mediation: Mediation, *, actor: User, reason: str) -> Mediation:
    """Take back a mediation that was opened by mistake, or whose applicant withdraws it. Its limit ends."""
    mediation = locked_for(mediation, actor)
    require_open(mediation)
    note = text_of(reason, field="reason", what="取消的理由", longest=2000)
    move(mediation, Event.CANCEL, ended_at=timezone.now(), end_note=note)
    close_down(mediation)
    done(mediation, actor, Verb.CANCELLED)
    return mediation


def exchange(mediation: Mediation, mediator: Mediator, other: Mediator | None, *, field: str) -> None:
    """Put another mediator of a locked body in the place of one, or nobody where one is left; `field` in refusals."""
    if other == mediator:
        raise RuleViolation("请选择另一位调解员接替。", field=field)
    if other is not None:
        _require_not_recused(mediation.case, other, field)
        check_mediator(_fresh([other])[0], mediation.body, timezone.localdate(), field=field)
        mediation.mediators.add(other)
    elif mediation.mediators.count() == 1:
        raise RuleViolation(f"{mediation.case.code} 的调解没有别的调解员了，请选择接替的调解员。", field=field)
    mediation.mediators.remove(mediator)
    hand_over(mediation, mediator, other)


def _lock_body(body: Body) -> Body:
    """Keep the body and its mediators as they are until the end; who ends one of them waits."""
    return Body.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=body.pk)


def _fresh(mediators: Sequence[Mediator]) -> list[Mediator]:
    """Mediators as they stand in the database now, in the order given."""
    found = Mediator.objects.in_bulk([m.pk for m in mediators])
    return [found[m.pk] for m in mediators]


def _checked(case: Case, opening: Opening) -> Body:
    """The rules of an opening; the body, locked."""
    if opening.body is None:
        raise RuleViolation("请选择调解组织。", field="body")
    body = _lock_body(opening.body)
    if body.ends_on is not None:
        raise RuleViolation(f"{body}已于 {body.ends_on} 撤销，请另选调解组织。", field="body")
    if opening.mode not in MODES_OF_BODY[body.kind]:
        raise RuleViolation(f"{body}不开展{Mode(opening.mode).label}，请换一种方式或换一个调解组织。", field="mode")
    if case.category is None:
        raise RuleViolation("请先在案件中选定纠纷类别。", field="mode")
    if not case.category.people_mediable and opening.mode not in PUBLIC_MODES:
        road = open_road_of(case.category)
        raise RuleViolation(
            f"“{case.category.name}”不属民间纠纷，不能由{Mode(opening.mode).label}受理。{road}", field="mode"
        )
    refuse_for(why_not_beside(case, mode=opening.mode, body=body))
    _check_entrusting(opening)
    return body


def _check_entrusting(opening: Opening) -> None:
    wanted = ENTRUSTING.get(Origin(opening.origin))
    if wanted and (opening.entrusted_by is None or opening.entrusted_by.kind != wanted[0]):
        raise RuleViolation(f"请填写委派或移交本案的{wanted[1]}。", field="entrusted_by")


def _mediators(case: Case, body: Body, wanted: Sequence[Mediator]) -> list[Mediator]:
    """The mediators, checked: of this body, in office, qualified, not recused in this case."""
    if not wanted:
        raise RuleViolation("请选择至少一名调解员。", field="mediators")
    today, wanted = timezone.localdate(), _fresh(wanted)
    for mediator in wanted:
        check_mediator(mediator, body, today)
        _require_not_recused(case, mediator, "mediators")
    return wanted


def _require_not_recused(case: Case, mediator: Mediator, field: str) -> None:
    if mediator.user is not None and stands_back(mediator.user, case.pk):
        raise RuleViolation(f"{mediator}与本案有利害关系，应当回避，请另选调解员。", field=field)
    if case.mediations.filter(recusals__mediator=mediator, recusals__granted=True).exists():
        raise RuleViolation(f"{mediator}在本案中已回避，请另选调解员。", field=field)


def check_mediator(mediator: Mediator, body: Body, today: date, *, field: str = "mediators") -> None:
    """Refuse a mediator of another body, one out of office, and one whose qualification has run out."""
    if mediator.body_id != body.pk or (mediator.ends_on and mediator.ends_on <= today):
        raise RuleViolation(f"{mediator}不是{body}在任的调解员。", field=field)
    if mediator.qualified_until and mediator.qualified_until < today:
        day = mediator.qualified_until.isoformat()
        raise RuleViolation(f"{mediator}的调解员资格已于 {day} 到期，请先续聘或另选调解员。", field=field)


def _clock_of(case: Case, opening: Opening) -> ClockKind:
    if opening.origin in CLOCKS:
        return CLOCKS[Origin(opening.origin)]
    is_labour = case.category is not None and case.category.code.startswith(LABOUR)
    return ClockKind.MED_LABOUR if is_labour else ClockKind.MEDIATE


def _applicants_consent(mediation: Mediation) -> None:
    """Who asks for a mediation agrees to it (人民调解法 art. 17); who needs a guardian and has none is asked again."""
    today = timezone.localdate()
    applicants = [p for p in sides(mediation.case) if p.side == PartySide.APPLICANT]
    able = [p for p in applicants if why_guardian_is_missing([p]) is None]
    said = {"mediation": mediation, "agreed": True, "on": today, "how": "申请调解"}
    Consent.objects.bulk_create([Consent(party=p, guardian=next(iter(guardians_of(p)), None), **said) for p in able])
