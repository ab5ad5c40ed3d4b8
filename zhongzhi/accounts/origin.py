"""Where a request comes from: the address and the browser, as kept with sessions and in the security log."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

USER_AGENT_LENGTH = 300

BROWSERS = (
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("OpenHarmony|HarmonyOS", "鸿蒙"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Origin:
    """An address (None where there is none: a command, a Unix socket) and what the browser says it is."""

    ip: str | None = None
    user_agent: str = ""


NOWHERE = Origin()


def client_ip(request: HttpRequest) -> str | None:
    """The caller's address; behind our proxy, the address that the proxy appended last.

    Entries further left in X-Forwarded-For are whatever the caller wrote and are never believed.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.META.get("HTTP_X_FORWARDED_FOR", given).split(",")[-1]
    try:
        return str(ip_address(given.strip()))
    except ValueError:
        return None


def origin_of(request: HttpRequest) -> Origin:
    """Address and browser of a request; control characters are dropped, length is bounded."""
    agent = "".join(filter(str.isprintable, request.META.get("HTTP_USER_AGENT", "")))
    return Origin(client_ip(request), agent[:USER_AGENT_LENGTH])


def device_of(user_agent: str) -> str:
    """Browser and system in words a person recognises: `Chrome · Windows`."""
    known = [
        next((name for pattern, name in table if re.search(pattern, user_agent)), "") for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, known)) or "未知设备"
