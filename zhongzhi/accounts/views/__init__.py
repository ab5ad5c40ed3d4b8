"""Pages of identity: signing in in one or two steps, one's own account and its safety, being asked again."""

from zhongzhi.accounts.views.account import end_other_sessions, end_session, password, sessions
from zhongzhi.accounts.views.confirming import ask_again, confirm
from zhongzhi.accounts.views.second_factor import passkey_options, second_factor, use_passkey
from zhongzhi.accounts.views.security import (
    add_passkey,
    authenticator,
    new_codes,
    new_passkey_options,
    recovery_codes,
    remove_authenticator,
    remove_passkey,
    security,
)
from zhongzhi.accounts.views.signing_in import SignInPage, locked_out, logout, typed_username
from zhongzhi.accounts.views.signing_in_again import sign_in_again
from zhongzhi.accounts.views.single_sign_on import single_sign_on, single_sign_on_callback

__all__ = [
    "SignInPage",
    "add_passkey",
    "ask_again",
    "authenticator",
    "confirm",
    "end_other_sessions",
    "end_session",
    "locked_out",
    "logout",
    "new_codes",
    "new_passkey_options",
    "passkey_options",
    "password",
    "recovery_codes",
    "remove_authenticator",
    "remove_passkey",
    "second_factor",
    "security",
    "sessions",
    "sign_in_again",
    "single_sign_on",
    "single_sign_on_callback",
    "typed_username",
    "use_passkey",
]
