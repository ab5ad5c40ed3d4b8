"""/metrics: who may read it, that it tells the truth, nothing of persons, and costs the same however much there is."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families as parsed
from pytest_django.fixtures import Settings

from intake.deadlines.models import Clock
from tests.faults.programs import WORKER, await_that, celery
from tests.intake import ways
from tests.people import Ground
from zhongzhi.celery import app
from zhongzhi.jobs.models import Job
from zhongzhi.notices.actions import post
from zhongzhi.notices.tasks import deliver_outbox
from zhongzhi.tasks_base import beat_seen, note_beat, runs_of
from zhongzhi.web.throttle import Limit

TOKEN = "a-token-of-the-tests-7c1f9d"
BEARER = f"Bearer {TOKEN}"


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> Iterator[None]:
    settings.METRICS_TOKEN = TOKEN
    cache.clear()
    yield
    cache.clear()


def read() -> str:
    answer = Client().get("/metrics", headers={"Authorization": BEARER})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def value(text: str, name: str, **labels: str) -> float | None:
    """The value of one series; None where there is none."""
    samples = (sample for family in parsed(text) for sample in family.samples)
    return next((s.value for s in samples if s.name == name and s.labels == labels), None)


def since(before: str, after: str, name: str, **labels: str) -> float:
    return (value(after, name, **labels) or 0) - (value(before, name, **labels) or 0)


@pytest.mark.django_db
@pytest.mark.parametrize("shown", [None, "", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ", "Bearer 王"])
def test_without_the_token_it_is_not_there(shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown}
    answer = Client().get("/metrics", headers=headers)
    assert (answer.status_code, b"zhongzhi_" in answer.content) == (404, False)


@pytest.mark.django_db
@pytest.mark.parametrize("shown", ["Bearer ", "Bearer", BEARER])
def test_without_a_setting_nobody_reads_it(shown: str, ground: Ground, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    client = Client(headers={"Authorization": shown})
    client.force_login(ground.system_admin)
    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_made_up_addresses_share_one(ground: Ground) -> None:
    before, client = read(), Client()
    client.force_login(ground.clerk)
    case = ways.registered(ground)
    for _ in range(3):
        assert client.get(f"/cases/{case.code}/").status_code == 200
    for at in range(5):
        assert client.get(f"/made-up/{at}/").status_code == 404
    client.generic("BREW", "/cases/")
    after = read()
    page = {"route": "workbench:dossier", "method": "GET"}
    assert since(before, after, "zhongzhi_requests_total", **page, status="200") == 3
    assert since(before, after, "zhongzhi_request_seconds_count", **page) == 3
    assert since(before, after, "zhongzhi_request_seconds_bucket", **page, le="+Inf") == 3
    unknown = {"route": "(unknown)", "method": "GET", "status": "404"}
    assert since(before, after, "zhongzhi_requests_total", **unknown) == 5
    assert since(before, after, "zhongzhi_requests_total", route="intake:list", method="other", status="405") == 1
    assert "made-up" not in after and "BREW" not in after


@pytest.mark.django_db
def test_how_things_stand_is_told_in_numbers_and_nothing_of_persons(ground: Ground) -> None:
    case = ways.accepted(ground)
    waiting = ways.registered(ground)
    post([ground.clerk], "case_assigned", title="新案件", key="metrics-1")
    Job.objects.create(kind="report", title="周报", owner=ground.leader)
    late = timezone.now() - timedelta(minutes=10)
    assert Clock.objects.filter(case=waiting, stopped_at=None).update(next_at=late) == 1
    text = read()
    states = ("registered", "accepted", "handling")
    assert [value(text, "zhongzhi_open_cases", status=name) for name in states] == [1, 1, 0]
    assert (value(text, "zhongzhi_outbox_messages") or 0) >= 1
    assert value(text, "zhongzhi_due_clocks") == Clock.objects.filter(next_at__lt=timezone.now()).count() >= 1
    assert 600 <= (value(text, "zhongzhi_due_clock_age_seconds") or 0) < 700
    assert value(text, "zhongzhi_open_jobs", kind="report", state="waiting") == 1
    assert (value(text, "zhongzhi_database_connections", state="active") or 0) >= 1
    assert [value(text, "zhongzhi_up", part=part) for part in ("database", "broker")] == [1, 1]
    assert not re.search(r"[一-鿿]|1384750|152327|" + str(case.code), text)


@pytest.mark.django_db
def test_the_same_queries_however_much_there_is(ground: Ground) -> None:
    counts = []
    for number in (1, 12):
        for at in range(number):
            ways.accepted(ground)
            Job.objects.create(kind=f"kind-{at}", title="表", owner=ground.leader)
        with CaptureQueriesContext(connection) as queries:
            read()
        counts.append(len(queries))
    assert counts == [15, 15]


@pytest.mark.django_db
def test_refusals_for_too_many_are_counted_by_limit(ground: Ground, settings: Settings) -> None:
    settings.API_PERSON_PER_MINUTE = 1
    before, client = read(), Client()
    client.force_login(ground.clerk)
    assert [client.get("/api/v1/cases/").status_code for _ in range(3)] == [200, 429, 429]
    for _ in range(7):
        Client().post("/login/", {"username": "clerk", "password": "wrong"})
    visits = Limit("metrics-test", times=1, seconds=600)
    visits.spend("198.51.100.7")
    with pytest.raises(Exception, match="频繁"):
        visits.spend("198.51.100.7")
    after = read()
    assert since(before, after, "zhongzhi_throttled_total", limit="api_person") == 2
    assert since(before, after, "zhongzhi_throttled_total", limit="metrics-test") == 1
    assert since(before, after, "zhongzhi_throttled_total", limit="login") >= 2
    assert "198.51.100.7" not in after


@pytest.mark.django_db
def test_beat_and_tasks_are_told_by_what_ran() -> None:
    text = read()
    assert value(text, "zhongzhi_beat_age_seconds") is None
    note_beat()
    for _ in range(2):
        deliver_outbox.apply()
    deliver_outbox.apply(args=("one too many",))
    text = read()
    assert 0 <= (value(text, "zhongzhi_beat_age_seconds") or 0) < 60
    runs = {"task": deliver_outbox.name}
    assert value(text, "zhongzhi_celery_tasks_total", **runs, result="done") == 2
    assert value(text, "zhongzhi_celery_tasks_total", **runs, result="failed") == 1
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}
    told = {s.labels["task"] for f in parsed(text) if f.name == "zhongzhi_celery_tasks" for s in f.samples}
    assert told == names and "workbench.note_beat" in names
    assert value(text, "zhongzhi_celery_queue_length") is not None


@pytest.mark.django_db
def test_a_broker_that_is_away_is_told_and_the_rest_too(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    text = read()
    assert [value(text, "zhongzhi_up", part=part) for part in ("database", "broker")] == [1, 0]
    assert value(text, "zhongzhi_open_cases", status="handling") == 0
    assert value(text, "zhongzhi_celery_queue_length") is None


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told_and_the_rest_too() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE notices_outboxmessage RENAME TO notices_gone")
        text = read()
        transaction.set_rollback(True)
    assert [value(text, "zhongzhi_up", part=part) for part in ("database", "broker")] == [0, 1]
    assert value(text, "zhongzhi_open_cases", status="handling") is None
    assert value(text, "zhongzhi_celery_queue_length") is not None


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_worker_hears_of_beat_and_counts_what_it_ran(tmp_path: Path) -> None:
    name = "workbench.note_beat"
    with celery(*WORKER, log=tmp_path / "worker.log"):
        app.send_task(name)
        await_that(lambda: beat_seen() is not None, "the worker hears of beat")
        await_that(lambda: runs_of([name]) == {(name, "done"): 1, (name, "failed"): 0}, "its run is counted")


class Through(HTTPConnection):
    """HTTP by a Unix socket."""

    def __init__(self, place: Path) -> None:
        super().__init__("localhost")
        self.place = str(place)

    def connect(self) -> None:
        self.sock = socket(AF_UNIX, SOCK_STREAM)
        self.sock.connect(self.place)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_whichever_worker_is_asked_answers_for_all_even_for_one_that_was_killed(tmp_path: Path) -> None:
    place, there = tmp_path / "web.sock", connection.settings_dict
    address = f"postgres://{there['USER']}@/{there['HOST']}/{there['NAME']}"
    ours = {"DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL, "METRICS_TOKEN": TOKEN, "TMPDIR": str(tmp_path)}
    keys = {name: getattr(settings, name) for name in ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY")}

    def asked(path: str) -> tuple[int, str]:
        with closing(Through(place)) as line:
            line.request("GET", path, headers={"Authorization": BEARER})
            answer = line.getresponse()
            return answer.status, answer.read().decode()

    def pids() -> set[int]:
        children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text()
        return {int(pid) for pid in children.split()}

    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "zhongzhi.wsgi", "--bind", f"unix:{place}", "--workers", "3"],
        cwd=settings.BASE_DIR,
        env=os.environ | ours | keys,
    )
    try:
        await_that(lambda: place.exists() and len(pids()) == 3, "the workers are there")
        assert [asked("/api/v1/nothing-here/")[0] for _ in range(60)] == [404] * 60
        unknown = {"route": "(unknown)", "method": "GET", "status": "404"}
        assert {value(asked("/metrics")[1], "zhongzhi_requests_total", **unknown) for _ in range(9)} == {60}
        killed = pids()
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        await_that(lambda: len(pids()) == 3 and not pids() & killed, "others took their place")
        time.sleep(1)
        assert {value(asked("/metrics")[1], "zhongzhi_requests_total", **unknown) for _ in range(9)} == {60}
        assert len(list(tmp_path.glob("zhongzhi-metrics-*"))) == 1
    finally:
        web.terminate()
        web.wait(30)
    assert list(tmp_path.glob("zhongzhi-metrics-*")) == []
