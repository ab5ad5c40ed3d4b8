"""However many wait for one held row, the site answers who signs in, who registers and who watches."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.faults.programs import await_that
from tests.intake import ways
from tests.people import make_ground
from tests.workbench.test_metrics import Through

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
THREADS, ORDINARY, MANY = 8, 4, 12
TOKEN = "t" * 32
BODY = json.dumps({"risk": "yellow", "note": "涉地"})
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def test_the_last_threads_are_not_taken_by_those_who_wait(tmp_path: Path) -> None:
    ground = make_ground()
    case = ways.registered(ground)
    browser = Client()
    browser.force_login(ground.dispatcher)
    signed_in = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={TOKEN}"
    place, there = tmp_path / "web.sock", connection.settings_dict
    patient = quote("-c lock_timeout=60s -c statement_timeout=60s")
    address = f"postgres://{there['USER']}@/{there['HOST']}/{there['NAME']}?options={patient}"
    ours = {"DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL, "WEB_THREADS": str(THREADS), "DEBUG": "1"}
    keys = {name: getattr(settings, name) for name in ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY")}

    def asked(method: str, path: str, body: str | None = None) -> tuple[int, str]:
        own = {"Cookie": signed_in, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        with closing(Through(place)) as line:
            line.request(method, path, body, headers=own)
            answer = line.getresponse()
            return answer.status, answer.read().decode()

    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "zhongzhi.wsgi", "--bind", f"unix:{place}", "--workers", "1"],
        cwd=settings.BASE_DIR,
        env=os.environ | ours | keys,
    )
    act = f"/api/v1/cases/{case.code}/accept/"
    try:
        await_that(lambda: place.exists() and asked("GET", "/healthz")[0] == 200, "the pages answer")
        with (
            closing(psycopg2.connect(**connection.get_connection_params())) as other,
            other.cursor() as cursor,
            ThreadPoolExecutor(MANY) as pool,
        ):
            cursor.execute("SELECT 1 FROM intake_case WHERE id = %s FOR UPDATE", [case.pk])
            said = [pool.submit(asked, "POST", act, BODY) for _ in range(MANY)]
            await_that(lambda: waiting() == ORDINARY or all(one.done() for one in said), "the ordinary threads wait")
            assert waiting() == ORDINARY, [one.result() for one in said]
            await_that(lambda: sum(one.done() for one in said) == MANY - ORDINARY, "the others are turned away")
            away = [one.result() for one in said if one.done()]
            assert {(status, json.loads(body)["code"]) for status, body in away} == {(503, "crowded")}
            for path in ("/healthz", "/login/", "/cases/new/"):
                assert asked("GET", path)[0] in (200, 302)
            assert asked("GET", "/cases/")[0] == 503
            assert asked("GET", "/readyz")[0] in (200, 503)
            other.rollback()
        assert sorted(one.result()[0] for one in said)[0] == 200
        assert asked("GET", "/cases/")[0] == 200
    finally:
        web.terminate()
        web.wait(30)


def test_workers_end_with_their_master_and_the_next_one_can_listen_at_once(tmp_path: Path) -> None:
    place, there = tmp_path / "web.sock", connection.settings_dict
    address = f"postgres://{there['USER']}@/{there['HOST']}/{there['NAME']}"
    ours = {"DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL}
    keys = {name: getattr(settings, name) for name in ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY")}
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "zhongzhi.wsgi", "--bind", f"unix:{place}", "--workers", "2"],
        cwd=settings.BASE_DIR,
        env=os.environ | ours | keys,
    )
    below = Path(f"/proc/{web.pid}/task/{web.pid}/children")
    await_that(lambda: len(below.read_text().split()) == 2, "the workers are there, and load the program still")
    workers = [int(pid) for pid in below.read_text().split()]
    web.kill()
    web.wait()
    await_that(lambda: not any(is_alive(pid) for pid in workers), "they are gone")


def is_alive(pid: int) -> bool:
    """Whether it is there, and not only unburied."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
