"""Answers of the identity edge in the form the caller understands: page, part of a page, or API."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse


def wants_json(request: HttpRequest) -> bool:
    """The caller is a program: an address of the API, or JSON preferred to HTML."""
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_htmx(request: HttpRequest) -> bool:
    """The caller is a part of a page that changes in place."""
    return request.headers.get("HX-Request") == "true"


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """A problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": detail, "status": status, "code": code, "detail": detail}
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def send_to(request: HttpRequest, address: str) -> HttpResponse:
    """Take the whole page to `address`, also when only a part of it asked (401 with HX-Redirect)."""
    if is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def login_address(request: HttpRequest, **query: str) -> str:
    """The login page, which leads back to where the person was."""
    return f"{reverse('accounts:login')}?{urlencode({**query, 'next': _page_of(request)})}"


def _page_of(request: HttpRequest) -> str:
    """The page in the person's address bar, as far as it can be known and read again."""
    if is_htmx(request):
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        return f"{current.path}?{current.query}" if current.query else current.path or "/"
    return request.get_full_path() if request.method == "GET" else "/"
