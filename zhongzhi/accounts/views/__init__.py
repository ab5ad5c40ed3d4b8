"""Pages of identity: signing in, one's own account, being asked again."""

from zhongzhi.accounts.views.account import end_other_sessions, end_session, password, sessions
from zhongzhi.accounts.views.confirming import ask_again, confirm
from zhongzhi.accounts.views.signing_in import SignInPage, locked_out, logout, typed_username

__all__ = [
    "SignInPage",
    "ask_again",
    "confirm",
    "end_other_sessions",
    "end_session",
    "locked_out",
    "logout",
    "password",
    "sessions",
    "typed_username",
]
