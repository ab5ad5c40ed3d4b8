"""The edge of every request: its id and log line, how much it may carry, and refusals turned into answers."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import is_valid_path

from zhongzhi.web.error_responses import error_response, refusal
from zhongzhi.web.logs import begin_request
from zhongzhi.web.slowness import refusal_for

GetResponse = Callable[[HttpRequest], HttpResponse]
QUIET = ("/static/",)
COMPRESSED = ("text/html", "application/json", "application/problem+json", "application/x-ndjson", "text/csv")
DRAIN_BYTES = 256 * 1024 * 1024
log = logging.getLogger("zhongzhi.access")


class AliveMiddleware:
    """Answers /healthz before anything else looks at the request: whoever watches knows neither our names nor TLS."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The process answers."""
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})
        return self.get_response(request)


class RequestIdMiddleware:
    """Names each request and writes one line about it: method, path, status, milliseconds. Never the query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only our own proxy may hand an id over."""
        given = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
        request_id, begun = begin_request(given), time.monotonic()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        if not request.path.startswith(QUIET):
            ms = round((time.monotonic() - begun) * 1000)
            facts = {"method": request.method, "path": request.path, "status": response.status_code, "ms": ms}
            log.info("request", extra=facts)
        return response


class BodyLimitMiddleware:
    """Refuses bodies that are too large before anything reads them, and NUL in addresses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """413 with the limit in words; 400 for NUL."""
        if _length(request) > settings.BODY_MAX_BYTES:
            _drain(request)
            limit = settings.FILE_MAX_BYTES // (1024 * 1024)
            return error_response(
                request, 413, "too_large", f"提交的内容过大：单个文件最大 {limit} MB，请压缩或分次上传。"
            )
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_response(request, 400, "invalid", "地址中含有不可用的字符。")
        return self.get_response(request)


class SlashOfProgramsMiddleware:
    """An address of the API that lacks its last slash is answered as it is with it: a redirect would make a GET of a
    POST, and nothing would have been done."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the slash where there is an address of that name."""
        lacks_it = request.path_info.startswith("/api/") and not request.path_info.endswith("/")
        if lacks_it and is_valid_path(f"{request.path_info}/"):
            request.path, request.path_info = f"{request.path}/", f"{request.path_info}/"
        return self.get_response(request)


class CompressPagesMiddleware(GZipMiddleware):
    """Pages and JSON travel compressed, with the random padding that Django adds against BREACH; files do not."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is text."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        return super().process_response(request, response) if kind in COMPRESSED else response


class DomainErrorMiddleware:
    """Turns a refusal raised in a page into the page's answer with the refusal's status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals and what took too long; everything else is a fault of ours and goes its usual way."""
        refused = refusal_for(exception)
        return refusal(request, refused) if refused else None


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _drain(request: HttpRequest) -> None:
    """Read the body and forget it: a browser cut off while it sends would show no message at all."""
    left = min(_length(request), DRAIN_BYTES)
    while left > 0 and (chunk := request.read(min(left, 1024 * 1024))):
        left -= len(chunk)
