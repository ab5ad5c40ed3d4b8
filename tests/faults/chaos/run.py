"""Clients and kills side by side, until there were enough or time is over."""

import argparse
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.faults.chaos.clients import Client, sessions
from tests.faults.chaos.journal import Journal, Sent
from tests.faults.chaos.shots import Shooter
from tests.faults.chaos.town import Town
from tests.faults.chaos.wire import Ended, Wire

TOLD_EVERY = 30
ASKED_FOR = 600


def shoot(town: Town, journal: Journal, given: argparse.Namespace, stopped: threading.Event) -> None:
    """One sitting of a run."""
    people, ends, began = sessions(), threading.Event(), time.time()
    with kept(town):
        left_open(town, journal, people)
    done = int(journal.rows("SELECT count(*) FROM kills")[0][0])
    clients = [
        Client(number, town.address, journal, ends, seed=f"{given.seed}/{done}") for number in range(given.clients)
    ]
    for client in clients:
        client.seat(people)
        client.start()
    until = began + given.minutes * 60
    shooter = Shooter(town, journal, kills=given.kills, until=until, seed=given.seed)
    shooter.start()
    following = time.time()
    while shooter.is_alive():
        if stopped.is_set():
            shooter.stopped.set()
        if time.time() > following:
            following = time.time() + TOLD_EVERY
            say(journal, shooter, clients)
        journal.add("transactions on the standby", town.standby.counted())
        time.sleep(1)
    ends.set()
    with kept(town):
        for client in clients:
            client.join(120)
        left_open(town, journal, people)
    journal.add("seconds", time.time() - began)
    say(journal, shooter, clients)
    for name, times in sorted({k: v for c in clients for k, v in c.troubles.items()}.items())[:10]:
        print(f"a client's own trouble, {times} times: {name}", flush=True)


@contextmanager
def kept(town: Town) -> Iterator[None]:
    """While nobody shoots, what ends is started again all the same."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(0.5):
            town.keep()

    keeper = threading.Thread(target=keep, name="keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def left_open(town: Town, journal: Journal, people: dict[str, tuple[int, str]]) -> None:
    """Ask what became of every number that has no answer yet; what is open after ten minutes stays so, and is told."""
    ends = threading.Event()
    timer = threading.Timer(ASKED_FOR, ends.set)
    timer.daemon = True
    timer.start()
    keys = dict(people.values())
    rows = journal.rows("SELECT key, client, user, act, path, body, files, internal FROM writes WHERE verdict = 'open'")
    for row in rows:
        sent = Sent(*row[:6], files=bool(row[6]), internal=row[7])
        with suppress(Ended):
            Wire(town.address, keys[sent.user], sent.user, sent.client, journal, ends).asked(sent)
    timer.cancel()


def say(journal: Journal, shooter: Shooter, clients: list[Client]) -> None:
    """How far it is."""
    counts = dict(journal.rows("SELECT verdict, count(*) FROM writes GROUP BY 1"))
    waits = ", ".join(f"{shot.target} {time.time() - shot.at:.0f} s" for shot in shooter.under_way)
    alive = sum(client.is_alive() for client in clients)
    print(
        f"{time.strftime('%H:%M:%S')} kills {shooter.number}, writes {counts}, clients {alive}; waits: {waits}",
        flush=True,
    )
