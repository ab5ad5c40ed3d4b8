"""What a change of keys costs: all rows sealed and hashed again by `manage.py rotate_keys`, a program of its own that
is killed half-way and started again, while a clerk registers cases and looks for people. What the clerk waits is
compared with the same before it."""

import base64
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

from django.conf import settings
from django.db import connection, transaction

from devkit.benchmarks.ground import ground
from devkit.benchmarks.lines import Line, Lines, line
from intake.actions import register_case
from intake.models import Party
from intake.queries import earlier_cases
from tests.people import an_entry
from workbench.operations.actions import left_under_older_keys
from workbench.operations.verbs import Verb
from zhongzhi.audit.actions import gather_all, record
from zhongzhi.audit.verify import Counts, verify_all
from zhongzhi.core import ciphers

NEW = {"FIELD_KEYS": base64.b64encode(b"n" * 32).decode(), "HASH_KEY": base64.b64encode(b"h" * 32).decode()}
ACTS = 40


def keys() -> Lines:
    """A number and a phone for each party; two new keys; killed once, resumed; then the old ones are gone."""
    parties = _own_numbers()
    alone = _median(_act_times(iter(range(ACTS))))
    _use(first={"FIELD_KEYS": f"n2:{NEW['FIELD_KEYS']},{settings.FIELD_KEYS}",
                "HASH_KEY": f"n2:{NEW['HASH_KEY']},{settings.HASH_KEY}"})  # fmt: skip
    values, begun = left_under_older_keys(), time.perf_counter()
    beside = _beside(lambda: _killed_and_resumed(parties))
    seconds = time.perf_counter() - begun
    assert left_under_older_keys() == 0
    _use(first={"FIELD_KEYS": f"n2:{NEW['FIELD_KEYS']}", "HASH_KEY": f"n2:{NEW['HASH_KEY']}"})
    gather_all()
    faults = list(verify_all(Counts()))
    found = Party.objects.order_by("-pk").first()
    assert not faults and found and earlier_cases(ground().clerk, phone=found.phone).exists(), faults
    yield Line(f"new keys for {parties:,} parties, killed once, resumed", seconds, None, "s", "–")
    yield Line("values sealed, hashed, vouched for", values / seconds, None, "/s", "–")
    yield line("registering and looking for a person, beside it", _median(beside), alone, "ms", "≤ 2")


def _own_numbers() -> int:
    """Give each party a phone of its own, as each row has its own seal."""
    rows = Party.objects.only("pk", "uid").order_by("pk").iterator(2000)
    done, batch = 0, []
    for party in rows:
        party.seal_phone(f"1{party.pk % 10_000_000_000:010}")
        party.seal_paper("152326198006070012")
        batch.append(party)
        if len(batch) == 2000:
            done, batch = done + _write(batch), []
    return done + _write(batch)


def _write(parties: list[Party]) -> int:
    columns = ("phone_sealed", "phone_hash", "paper_sealed", "paper_hash")
    values = [[getattr(party, column) for party in parties] for column in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE intake_party p SET {', '.join(f'{c} = n.{c}' for c in columns)} FROM unnest(%s::bigint[],"
            f" {', '.join(['%s::bytea[]'] * len(columns))}) AS n (id, {', '.join(columns)}) WHERE p.id = n.id",
            [[party.pk for party in parties], *values],
        )
        record(None, Verb.KEYS_ROTATED, "benchmark", parties=len(parties))
    return len(parties)


def _use(first: dict[str, str]) -> None:
    os.environ |= first
    ciphers.configure_from(first["FIELD_KEYS"], settings.FIELD_CIPHER, first["HASH_KEY"])


def _killed_and_resumed(parties: int) -> None:
    """Rotate; kill the program when half of the phones are sealed again; rotate once more to the end."""
    running = _rotating()
    assert running.stdout is not None
    for text in running.stdout:
        if text.startswith("intake_party.phone_sealed") and int(text.split()[-1]) < parties / 2:
            break
    running.send_signal(signal.SIGKILL)
    running.wait()
    again = _rotating()
    again.communicate()
    assert again.returncode == 0


def _rotating() -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "manage.py", "rotate_keys"], stdout=subprocess.PIPE, text=True)


def _beside(work: Callable[[], None]) -> list[float]:
    """Do the work; meanwhile act again and again: how long each act took."""
    over, times = Event(), list[float]()

    def act() -> None:
        times.extend(_act_times(iter(over.is_set, True)))
        connection.close()

    acting = Thread(target=act)
    acting.start()
    try:
        work()
    finally:
        over.set()
        acting.join()
    return times


def _act_times(turns: Iterator[object]) -> list[float]:
    """In milliseconds, of one registration with a search for the person each."""
    found = []
    for _ in turns:
        begun = time.perf_counter()
        register_case(an_entry(), actor=ground().clerk)
        list(earlier_cases(ground().clerk, phone="13847500001")[:3])
        found.append((time.perf_counter() - begun) * 1000)
    return found


def _median(times: list[float]) -> float:
    return statistics.median(times)


MEASURES = {"keys": keys}
