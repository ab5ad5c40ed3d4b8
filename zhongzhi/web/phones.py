"""Whether somebody just came, with a phone."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve


def comes_with_phone(request: HttpRequest) -> bool:
    """From a bookmark, the address bar or the door, on a phone; who goes from page to page goes where they press."""
    hint = request.headers.get("Sec-CH-UA-Mobile")
    is_phone = hint == "?1" if hint else "Mobi" in request.headers.get("User-Agent", "")
    return is_phone and not _from_a_page(request)


def _from_a_page(request: HttpRequest) -> bool:
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return False
    try:
        return resolve(before.path).app_name != "accounts"
    except Resolver404:
        return False
