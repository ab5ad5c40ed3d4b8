"""What ends with a mediation, however it ends: its limit and its own piece of work, planned sessions, the draft."""

from intake.actions.mediations import close_mediation_handling
from intake.deadlines.models import ClockKind
from mediation.actions.bookings import free_sessions
from mediation.actions.invitations import tell_invited
from mediation.lifecycle import AGREEMENTS, AgreementEvent, AgreementState
from mediation.models import Agreement, Mediation


def close_down(mediation: Mediation) -> None:
    """End what is still under way in a locked mediation that is over; who was asked to a session hears that it is
    off."""
    for draft in mediation.agreements.filter(status=AgreementState.DRAFT):
        move_agreement(draft, AgreementEvent.REPLACE)
    for session in free_sessions(mediation):
        tell_invited(session, "已取消")
    close_mediation_handling(mediation.case, mediation.handling, ClockKind(mediation.clock))


def move_agreement(agreement: Agreement, event: AgreementEvent, **columns: object) -> None:
    """Move a locked agreement along its lifecycle."""
    agreement.status = AGREEMENTS.target(AgreementState(agreement.status), event)
    for name, value in columns.items():
        setattr(agreement, name, value)
    agreement.save(update_fields=["status", *columns])
