"""Documents (三单两函), the supervision ladder, joint handling."""

from referrals.models.document import (
    Adoption,
    Document,
    DocumentAnswer,
    DocumentExtension,
    DocumentStep,
    Level,
)
from referrals.models.joint import (
    CARE_REASONS,
    CONSENT_MEANS,
    CareRecord,
    CareVisit,
    Danger,
    GuardianConsent,
    Meeting,
)
from referrals.models.kind import (
    AddresseeRule,
    AgencyWord,
    AnswerKind,
    DocumentKind,
    Does,
    IssuerRule,
    LadderRule,
    PaperForm,
    Purpose,
    Signatory,
    Trigger,
)
from referrals.models.ladder import DailyMark, LadderStep, Lapse, StepOutcome

__all__ = [
    "CARE_REASONS",
    "CONSENT_MEANS",
    "AddresseeRule",
    "Adoption",
    "AgencyWord",
    "AnswerKind",
    "CareRecord",
    "CareVisit",
    "DailyMark",
    "Danger",
    "Document",
    "DocumentAnswer",
    "DocumentExtension",
    "DocumentKind",
    "DocumentStep",
    "Does",
    "GuardianConsent",
    "IssuerRule",
    "LadderRule",
    "LadderStep",
    "Lapse",
    "Level",
    "Meeting",
    "PaperForm",
    "Purpose",
    "Signatory",
    "StepOutcome",
    "Trigger",
]
