"""Two of everything: web nodes, workers, beats, database and replica, behind a pooler, with files in a bucket."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests  # noqa: TID251 - as a browser
from django.test import Client

from tests.faults.programs import await_that
from tests.faults.standing import Standing, free_port, standing
from tests.files.samples import PDF
from tests.intake.api import LAND
from tests.people import make_ground
from zhongzhi.accounts.models import User
from zhongzhi.core.ciphers import sm3

pytestmark = [pytest.mark.nodes, pytest.mark.django_db(transaction=True)]
CSRF = "c" * 32
FIGURE = "/api/v1/statistics/registered/?period=month"
WORKER = ("celery", "-A", "zhongzhi", "worker", "--concurrency", "1", "--loglevel", "WARNING")
BEAT = ("celery", "-A", "zhongzhi", "beat", "--pidfile=", "--loglevel", "WARNING")


class Desk:
    """A person at a browser, signed in once, sent to whichever node."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.session = requests.Session()
        self.session.cookies.update({"sessionid": client.cookies["sessionid"].value, "csrftoken": CSRF})

    def asked(self, node: str, path: str, **headers: str) -> requests.Response:
        return self.session.get(node + path, headers=headers, timeout=60)

    def sent(self, node: str, path: str, **content: Any) -> requests.Response:
        return self.session.post(node + path, headers={"X-CSRFToken": CSRF}, timeout=60, **content)

    def registers(self, node: str) -> str:
        answer = self.sent(node, "/api/v1/cases/", json=LAND)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"])

    def codes(self, node: str) -> set[str]:
        return {row["code"] for row in self.asked(node, "/api/v1/cases/").json()["results"]}


@pytest.fixture
def people() -> dict[str, Desk]:
    ground = make_ground()
    return {name: Desk(getattr(ground, name)) for name in ("clerk", "leader", "dispatcher")}


@pytest.fixture
def there(people: dict[str, Desk]) -> Iterator[Standing]:
    with standing() as servers:
        yield servers


def web_node(there: Standing, name: str) -> str:
    port = free_port()
    options = ("--bind", f"127.0.0.1:{port}", "--workers", "1", "--timeout", "60")
    there.run(name, "gunicorn", "zhongzhi.wsgi:application", *options)
    return f"http://127.0.0.1:{port}"


def is_up(node: str) -> bool:
    try:
        return requests.get(f"{node}/healthz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def replayed(there: Standing) -> bool:
    """The replica has come as far as the database was a moment ago."""
    here = there.primary.sql("SELECT pg_current_wal_lsn()")[0][0]
    return bool(there.standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{here}'")[0][0])


def test_two_of_everything_are_one_installation(there: Standing, people: dict[str, Desk]) -> None:
    clerk, leader = people["clerk"], people["leader"]
    one, two = web_node(there, "one-web"), web_node(there, "two-web")
    for node in ("one", "two"):
        there.run(f"{node}-worker", *WORKER, "-n", f"{node}@%h")
        there.run(f"{node}-beat", *BEAT, "--schedule", str(there.folder / f"{node}.schedule"))
    await_that(lambda: is_up(one) and is_up(two), f"web nodes: {there.log_of('one-web')[-2000:]}", seconds=240)

    # one session, one throttle: what is counted at one node is counted at the other
    code = clerk.registers(one)
    left = [int(clerk.asked(node, "/api/v1/cases/").headers["RateLimit-Remaining"]) for node in (one, two, one)]
    assert left[0] - left[1] == left[1] - left[2] == 1

    # what one node keeps, the other gives; nothing lies on either
    kept = clerk.sent(one, f"/api/v1/cases/{code}/attachments/", files={"file": ("协议.pdf", PDF, "application/pdf")})
    assert kept.status_code == 201, kept.text
    given = clerk.asked(two, f"/api/v1/cases/{code}/attachments/{kept.json()['id']}/")
    assert (given.status_code, sm3(given.content)) == (200, sm3(PDF))
    assert not [path for node in ("one-web", "two-web") for path in (there.folder / node).rglob("files/*")]

    # a stream of more than one chunk goes through the pooler whole
    with ThreadPoolExecutor(4) as pool:
        more = list(pool.map(lambda at: clerk.registers((one, two)[at % 2]), range(12)))
    assert len(set(more) | {code}) == 13
    streamed = clerk.asked(two, "/api/v1/cases/", Accept="application/x-ndjson")
    assert len(streamed.text.splitlines()) == 13

    # others' reads come from the replica, one's own writes are readable at once at either node
    await_that(lambda: replayed(there), "the replica")
    assert leader.asked(two, FIGURE).json()["value"] == 13
    there.standby.sql("SELECT pg_wal_replay_pause()")
    fresh = clerk.registers(one)
    assert fresh in clerk.codes(one) & clerk.codes(two)
    assert fresh not in leader.codes(two), "the leader reads the replica, which stands still"
    assert leader.asked(one, FIGURE).json()["value"] == 13
    there.standby.sql("SELECT pg_wal_replay_resume()")
    await_that(lambda: fresh in leader.codes(two), "the replica goes on")

    # two beats and two workers: everything is done, nothing twice
    todo = "SELECT count(*) FROM notices_outboxmessage WHERE delivered_at IS NULL AND given_up_at IS NULL"
    await_that(lambda: there.primary.sql(todo)[0][0] == 0, there.log_of("one-worker")[-2000:], seconds=120)
    doubled = "SELECT count(*) - count(DISTINCT (case_id, kind, handling_id)) FROM intake_clock"
    assert there.primary.sql(doubled)[0][0] == 0
    folded = "SELECT count(*) FROM intake_tallydelta"
    await_that(lambda: there.primary.sql(folded)[0][0] == 0, "counts are folded", seconds=60)
    assert leader.asked(two, FIGURE).json()["value"] == 14


def test_the_standby_takes_over_and_no_acknowledged_registration_is_lost(
    there: Standing, people: dict[str, Desk]
) -> None:
    clerk = people["clerk"]
    node = web_node(there, "one-web")
    await_that(lambda: is_up(node), there.log_of("one-web")[-2000:], seconds=240)
    with ThreadPoolExecutor(4) as pool:
        before = set(pool.map(lambda _: clerk.registers(node), range(24)))
        there.primary.stop()
        refused = [pool.submit(clerk.sent, node, "/api/v1/cases/", json=LAND) for _ in range(4)]
        assert all(answer.result().status_code >= 500 for answer in refused)
    there.standby.sql("SELECT pg_promote()")
    there.standby.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
    there.standby.sql("SELECT pg_reload_conf()")
    there.pool_to(there.standby, there.standby)
    await_that(lambda: clerk.asked(node, "/api/v1/cases/").status_code == 200, "the new database", seconds=60)
    after = clerk.registers(node)
    found = {code for (code,) in there.standby.sql("SELECT code FROM intake_case WHERE code IS NOT NULL")}
    assert found >= before | {after}
    assert len(found) == len(before) + 1, "nothing that was refused was done"
