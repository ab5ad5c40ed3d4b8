"""The agreement that is being written."""

from mediation.lifecycle import AgreementState
from mediation.models import Agreement, Mediation
from mediation.queries.visibility import with_obligations


def current_agreement(mediation: Mediation) -> Agreement | None:
    """The agreement that stands or is being written."""
    return mediation.agreements.exclude(status=AgreementState.REPLACED).select_related("mediation__case").first()


def draft_of(mediation: Mediation) -> Agreement | None:
    """The draft of a mediation, with its obligations."""
    return with_obligations(mediation.agreements.filter(status=AgreementState.DRAFT)).first()
