"""What can be done to accounts, sessions and API clients; each function is one transaction."""

from zhongzhi.accounts.actions.clients import IssuedToken, issue_token, note_token_use, register_client, revoke_token
from zhongzhi.accounts.actions.idempotency import claim_key, keep_answer, kept_answer, sweep_idempotency
from zhongzhi.accounts.actions.people import change_password, create_user
from zhongzhi.accounts.actions.rules import (
    end_session_of,
    give_one_time_password,
    review_dormant,
    set_admin_networks,
    set_client_networks,
    set_number,
    unlock,
)
from zhongzhi.accounts.actions.second_factors import (
    begin_authenticator,
    confirm_authenticator,
    make_recovery_codes,
    remove_authenticator,
    remove_passkey,
    require_second_factor,
    reset_second_factor,
    take_code,
)
from zhongzhi.accounts.actions.security import note_failed_login, note_lockout
from zhongzhi.accounts.actions.signing_in import (
    confirm_identity,
    confirm_session,
    end_all_sessions,
    end_other_sessions,
    end_session,
    expire_session,
    require_person,
    sign_in,
    sign_out,
    sweep_sessions,
)

__all__ = [
    "IssuedToken",
    "begin_authenticator",
    "change_password",
    "claim_key",
    "confirm_authenticator",
    "confirm_identity",
    "confirm_session",
    "create_user",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "end_session_of",
    "expire_session",
    "give_one_time_password",
    "issue_token",
    "keep_answer",
    "kept_answer",
    "make_recovery_codes",
    "note_failed_login",
    "note_lockout",
    "note_token_use",
    "register_client",
    "remove_authenticator",
    "remove_passkey",
    "require_person",
    "require_second_factor",
    "reset_second_factor",
    "review_dormant",
    "revoke_token",
    "set_admin_networks",
    "set_client_networks",
    "set_number",
    "sign_in",
    "sign_out",
    "sweep_idempotency",
    "sweep_sessions",
    "take_code",
    "unlock",
]
