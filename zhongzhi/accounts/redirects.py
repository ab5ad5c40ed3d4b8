"""Where a caller who must sign in is sent."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zhongzhi.web.error_responses import is_htmx


def send_to(request: HttpRequest, address: str) -> HttpResponse:
    """Take the whole page to `address`, also when only a part of it asked (401 with HX-Redirect)."""
    if is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def login_address(request: HttpRequest, **query: str) -> str:
    """The login page, which leads back to where the person was."""
    return f"{reverse('accounts:login')}?{urlencode({**query, 'next': _page_of(request)})}"


def confirm_address(request: HttpRequest) -> str:
    """The page that asks again who sits there, which leads back to where the person was going."""
    return f"{reverse('accounts:confirm')}?{urlencode({'next': _page_of(request)})}"


def _page_of(request: HttpRequest) -> str:
    """The page in the person's address bar, as far as it can be known and read again."""
    if is_htmx(request):
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        return f"{current.path}?{current.query}" if current.query else current.path or "/"
    return request.get_full_path() if request.method == "GET" else "/"


def own_address(request: HttpRequest) -> str:
    """Where the person was going (`next`), if that is an address of ours; else the home page."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if ours else "/"
