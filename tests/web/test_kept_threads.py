"""Of a process's threads ordinary requests take all but four; three of these are the window's, one is the watcher's."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory, override_settings

from zhongzhi.web.kept_threads import KeptThreadsMiddleware

THREADS, ORDINARY, WINDOW = 8, 4, 3
ASK = RequestFactory(headers={"Accept": "application/json"})


@contextmanager
def at_work(path: str, many: int) -> Iterator[KeptThreadsMiddleware]:
    """So many requests that have begun and do not come to an end."""
    begun, ends = Barrier(many + 1, timeout=30), Event()

    def work(request: HttpRequest) -> HttpResponse:
        if "busy" in request.GET:
            begun.wait()
            ends.wait(30)
        return HttpResponse("ok")

    with override_settings(WEB_THREADS=THREADS), ThreadPoolExecutor(THREADS) as pool:
        middleware = KeptThreadsMiddleware(work)
        answers: list[Future[Any]] = [pool.submit(middleware, ASK.get(path, {"busy": "1"})) for _ in range(many)]
        begun.wait()
        try:
            yield middleware
        finally:
            ends.set()
        assert {answer.result().status_code for answer in answers} == {200}
        assert middleware(ASK.get("/cases/")).status_code == 200


def test_who_finds_no_thread_is_told_at_once_and_the_window_and_the_watcher_go_on() -> None:
    with at_work("/cases/", ORDINARY) as site:
        refused = site(ASK.get("/cases/"))
        assert (refused.status_code, refused["Retry-After"]) == (503, "5")
        for path in ("/login/", "/cases/new/", "/readyz", "/metrics"):
            assert site(ASK.get(path)).status_code == 200
        assert site(ASK.post("/api/v1/cases/")).status_code == 200
        assert site(ASK.get("/api/v1/cases/")).status_code == 503


@pytest.mark.parametrize("path", ["/figures/", "/cases/export/", "/mediation/x/file/zip/", "/api/v1/statistics/"])
def test_slow_work_takes_half_of_the_ordinary_places_and_the_rest_goes_on(path: str) -> None:
    stream = RequestFactory(headers={"Accept": "application/x-ndjson"})
    with at_work(path, ORDINARY // 2) as site:
        assert site(ASK.get(path)).status_code == 503
        assert site(stream.get("/api/v1/cases/")).status_code == 503
        for request in (ASK.get("/cases/"), ASK.get("/api/v1/cases/"), ASK.post("/api/v1/cases/"), ASK.get("/login/")):
            assert site(request).status_code == 200


def test_a_full_window_leaves_the_watcher_its_thread() -> None:
    with at_work("/login/", ORDINARY + WINDOW) as site:
        assert site(ASK.get("/login/")).status_code == 503
        assert site(ASK.get("/readyz")).status_code == 200


@pytest.mark.django_db
def test_a_stream_keeps_its_place_until_it_is_closed_and_an_error_gives_it_back() -> None:
    kept = [StreamingHttpResponse(iter([b"row"])) for _ in range(ORDINARY)]

    def streams(request: HttpRequest) -> HttpResponse:
        if request.path == "/break/":
            raise ValueError
        return kept.pop()  # type: ignore[return-value]

    with override_settings(WEB_THREADS=THREADS):
        site = KeptThreadsMiddleware(streams)
        for _ in range(2 * ORDINARY):
            with pytest.raises(ValueError):
                site(ASK.get("/break/"))
        open_streams = [site(ASK.get("/cases/")) for _ in range(ORDINARY)]
        assert site(ASK.get("/cases/")).status_code == 503
        kept.append(StreamingHttpResponse(iter([b"row"])))
        open_streams[0].close()
        assert site(ASK.get("/cases/")).status_code == 200


def test_without_a_known_number_of_threads_nobody_is_refused() -> None:
    with override_settings(WEB_THREADS=0):
        site = KeptThreadsMiddleware(lambda request: HttpResponse("ok"))
        assert {site(ASK.get("/cases/")).status_code for _ in range(50)} == {200}
