"""What can be done in a mediation; each public function is one act in one transaction."""

from mediation.actions.agreements import (
    AgreementDraft,
    Signed,
    draft_agreement,
    revise_agreement,
    sign_agreement,
    take_oral_force,
    withdraw_signatures,
)
from mediation.actions.at_window import mediate_at_window
from mediation.actions.bodies import (
    BodyEntry,
    add_room,
    change_body,
    change_room,
    close_room,
    end_body,
    open_room,
    set_up_body,
)
from mediation.actions.bookings import AlreadyBooked
from mediation.actions.confirming import apply_for_confirmation, extend_ruling, record_acceptance, record_ruling
from mediation.actions.consenting import record_consent
from mediation.actions.court import record_undisputed_facts, return_to_court
from mediation.actions.ending import end_without_agreement
from mediation.actions.entering import enter_session
from mediation.actions.file import add_material, note_taken_out, recheck, recheck_file
from mediation.actions.hand_signing import send_signing_code, sign_by_hand
from mediation.actions.listed_obligations import list_obligations
from mediation.actions.mediation_sessions import (
    Plan,
    adjourn_session,
    cancel_session,
    hold_session,
    plan_session,
    save_minutes,
)
from mediation.actions.mediators import MediatorEntry, appoint_mediator, change_mediator, end_mediator
from mediation.actions.minutes import Measured, Minutes
from mediation.actions.obligations import LandDraft, ObligationDraft
from mediation.actions.opening import (
    Opening,
    cancel_mediation,
    extend_mediation,
    open_mediation,
    recuse_mediator,
    replace_mediator,
)
from mediation.actions.performance import lead_on, perform, perform_together
from mediation.actions.roster import DutyEntry, remove_duty, set_duty
from mediation.actions.sweeps import mark_due_obligations, recheck_open_files, remind_of_confirmations
from mediation.actions.teams import add_team, change_team, restore_team, retire_team
from mediation.actions.wording import change_wording

__all__ = [
    "AgreementDraft",
    "AlreadyBooked",
    "BodyEntry",
    "DutyEntry",
    "LandDraft",
    "Measured",
    "MediatorEntry",
    "Minutes",
    "ObligationDraft",
    "Opening",
    "Plan",
    "Signed",
    "add_material",
    "add_room",
    "add_team",
    "adjourn_session",
    "apply_for_confirmation",
    "appoint_mediator",
    "cancel_mediation",
    "cancel_session",
    "change_body",
    "change_mediator",
    "change_room",
    "change_team",
    "change_wording",
    "close_room",
    "draft_agreement",
    "end_body",
    "end_mediator",
    "end_without_agreement",
    "enter_session",
    "extend_mediation",
    "extend_ruling",
    "hold_session",
    "lead_on",
    "list_obligations",
    "mark_due_obligations",
    "mediate_at_window",
    "note_taken_out",
    "open_mediation",
    "open_room",
    "perform",
    "perform_together",
    "plan_session",
    "recheck",
    "recheck_file",
    "recheck_open_files",
    "record_acceptance",
    "record_consent",
    "record_ruling",
    "record_undisputed_facts",
    "recuse_mediator",
    "remind_of_confirmations",
    "remove_duty",
    "replace_mediator",
    "restore_team",
    "retire_team",
    "return_to_court",
    "revise_agreement",
    "save_minutes",
    "send_signing_code",
    "set_duty",
    "set_up_body",
    "sign_agreement",
    "sign_by_hand",
    "take_oral_force",
    "withdraw_signatures",
]
