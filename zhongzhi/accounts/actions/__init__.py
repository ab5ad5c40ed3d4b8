"""What can be done to accounts, sessions and API clients; each function is one transaction."""

from zhongzhi.accounts.actions.clients import IssuedToken, issue_token, note_token_use, register_client, revoke_token
from zhongzhi.accounts.actions.idempotency import claim_key, keep_answer, kept_answer, sweep_idempotency
from zhongzhi.accounts.actions.people import change_password, create_user
from zhongzhi.accounts.actions.security import note_failed_login, note_lockout
from zhongzhi.accounts.actions.signing_in import (
    end_all_sessions,
    end_other_sessions,
    end_session,
    expire_session,
    sign_in,
    sign_out,
    sweep_sessions,
)

__all__ = [
    "IssuedToken",
    "change_password",
    "claim_key",
    "create_user",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "expire_session",
    "issue_token",
    "keep_answer",
    "kept_answer",
    "note_failed_login",
    "note_lockout",
    "note_token_use",
    "register_client",
    "revoke_token",
    "sign_in",
    "sign_out",
    "sweep_idempotency",
    "sweep_sessions",
]
