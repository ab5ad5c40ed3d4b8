"""The completeness of a mediation's file: what its rule table asks for, what is there, what is missing."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from intake.lifecycle import State as CaseState
from intake.models import Case, ConditionSource, PartyRole
from mediation.lifecycle import AgreementState, ConfirmationState, State
from mediation.models import (
    OF_COURTS,
    AgreementForm,
    FileRule,
    Instalment,
    Material,
    MaterialKind,
    Mediation,
    Need,
    Origin,
    Performance,
    Session,
    SessionKind,
    SessionResult,
    SessionState,
)

IN_FORCE = (AgreementState.IN_FORCE, AgreementState.PERFORMED, AgreementState.BREACHED)


@dataclass(frozen=True)
class FileLine:
    """One form of the file: whether it applies, whether it is there, what is missing, whether archiving waits."""

    rule: FileRule
    applies: bool
    lacking: str

    @property
    def is_missing(self) -> bool:
        return self.applies and bool(self.lacking) and self.rule.need != Need.OPTIONAL


@dataclass(frozen=True)
class _Facts:
    """What the rules look at, read once."""

    mediation: Mediation
    sessions: list[Session]
    materials: set[str]

    @property
    def was_mediated(self) -> bool:
        """It took place, or still may: what such a one needs is told early."""
        return self.mediation.started_at is not None or self.mediation.is_open

    @property
    def is_agreed(self) -> bool:
        return self.mediation.status == State.AGREED

    def held(self, *kinds: str) -> list[Session]:
        return [s for s in self.sessions if s.status == SessionState.HELD and (not kinds or s.kind in kinds)]


Answer = tuple[bool, str]
_Check = Callable[[_Facts], Answer]


def file_lines(mediation: Mediation) -> list[FileLine]:
    """The forms of the file in order, each with its state. A fixed number of queries for each kind of form."""
    live = Material.objects.filter(mediation=mediation, attachment__removed_at__isnull=True)
    facts = _Facts(mediation, list(mediation.sessions.all()), set(live.values_list("kind", flat=True)))
    return [FileLine(rule, *CHECKS.get(rule.form, _always)(facts)) for rule in FileRule.objects.all()]


def materials_of(mediation: Mediation) -> list[Material]:
    """What was put into the file and not taken off."""
    rows = mediation.materials.filter(attachment__removed_at__isnull=True)
    return list(rows.select_related("attachment__file", "attachment__added_by", "party").order_by("kind", "pk"))


def missing_of(mediation: Mediation) -> list[str]:
    """What archiving waits for, in words."""
    return [f"{line.rule.name}（{line.lacking}）" for line in file_lines(mediation) if line.is_missing]


def missing_of_case(case: Case) -> list[str]:
    """What archiving the case waits for: its mediations over, and their files complete."""
    found: list[str] = []
    rows = case.mediations.exclude(status=State.CANCELLED).select_related("body__organisation").order_by("pk")
    for mediation in rows:
        if mediation.is_open:
            found.append(f"{mediation.get_mode_display()}尚未结束")
        else:
            found += missing_of(mediation)
    return found


def cases_with_waiting_files() -> QuerySet[Case]:
    """Closed cases that were mediated, not yet archived; those looked at longest ago first."""
    rows = Case.objects.filter(status=CaseState.CLOSED, archive_conditions__source=ConditionSource.MEDIATION)
    return rows.order_by("archive_conditions__checked_at", "pk")


def _always(facts: _Facts) -> Answer:
    return True, ""


def _application(facts: _Facts) -> Answer:
    return facts.mediation.origin == Origin.APPLICATION, ""


def _rights(facts: _Facts) -> Answer:
    return facts.was_mediated, "" if facts.mediation.rights_told_on else "尚未记录告知日期"


def _identity(facts: _Facts) -> Answer:
    shown = set(
        Material.objects.filter(
            mediation=facts.mediation, kind=MaterialKind.IDENTITY, attachment__removed_at__isnull=True
        ).values_list("party_id", flat=True)
    )
    parties = facts.mediation.case.parties.filter(role=PartyRole.PRINCIPAL)
    without = [p for p in parties if not p.paper_sealed and p.pk not in shown]
    return facts.was_mediated, f"{len(without)} 位当事人没有证件号码或证件照片" if without else ""


def _authorisation(facts: _Facts) -> Answer:
    agents = facts.mediation.case.parties.filter(role=PartyRole.AGENT).exists()
    return agents, "" if MaterialKind.AUTHORISATION in facts.materials else "有委托代理人，未上传授权委托书"


def _investigation(facts: _Facts) -> Answer:
    planned = [s for s in facts.sessions if s.kind == SessionKind.SURVEY and s.status != SessionState.CANCELLED]
    planned = [s for s in planned if s.status != SessionState.ADJOURNED]
    open_ones = [s for s in planned if s.status != SessionState.HELD]
    return bool(planned), "现场勘查还没有记录" if open_ones else ""


def _evidence(facts: _Facts) -> Answer:
    return bool({MaterialKind.EVIDENCE, MaterialKind.SURVEY} & facts.materials), ""


def _record(facts: _Facts) -> Answer:
    """One that ended before the parties ever met (somebody stays away, or takes back their consent) has no record: the
    notice that it ended says why."""
    if facts.mediation.status == State.FAILED and not facts.held():
        return False, ""
    surveys = [s for s in facts.held(SessionKind.SURVEY) if s.result == SessionResult.AGREED or facts.is_agreed]
    met = facts.held(SessionKind.MEETING, SessionKind.BACK_TO_BACK) or surveys
    return facts.was_mediated, "" if met else "没有已举行的调解会笔录"


def _agreement(facts: _Facts) -> Answer:
    return _agreed_in(facts, AgreementForm.WRITTEN)


def _oral(facts: _Facts) -> Answer:
    return _agreed_in(facts, AgreementForm.ORAL)


def _agreed_in(facts: _Facts, form: str) -> Answer:
    rows = facts.mediation.agreements.filter(status__in=IN_FORCE, form=form)
    return facts.is_agreed and rows.exists(), ""


def _performance(facts: _Facts) -> Answer:
    rows = Instalment.objects.filter(obligation__agreement__mediation=facts.mediation).exclude(
        obligation__agreement__status__in=[AgreementState.DRAFT, AgreementState.REPLACED]
    )
    waiting = rows.filter(performed_on=None, released_at=None).count()
    bare = rows.filter(performed_on__isnull=False).exclude(pk__in=_with_proof().values("instalment_id")).count()
    lacking = [f"{waiting} 项未履行" if waiting else "", f"{bare} 项没有履行凭证" if bare else ""]
    return facts.is_agreed and rows.exists(), "，".join(filter(None, lacking))


def _with_proof() -> QuerySet[Performance]:
    proved = Material.objects.filter(performance__isnull=False, attachment__removed_at__isnull=True)
    has_proof = Q(pk__in=proved.values("performance_id")) | Q(shares_proof__in=proved.values("performance_id"))
    return Performance.objects.filter(has_proof)


def performances_without_proof(mediation: Mediation) -> QuerySet[Performance]:
    """What was recorded as performed and nothing in the file proves: what a proof that comes later belongs to."""
    rows = Performance.objects.filter(instalment__obligation__agreement__mediation=mediation)
    bare = rows.exclude(instalment__in=_with_proof().values("instalment"))
    return bare.select_related("instalment__obligation").order_by("on", "pk")


def _follow_up(facts: _Facts) -> Answer:
    return facts.mediation.case.follow_ups.exists(), ""


def _confirmation(facts: _Facts) -> Answer:
    rows = facts.mediation.agreements.filter(confirmations__isnull=False)
    waiting = rows.filter(confirmations__status__in=[ConfirmationState.APPLIED, ConfirmationState.ACCEPTED])
    return rows.exists(), "法院尚未作出裁定" if waiting.exists() else ""


def _undisputed(facts: _Facts) -> Answer:
    return hasattr(facts.mediation, "undisputed"), ""


def _court_return(facts: _Facts) -> Answer:
    is_due = facts.mediation.origin in OF_COURTS and facts.mediation.status in (State.AGREED, State.FAILED)
    return is_due, "" if hasattr(facts.mediation, "court_return") else "尚未把结果交回法院"


def _termination(facts: _Facts) -> Answer:
    return facts.mediation.status == State.FAILED, ""


CHECKS: dict[str, _Check] = {
    "application": _application,
    "rights": _rights,
    "identity": _identity,
    "authorisation": _authorisation,
    "investigation": _investigation,
    "evidence": _evidence,
    "record": _record,
    "agreement": _agreement,
    "oral": _oral,
    "performance": _performance,
    "follow_up": _follow_up,
    "confirmation": _confirmation,
    "termination": _termination,
    "undisputed": _undisputed,
    "court_return": _court_return,
}
