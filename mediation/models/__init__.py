"""Mediations and what hangs on them."""

from mediation.models.agreement import (
    Agreement,
    AgreementForm,
    Instalment,
    Obligation,
    ObligationKind,
    Performance,
    ReminderRule,
    Signing,
    SigningKind,
)
from mediation.models.bodies import Body, BodyKind, Duty, Mediator, MediatorKind, Mode, Room, Team
from mediation.models.confirmation import Confirmation
from mediation.models.file import FileRule, Need
from mediation.models.mediation import (
    Consent,
    EndReason,
    Material,
    MaterialKind,
    Mediation,
    Origin,
    Recusal,
    TimeConsent,
)
from mediation.models.mediation_session import (
    Attendee,
    Booking,
    Measurement,
    Session,
    SessionKind,
    SessionResult,
    SessionState,
)

__all__ = [
    "Agreement",
    "AgreementForm",
    "Attendee",
    "Body",
    "BodyKind",
    "Booking",
    "Confirmation",
    "Consent",
    "Duty",
    "EndReason",
    "FileRule",
    "Instalment",
    "Material",
    "MaterialKind",
    "Measurement",
    "Mediation",
    "Mediator",
    "MediatorKind",
    "Mode",
    "Need",
    "Obligation",
    "ObligationKind",
    "Origin",
    "Performance",
    "Recusal",
    "ReminderRule",
    "Room",
    "Session",
    "SessionKind",
    "SessionResult",
    "SessionState",
    "Signing",
    "SigningKind",
    "Team",
    "TimeConsent",
]
