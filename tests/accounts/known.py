"""What several tests of identity know."""

from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone

from zhongzhi.accounts.actions import begin_authenticator, confirm_authenticator
from zhongzhi.accounts.login_sessions import SIGN_IN
from zhongzhi.accounts.models import User
from zhongzhi.accounts.one_time_codes import code_at

PASSWORD = "Shoufa-Banli-2026"
STEP = timedelta(seconds=30)


def set_up_authenticator(user: User) -> tuple[str, list[str]]:
    """An authenticator in use, its code of half a minute ago taken; the secret and the recovery codes."""
    secret = begin_authenticator(user)
    return secret, confirm_authenticator(user, code_at(secret, timezone.now() - STEP))


def age_session(browser: Client, **shifts: timedelta) -> None:
    """Let the session have begun (`since`) or been used (`seen`) that much earlier."""
    session = browser.session
    for name, shift in shifts.items():
        session[SIGN_IN][name] = (datetime.fromisoformat(session[SIGN_IN][name]) - shift).isoformat()
    session.modified = True
    session.save()
