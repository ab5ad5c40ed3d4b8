"""Everything about one mediation that its page shows, with the acts that are open to its reader."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from intake.deadlines.models import Clock
from intake.models import Road
from intake.permissions import may_see_personal
from intake.queries import PartyView, party_views
from mediation.actions.agreement_bars import why_not_draft, why_not_rewrite
from mediation.available_actions import available_acts
from mediation.lifecycle import AgreementState, State
from mediation.models import (
    Agreement,
    Confirmation,
    Consent,
    Instalment,
    Mediation,
    Obligation,
    Recusal,
    Session,
)
from mediation.permissions import may_mediate
from mediation.queries.file import FileLine, file_lines
from mediation.queries.listed_obligations import DueDay, due_days
from mediation.queries.signatures import missing_signatures
from mediation.queries.visibility import mediation_visible_to, with_obligations
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act

ROAD = ("受理", "征得同意", "调解", "达成协议", "履行")


@dataclass(frozen=True)
class Stage:
    """One stage of the stepper: `done`, `now` or empty."""

    label: str
    mark: str


@dataclass(frozen=True)
class ShownObligation:
    """An obligation with its parts, and what may be done with each."""

    obligation: Obligation
    parts: list[tuple[Instalment, list[Act[Any]]]]


@dataclass(frozen=True)
class ShownAgreement:
    """An agreement with its obligations, the signatures that are missing, the court's part."""

    agreement: Agreement
    acts: list[Act[Any]]
    obligations: list[ShownObligation]
    listed: list[DueDay]
    missing: list[str]
    confirmations: list[tuple[Confirmation, list[Act[Any]]]]


@dataclass(frozen=True)
class MediationPage:
    """What the page shows."""

    mediation: Mediation
    acts: list[Act[Any]]
    clock: Clock | None
    stages: list[Stage]
    parties: list[PartyView]
    consents: list[Consent]
    recusals: list[Recusal]
    sessions: list[Session]
    agreement: ShownAgreement | None
    earlier: list[Agreement]
    file: list[FileLine]
    names_in_clear: bool
    may_draft: bool
    told: list[str]

    @property
    def missing(self) -> list[FileLine]:
        """The forms that archiving waits for."""
        return [line for line in self.file if line.is_missing]


def page_of(user: User, uid: UUID) -> MediationPage:
    """The page of a mediation in sight; NotFound else. Queries do not grow with the rows."""
    mediation = mediation_visible_to(user, uid)
    in_clear = may_see_personal(user, mediation.case)
    agreements = list(with_obligations(mediation.agreements.all()).order_by("-pk"))
    current = next((a for a in agreements if a.status != AgreementState.REPLACED), None)
    for agreement in agreements:
        agreement.mediation = mediation
    may = may_mediate(user, mediation) and why_not_draft(mediation) is None and why_not_rewrite(current) is None
    return MediationPage(
        mediation=mediation,
        acts=available_acts(user, mediation),
        clock=Clock.objects.filter(handling=mediation.handling_id, kind=mediation.clock, stopped_at=None).first(),
        stages=_stages(mediation, current),
        parties=party_views(mediation.case, names_in_clear=in_clear),
        consents=list(mediation.consents.select_related("party")),
        recusals=list(mediation.recusals.select_related("mediator")),
        sessions=list(mediation.sessions.select_related("room").prefetch_related("attendees__party")),
        agreement=_shown(user, current) if current else None,
        earlier=[a for a in agreements if a is not current],
        file=file_lines(mediation),
        names_in_clear=in_clear,
        may_draft=may,
        told=[Road(road).label for road in mediation.told_roads],
    )


def _shown(user: User, agreement: Agreement) -> ShownAgreement:
    obligations = []
    for obligation in agreement.obligations.all():
        obligation.agreement = agreement
        parts = []
        for part in obligation.instalments.all():
            part.obligation = obligation
            parts.append((part, available_acts(user, part)))
        obligations.append(ShownObligation(obligation, parts))
    confirmations = list(agreement.confirmations.select_related("court").prefetch_related("applicants"))
    for confirmation in confirmations:
        confirmation.agreement = agreement
    waits = agreement.status == AgreementState.DRAFT and agreement.form == "written"
    return ShownAgreement(
        agreement=agreement,
        acts=available_acts(user, agreement),
        obligations=obligations,
        listed=due_days(agreement),
        missing=[name for _, _, name in missing_signatures(agreement)] if waits else [],
        confirmations=[(c, available_acts(user, c)) for c in confirmations],
    )


def _stages(mediation: Mediation, agreement: Agreement | None) -> list[Stage]:
    """Where it stands on its road; one that failed or was taken back stops where it was."""
    at = 1 if mediation.status == State.OPENED else 2
    if agreement is not None:
        at = {AgreementState.DRAFT: 3, AgreementState.PERFORMED: 5}.get(AgreementState(agreement.status), 4)
    if mediation.status in (State.FAILED, State.CANCELLED):
        return []
    marks = ["done" if n < at else "now" if n == at else "" for n in range(len(ROAD))]
    return [Stage(label, mark) for label, mark in zip(ROAD, marks, strict=True)]
