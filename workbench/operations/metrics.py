"""How the installation stands, asked when Prometheus asks: from the database and the broker, with fixed queries.

Every web process gives the same answer, so nothing needs to be shared. A part that is away is told as such
(`zhongzhi_up`), and the others are told all the same. Numbers only: no names, no codes, no places.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import Error
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError

from intake.deadlines.queries import clocks_not_taken
from intake.queries import cases_by_open_state
from workbench.operations.health import PARTS, faults
from workbench.queries import connections_by_state
from zhongzhi.celery import app
from zhongzhi.jobs.queries import open_jobs
from zhongzhi.notices.queries import oldest_due, waiting_messages
from zhongzhi.set_aside import SWEEPS, failures
from zhongzhi.tasks_base import beat_seen, runs_of

QUEUE = "celery"
PATIENCE = 5


def standing() -> bytes:
    """The whole of it in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Installation())
    return generate_latest(registry)


class _Installation(Collector):
    """Asks part after part."""

    def collect(self) -> Iterator[Metric]:
        """Metrics of the parts that answer, and which do."""
        up = GaugeMetricFamily("zhongzhi_up", "1 where a part answers.", labels=["part"])
        for part, ask, away in (("database", _database, Error), ("broker", _broker, RedisError)):
            answer = _unless(away, ask)
            up.add_metric([part], float(answer is not None))
            yield from answer or ()
        yield up
        found = faults()
        told = [((part,), int(part in found)) for part in PARTS]
        yield _by("zhongzhi_fault", "1 where /readyz names this part.", ["part"], told)


def _unless(away: type[Exception], ask: Callable[[datetime], Iterable[Metric]]) -> list[Metric] | None:
    try:
        return list(ask(timezone.now()))
    except away:
        return None


def _database(now: datetime) -> Iterator[Metric]:
    yield _gauge("zhongzhi_outbox_messages", "Messages that wait for delivery.", waiting_messages())
    yield _gauge(
        "zhongzhi_outbox_age_seconds", "How long the message due longest has waited.", _age(oldest_due(now), now)
    )
    clocks, since = clocks_not_taken(now)
    yield _gauge("zhongzhi_due_clocks", "Clocks whose moment has passed and that no sweep has taken.", clocks)
    yield _gauge("zhongzhi_due_clock_age_seconds", "How long the longest of them has waited.", _age(since, now))
    yield _by("zhongzhi_open_cases", "Open cases by status.", ["status"], cases_by_open_state())
    yield _by("zhongzhi_open_jobs", "Imports, exports and reports that wait or run.", ["kind", "state"], open_jobs())
    yield _by("zhongzhi_database_connections", "Connections to this database.", ["state"], connections_by_state())


def _broker(now: datetime) -> Iterator[Metric]:
    with Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as broker:
        yield _gauge("zhongzhi_celery_queue_length", "Tasks that wait for a worker.", int(broker.llen(QUEUE)))
    if (seen := beat_seen()) is not None:
        age = max(now.timestamp() - seen, 0.0)
        yield _gauge("zhongzhi_beat_age_seconds", "Since a worker last heard of beat.", age)
    aside = [((name,), len(failures(name))) for name in SWEEPS]
    yield _by("zhongzhi_rows_set_aside", "Rows that a sweep failed at and tries again later.", ["sweep"], aside)
    runs = CounterMetricFamily("zhongzhi_celery_tasks", "Periodic tasks that ended.", labels=["task", "result"])
    for key, number in sorted(runs_of({entry["task"] for entry in app.conf.beat_schedule.values()}).items()):
        runs.add_metric(key, number)
    yield runs


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=value)


def _by(name: str, what: str, labels: list[str], values: Iterable[tuple[tuple[str, ...], int]]) -> Metric:
    metric = GaugeMetricFamily(name, what, labels=labels)
    for key, value in values:
        metric.add_metric(key, value)
    return metric


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
