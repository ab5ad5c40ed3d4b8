"""How people sign in: what they type, the device they hold, the time that passes."""

from datetime import datetime, timedelta

from playwright.sync_api import Page

from tests.people import PASSWORD
from zhongzhi.accounts.login_sessions import SIGN_IN, SessionStore
from zhongzhi.accounts.models import User, UserSession


def give_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def type_password(page: Page, user: User) -> None:
    type_name(page, user.username, PASSWORD)


def type_name(page: Page, username: str, password: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    with page.expect_navigation():  # what is looked at next is the page it leads to, whole
        page.get_by_role("button", name="登录", exact=True).click()


def type_code(page: Page, code: str) -> None:
    page.get_by_label("动态码").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="验证", exact=True).click()


def sign_out(page: Page, user: User) -> None:
    page.locator(".top-tools summary").filter(has_text=user.name).click()
    with page.expect_navigation():
        page.get_by_role("button", name="退出", exact=True).click()


def with_device(page: Page) -> None:
    """A device with a finger on it, as Chromium simulates one."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def shift_sign_in(user: User, **shifts: timedelta) -> None:
    """Let the person's session have begun, or been used, that much earlier."""
    store = SessionStore(UserSession.objects.filter(user=user).latest("created_at").session_key)
    for name, shift in shifts.items():
        store[SIGN_IN][name] = (datetime.fromisoformat(store[SIGN_IN][name]) - shift).isoformat()
    store.modified = True
    store.save()
