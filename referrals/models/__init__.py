"""Documents (三单两函), their escalation, meetings of joint handling, special care."""

from referrals.models.care import (
    CARE_REASONS,
    CONSENT_MEANS,
    CareAssessment,
    CareRecord,
    CareVisit,
    Danger,
    GuardianConsent,
)
from referrals.models.document import Adoption, Document, DocumentAnswer, DocumentExtension, DocumentStep, Level
from referrals.models.escalation import (
    LETTER_ACTIONS,
    DailyMark,
    EscalationRule,
    EscalationStep,
    Lapse,
    RuleAction,
    StepOutcome,
)
from referrals.models.kind import (
    AddresseeRule,
    AgencyWord,
    AnswerKind,
    DocumentKind,
    IssuerRule,
    PaperForm,
    Purpose,
    Signatory,
    Trigger,
)
from referrals.models.meeting import Meeting
from referrals.models.signature import DocumentSignature

__all__ = [
    "CARE_REASONS",
    "CONSENT_MEANS",
    "LETTER_ACTIONS",
    "AddresseeRule",
    "Adoption",
    "AgencyWord",
    "AnswerKind",
    "CareAssessment",
    "CareRecord",
    "CareVisit",
    "DailyMark",
    "Danger",
    "Document",
    "DocumentAnswer",
    "DocumentExtension",
    "DocumentKind",
    "DocumentSignature",
    "DocumentStep",
    "EscalationRule",
    "EscalationStep",
    "GuardianConsent",
    "IssuerRule",
    "Lapse",
    "Level",
    "Meeting",
    "PaperForm",
    "Purpose",
    "RuleAction",
    "Signatory",
    "StepOutcome",
    "Trigger",
]
