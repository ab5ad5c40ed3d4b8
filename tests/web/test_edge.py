"""The edge: request ids, bodies too large, NUL, refusals and errors in the caller's form, headers, logs."""

import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from zhongzhi.core.errors import RuleViolation
from zhongzhi.web.logs import JsonFormatter, RequestIdFilter, begin_request


def refuse(request: HttpRequest) -> HttpResponse:
    raise RuleViolation("这一步<b>不行</b>。", field="note")


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns = [
    path("refuse/", refuse),
    path("break/", break_down),
    path("api/v1/refuse/", refuse),
    path("", include("zhongzhi.urls")),
]
here = pytest.mark.urls(__name__)
handler404 = "zhongzhi.web.views.not_found"
handler500 = "zhongzhi.web.views.server_error"
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_every_answer_has_an_id() -> None:
    ids = {Client().get("/login/")["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2


def test_only_our_proxy_hands_an_id_over(settings: Any) -> None:
    given = {"HTTP_X_REQUEST_ID": "abcdef-123456"}
    assert Client(**given).get("/nothing/")["X-Request-ID"] != "abcdef-123456"
    settings.BEHIND_PROXY = True
    assert Client(**given).get("/nothing/")["X-Request-ID"] == "abcdef-123456"
    assert Client(HTTP_X_REQUEST_ID="<bad id>").get("/nothing/")["X-Request-ID"] != "<bad id>"


@here
def test_a_refusal_in_a_page_is_a_page_with_its_status() -> None:
    answer = Client().get("/refuse/", HTTP_ACCEPT="text/html")
    assert answer.status_code == 422
    assert "这一步&lt;b&gt;不行&lt;/b&gt;。" in answer.content.decode()


@here
def test_a_refusal_in_a_part_of_a_page_is_a_note() -> None:
    answer = Client().get("/refuse/", **HTMX)
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "#notes", "beforeend")
    assert "<html" not in answer.content.decode()


@here
def test_a_refusal_to_a_program_is_a_problem_document() -> None:
    body = Client().get("/api/v1/refuse/").json()
    assert (body["status"], body["code"], body["errors"]) == (422, "rule_broken", {"note": ["这一步<b>不行</b>。"]})


@here
def test_a_fault_of_ours_says_nothing_of_itself(caplog: Any) -> None:
    browser = Client(raise_request_exception=False)
    for headers in ({"HTTP_ACCEPT": "text/html"}, HTMX, {"HTTP_ACCEPT": "application/json"}):
        answer = browser.get("/break/", **headers)
        assert answer.status_code == 500
        assert "secret" not in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


def test_an_address_that_is_none_is_404() -> None:
    assert "没有找到" in Client().get("/nothing/", HTTP_ACCEPT="text/html").content.decode()
    assert Client().get("/api/v1/nothing/").json()["code"] == "not_found"


def test_a_form_without_its_token_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True, HTTP_ACCEPT="text/html").post("/login/")
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


@pytest.mark.parametrize("path", ["/login/?q=%00", "/log%00in/"])
def test_nul_in_an_address_is_400(path: str) -> None:
    assert Client().get(path).status_code == 400


@pytest.mark.parametrize(("headers", "says"), [({"HTTP_ACCEPT": "text/html"}, "<html"), (HTMX, "alert")])
def test_a_body_too_large_is_told_before_it_is_read(headers: dict[str, str], says: str, settings: Any) -> None:
    settings.BODY_MAX_BYTES = 1000
    answer = Client(**headers).post("/login/", {"username": "x" * 2000})
    assert answer.status_code == 413
    assert says in answer.content.decode()


def test_a_form_with_too_much_text_is_413(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = Client().post("/login/", "username=" + "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


def test_pages_carry_the_headers_that_protect_them(db: None) -> None:
    answer = Client().get("/login/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "httponly" in str(answer.cookies["csrftoken"]).lower()


def test_pages_travel_compressed_and_files_do_not(db: None) -> None:
    answer = Client(HTTP_ACCEPT_ENCODING="gzip").get("/login/")
    assert answer["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in Client(HTTP_ACCEPT_ENCODING="gzip").get("/healthz")


def test_the_log_has_one_line_a_request_and_no_query(caplog: Any) -> None:
    with caplog.at_level(logging.INFO, "zhongzhi.access"):
        Client().get("/nothing/", {"name": "岳某某"})
    (record,) = [r for r in caplog.records if r.name == "zhongzhi.access"]
    RequestIdFilter().filter(record)
    line = json.loads(JsonFormatter().format(record))
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing/", 404)
    assert "岳某某" not in json.dumps(line, ensure_ascii=False)


def test_what_else_hangs_on_a_record_is_not_written() -> None:
    begin_request()
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "text", (), None)
    record.request = RequestFactory().post("/", {"paper_number": "152327196503152419"})
    assert "152327196503152419" not in JsonFormatter().format(record)


def test_the_sign_of_life_needs_neither_our_name_nor_tls(settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["zz.example"], True
    answer = Client().get("/healthz", HTTP_HOST="127.0.0.1:8000")
    assert (answer.status_code, answer.content) == (200, b"ok")
