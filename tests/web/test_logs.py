"""Whatever goes wrong, no row, no number, no name, no token and no code stands in the log."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from django.test import Client, override_settings
from django.urls import path

from intake.models import Case, Party
from tests.intake import ways
from tests.people import Ground
from zhongzhi.set_aside import Sweep
from zhongzhi.urls import urlpatterns as real
from zhongzhi.web.logs import JsonFormatter, RequestIdFilter

NAME, NUMBER, PHONE = "岳某某", "152327196503152419", "13847500001"
TOKEN, CODE = "uQ3Zk0yXw9vB7sT5rP1nM8lK6jH4gF2d", "K7M2-9QXT-4RWP"


def broken_row(request: Any) -> None:
    """PostgreSQL refuses a row and says all of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE told (name text, number text, must text NOT NULL) ON COMMIT DROP")
        cursor.execute("INSERT INTO told VALUES (%s, %s, NULL)", [NAME, f"{NUMBER} {PHONE} {TOKEN}"])


def broken_value(request: Any) -> None:
    """Python refuses a value and says it."""
    int(f"{NAME}{NUMBER}{TOKEN}")


def broken_behind(request: Any) -> None:
    """One error is the cause of another."""
    try:
        broken_row(request)
    except Error as error:
        raise RuntimeError(f"{NAME} {PHONE}") from error


WAYS = {"row": broken_row, "value": broken_value, "behind": broken_behind}
urlpatterns = [*(path(f"break/{name}/", view) for name, view in WAYS.items()), *real]


@contextmanager
def log() -> Iterator[io.StringIO]:
    """Everything that an installation logs meanwhile, as it is written."""
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def refused_nothing(text: str) -> None:
    for secret in (NAME, NUMBER, PHONE, TOKEN, CODE, "Failing row"):
        assert secret not in text
    assert all(json.loads(line) for line in text.splitlines())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS)
def test_an_error_of_a_page_is_told_by_where_and_what_kind(way: str) -> None:
    with override_settings(ROOT_URLCONF=__name__), log() as written:
        sent = {"name": NAME, "paper_number": NUMBER, "token": TOKEN}
        answer = Client(raise_request_exception=False).post(f"/break/{way}/?code={CODE}", sent)
    assert answer.status_code == 500
    refused_nothing(written.getvalue())
    (told,) = [line for line in map(json.loads, written.getvalue().splitlines()) if "error" in line]
    assert __file__.rsplit("/", 1)[-1] in told["error"]
    assert ("23502" in told["error"] and "told must" in told["error"]) is (way != "value")
    assert "ValueError" in told["error"] or way != "value"


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"/q/{CODE}/", f"/q/{CODE}/rate/", f"/screen/{TOKEN}/", f"/screen/{TOKEN}/data/"])
def test_what_opens_a_page_by_itself_is_not_told(address: str) -> None:
    with log() as written:
        Client().get(address)
        Client().get("/api/v1/cases/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "/q/…/" in written.getvalue() or "/screen/…/" in written.getvalue()
    refused_nothing(written.getvalue())


@pytest.mark.django_db(transaction=True)
def test_a_row_set_aside_is_told_by_its_key_alone(settings: Any) -> None:
    from django.utils import timezone

    from tests.people import make_ground

    case = ways.registered(make_ground())
    own = Case.objects.filter(pk=case.pk)

    def take(share: Any) -> int:
        party = Party.objects.filter(case=case).first()
        assert party is not None
        Party.objects.create(pk=party.pk, case=case, name=NAME, uid=uuid4())
        return 1

    with log() as written:
        Sweep("clocks", lambda: own, take, 10).run(timezone.now())
    (told,) = [line for line in map(json.loads, written.getvalue().splitlines()) if line["message"] == "row set aside"]
    assert (told["sweep"], told["row"], told["error"]) == ("clocks", case.pk, "IntegrityError")
    refused_nothing(written.getvalue())


def test_a_task_that_fails_is_told_without_what_it_says() -> None:
    with log() as written:
        try:
            broken_value(None)
        except ValueError as error:
            facts = {
                "name": "intake.sweep",
                "description": "raised unexpected",
                "exc": repr(error),
                "traceback": str(error),
            }
            logging.getLogger("celery.app.trace").error(
                "%(name)s %(description)s %(exc)s %(traceback)s", facts, exc_info=True
            )
    (told,) = [json.loads(line) for line in written.getvalue().splitlines()]
    assert told["message"] == "task intake.sweep raised unexpected" and "ValueError" in told["error"]
    refused_nothing(written.getvalue())


def test_a_bad_sign_in_leaves_neither_name_nor_password(ground: Ground) -> None:
    with log() as written:
        Client().post("/login/", {"username": NAME, "password": TOKEN})
    refused_nothing(written.getvalue())
