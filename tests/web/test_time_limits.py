"""The database is never waited for without end: what takes too long is answered with 503 and when to come again."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

import psycopg2
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from intake.models import Case
from tests.intake import ways
from tests.intake.api import address, as_person
from tests.people import make_ground
from zhongzhi.core.errors import Busy, Lost, TooSlow
from zhongzhi.long_reads import longer
from zhongzhi.time_limits import JOINED_AS_WRITTEN, LIMITS, WORTH_MORE_PROCESSES
from zhongzhi.web.slowness import refusal_for
from zhongzhi.web.views import server_error


@contextmanager
def held(case: Case) -> Iterator[None]:
    """Somebody saves this case and does not come to an end; our own patience is short."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM intake_case WHERE id = %s FOR UPDATE", [case.pk])
        set_limit("lock_timeout", "200ms")
        try:
            yield
        finally:
            set_limit("lock_timeout", "0")


def set_limit(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


def shown(cursor: object, name: str) -> str:
    cursor.execute(f"SHOW {name}")  # type: ignore[attr-defined]
    return str(cursor.fetchone()[0])  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_while_somebody_saves_a_case_the_others_are_told_to_come_again_and_the_site_answers() -> None:
    ground = make_ground()
    case = ways.registered(ground)
    page, api = Client(), as_person(ground.dispatcher)
    page.force_login(ground.dispatcher)
    remove = f"/cases/{case.code}/files/{uuid4()}/remove/"
    with held(case):
        plain, note = page.post(remove), page.post(remove, headers={"HX-Request": "true"})
        problem = api.post(address(case, "accept"), {"risk": "yellow", "note": "涉地"})
        others = [Client().get("/healthz").status_code, Client().get("/login/").status_code]
    assert [answer.status_code for answer in (plain, note, problem)] == [503] * 3
    assert [answer["Retry-After"] for answer in (plain, note, problem)] == ["5"] * 3
    assert "有人正在保存" in plain.content.decode()
    assert note["HX-Retarget"] == "#notes"
    assert (problem["Content-Type"], problem.json()["code"]) == ("application/problem+json", "busy")
    assert others == [200, 200]
    assert api.post(address(case, "accept"), {"risk": "yellow", "note": "涉地"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_runs_too_long_is_ended_and_told() -> None:
    set_limit("statement_timeout", "100ms")
    try:
        with connection.cursor() as cursor, pytest.raises(OperationalError) as ended:
            cursor.execute("SELECT pg_sleep(30)")
        assert isinstance(refusal_for(ended.value), TooSlow)
        try:
            raise ended.value
        except OperationalError:
            answer = server_error(RequestFactory().get("/cases/"))
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    finally:
        set_limit("statement_timeout", "0")


@pytest.mark.django_db(transaction=True)
def test_a_longer_piece_of_work_has_its_time_and_gives_it_back() -> None:
    set_limit("statement_timeout", "10s")
    try:
        with connection.cursor() as cursor:
            with longer(120):
                assert shown(cursor, "statement_timeout") == "2min"
            assert shown(cursor, "statement_timeout") == "10s"
    finally:
        set_limit("statement_timeout", "0")


@pytest.mark.django_db
def test_pages_have_ten_seconds_and_three_for_a_lock_from_the_moment_they_connect() -> None:
    place = connection.get_connection_params() | LIMITS["web"].options()
    with closing(psycopg2.connect(**place)) as there, there.cursor() as cursor:
        found = [shown(cursor, name) for name in ("statement_timeout", "lock_timeout")]
        idle = shown(cursor, "idle_in_transaction_session_timeout")
    assert (found, idle) == (["10s", "3s"], "2min")


def test_tables_that_only_fill_the_rows_are_joined_as_written_whichever_program_asks() -> None:
    for limits in LIMITS.values():
        with closing(psycopg2.connect(**connection.get_connection_params() | limits.options())) as there:
            assert shown(there.cursor(), "join_collapse_limit") == str(JOINED_AS_WRITTEN)
            assert shown(there.cursor(), "parallel_setup_cost") == str(WORTH_MORE_PROCESSES)
            assert shown(there.cursor(), "jit") == "off"


def test_faults_of_ours_and_refusals_are_told_apart() -> None:
    assert refusal_for(IntegrityError("duplicate key")) is None
    assert refusal_for(ValueError()) is None
    assert isinstance(refusal_for(Busy()), Busy)


def cut_off(request: HttpRequest) -> None:
    """The database ends our connection in the middle."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        cursor.execute("SELECT 1")


class CutOff(APIView):
    """The same in the API."""

    permission_classes = ()

    def post(self, request: Request) -> None:
        cut_off(request._request)


urlpatterns = [path("cut-off/", cut_off), path("api/v1/cut-off/", CutOff.as_view())]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_who_was_cut_off_from_the_database_is_told_that_nobody_knows_and_how_to_find_out() -> None:
    client = Client(raise_request_exception=False)
    for where in ("/cut-off/", "/api/v1/cut-off/"):
        answer = client.post(where)
        connection.close()
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        said = answer.content.decode() if "html" in answer["Content-Type"] else answer.json()["detail"]
        assert "核对是否已保存" in said and "没有提交" not in said
    assert answer.json()["code"] == "outcome_unknown"


def test_a_server_that_is_not_there_is_no_fault_of_the_request() -> None:
    assert isinstance(refusal_for(OperationalError("connection refused")), Lost)
    assert isinstance(refusal_for(InterfaceError("connection already closed")), Lost)


def saved_then_cut_off(request: HttpRequest) -> HttpResponse:
    """The act is saved; then the database goes away, before the session is kept."""
    request.session["seen"] = "now"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
    return HttpResponse("saved")


handler500 = "zhongzhi.web.views.server_error"
urlpatterns += [path("saved/", saved_then_cut_off)]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=__name__)
def test_a_session_that_could_not_be_kept_makes_no_refusal_of_what_was_saved() -> None:
    person = make_ground().clerk
    client = Client(raise_request_exception=False)
    client.force_login(person)
    answer = client.get("/saved/")
    connection.close()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
