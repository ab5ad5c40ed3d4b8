"""Requests over the network to a web process of its own, by 1 and by 8 clients; another program beside it where one is
named, and acts of all kinds by 16 clients.

`PEER_FILE` names a JSON file that says how the other program is asked for the same work (docs/benchmarks-peer.md); its
code and its set-up are no part of this project. Turns alternate, so that both meet the same machine.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from devkit.benchmarks.asking import Asked, Server
from devkit.benchmarks.costs import ENTRY
from devkit.benchmarks.ground import ground
from devkit.benchmarks.lines import Line, Lines
from devkit.benchmarks.measures import bare_statements
from grids.models import Territory
from intake.counting.actions import differences
from intake.models import Case, Counter
from intake.queries import active_leaves
from zhongzhi.accounts.models import User
from zhongzhi.web.paging import _write

ROOT = Path(__file__).resolve().parents[2]
Memory = Callable[[], float | None]
WORKERS, THREADS = 2, 4
TURNS, EACH = 5, 8
MIXED_CLIENTS, MIXED_SECONDS = 16, 20
READY_WITHIN = 120
GOALS = {"create": 0.2, "detail": 0.2, "change": 0.2, "list": 0.08, "filtered": 0.06, "deep": 0.06}
CASES = "/api/v1/cases/"
VILLAGES = 300


def race() -> Lines:
    """Each kind of work by one and by eight clients, the median of all requests, beside the other program where one is
    named, else beside the floor (`bare_web`); then the memory of our processes."""
    with our_server() as (ours, memory), _peer_or_floor() as (other, is_peer, memory_beside):
        for clients in (1, 8):
            for name, goal in GOALS.items():
                beside = other if name in other.work else None
                mine, theirs = _alternately(name, clients, ours, beside)
                wanted = f"≤ {goal} of the other" if is_peer else "yardstick: bare DRF and SQL" if beside else "–"
                yield Line(f"{name}, {clients} client(s), over the network", mine, theirs, "ms", wanted)
        yield Line("memory of the web processes", memory(), memory_beside(), "MB", "–")
        yield Line("answers that were refusals or faults", float(ours.errors), None, "", "0")


def mixed() -> Lines:
    """16 clients who register and accept, beside the floor (`bare_web`); who hand out with a signed slip and sign for
    it as well; who read and list between them; and what is so when all have done."""
    with _bare_server() as (bare, _):
        floor = _rate(bare, _acts_alone)
    with our_server() as (ours, _):
        for what, work, yardstick, goal in (
            ("register, accept", _acts_alone, floor, "≥ 120; yardstick: bare DRF and SQL"),
            ("with slips signed, sent and received", _acts_with_slips, None, "–"),
            ("with a read and a list between", _acts_among_reads, None, "–"),
        ):
            yield Line(f"acts a second, {MIXED_CLIENTS} clients: {what}", _rate(ours, work), yardstick, "/s", goal)
    yield Line("answers that were refusals or faults", float(ours.errors), None, "", "0")
    yield Line("serials of the day that no case has", float(_gaps()), None, "", "0")
    yield Line("figures that differ from a recount", float(len(list(differences()))), None, "", "0")


def _rate(ours: Server, work: Callable[[Server], int]) -> float:
    """How many acts a second all clients do, who go on until the time is over."""
    begun = time.perf_counter()

    def go_on(_: int) -> int:
        done = 0
        while time.perf_counter() < begun + MIXED_SECONDS:
            done += work(ours)
        return done

    with ThreadPoolExecutor(MIXED_CLIENTS) as pool:
        done = sum(pool.map(go_on, range(MIXED_CLIENTS)))
    return done / (time.perf_counter() - begun)


def _acts_alone(ours: Server) -> int:
    """How many acts were done on one new case."""
    key = ours.made()
    return 1 + (ours.ask("change", key) is not None) if key else 0


def _acts_with_slips(ours: Server) -> int:
    if not (key := ours.made()):
        return 0
    return 1 + sum(ours.ask(name, key) is not None for name in ("change", "dispatch", "sign"))


def _acts_among_reads(ours: Server) -> int:
    if not (key := ours.made()):
        return 0
    ours.ask("detail", key)
    done = 1 + (ours.ask("change", key) is not None)
    ours.ask("list")
    return done


def _gaps() -> int:
    """The serials of today that were given and belong to no case."""
    day = timezone.localdate()
    given = Counter.objects.get(series=f"case:150526:{day:%Y%m%d}").last
    return given - Case.objects.filter(code__startswith=f"ZJ150526{day:%Y%m%d}").count()


def _alternately(name: str, clients: int, ours: Server, peer: Server | None) -> tuple[float, float | None]:
    times: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(TURNS):
        for at, server in enumerate((ours, peer)):
            if server is not None:
                times[at] += _turn(server, name, clients)
    return statistics.median(times[0]), statistics.median(times[1]) if times[1] else None


def _turn(server: Server, name: str, clients: int) -> list[float]:
    """Milliseconds of each request of so many clients at once; what a request needs is made before it."""
    needs_new = "{id}" in server.work[name].path

    def one(_: int) -> list[float]:
        found = []
        keys = [server.made() for _ in range(EACH)] if needs_new else [""] * EACH
        for key in keys:
            begun = time.perf_counter()
            server.ask(name, key)
            found.append((time.perf_counter() - begun) * 1000)
        return found

    with ThreadPoolExecutor(clients) as pool:
        return [ms for some in pool.map(one, range(clients)) for ms in some]


@contextmanager
def our_server() -> Iterator[tuple[Server, Any]]:
    """gunicorn as an installation runs it, on a port of its own, with its memory in MB."""
    with _gunicorn("zhongzhi.wsgi:application") as (address, pid):
        ours = _ours(address)
        with ThreadPoolExecutor(MIXED_CLIENTS) as pool:  # what a process reads once is read
            list(pool.map(lambda _: ours.ask("list"), range(2 * MIXED_CLIENTS)))
        yield ours, lambda: _memory(pid)


@contextmanager
def _bare_server() -> Iterator[tuple[Server, Memory]]:
    """The floor, asked for the same kinds of work where it has them, and its memory in MB."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(bare_statements(), file)
        file.flush()
        os.environ["BARE_STATEMENTS"] = file.name
        with _gunicorn("devkit.bare_web:application") as (address, pid):
            one = "/cases/{id}/"
            work = {"create": Asked("/cases/", "POST", _entries()), "detail": Asked(one), "list": Asked("/cases/")}
            yield Server(address, work | {"change": Asked(one, "POST", {})}, key="code"), lambda: _memory(pid)


@contextmanager
def _gunicorn(program: str) -> Iterator[tuple[str, int]]:
    """A web process of two workers, its address and its number; it has answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        here = f"127.0.0.1:{probe.getsockname()[1]}"
    threads = ["--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "30", "--chdir", str(ROOT)]
    command = [sys.executable, "-m", "gunicorn", program, "--bind", here, "--log-level", "warning", *threads]
    running = subprocess.Popen(command, env=os.environ | {"LOG_LEVEL": "ERROR"})
    try:
        _wait_for(here)
        yield f"http://{here}", running.pid
    finally:
        running.terminate()
        running.wait(60)


def _wait_for(here: str) -> None:
    host, port = here.split(":")
    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends:
        try:
            line = http.client.HTTPConnection(host, int(port), timeout=5)
            line.request("GET", "/healthz")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no web process at {here}")


def _memory(pid: int) -> float:
    """What the process and its children hold, each page once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    kept = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in (str(pid), *children)]
    return sum(int(line.split()[1]) for text in kept for line in text.splitlines() if line.startswith("Pss:")) / 1024


def _ours(address: str) -> Server:
    clerk, dispatcher = _session(ground().clerk), _session(ground().dispatcher)
    near_the_end = Case.objects.order_by("id")[60:61].get()
    handed_out = {"organisation": ground().justice_bureau.pk, "instruction": "请实地丈量"}
    deep = f"{CASES}?limit=50&cursor={_write(near_the_end, ('-id',))}"
    work = {
        "create": Asked(CASES, "POST", _entries(), clerk),
        "detail": Asked(f"{CASES}{{id}}/", headers=clerk),
        "change": Asked(f"{CASES}{{id}}/accept/", "POST", {}, dispatcher),
        "dispatch": Asked(f"{CASES}{{id}}/dispatch/", "POST", handed_out, dispatcher),
        "sign": Asked(f"{CASES}{{id}}/sign/", "POST", {}, _session(ground().handler)),
        "list": Asked(f"{CASES}?limit=50", headers=clerk),
        "filtered": Asked(f"{CASES}?limit=50&status=registered&category=0901", headers=clerk),
        "deep": Asked(deep, headers=clerk),
    }
    return Server(address, work, key="code")


def _entries() -> list[dict[str, Any]]:
    """Somebody else each time, about one of many matters at one of many places: the same person or matter every time
    would be a double."""
    somebody = [{"name": "岳某某", "phone": "138{n}"}]
    matters = enumerate(product(_villages(), active_leaves()))
    step = 7919  # a prime: neighbours differ in both
    pairs = [pair for _, pair in sorted(matters, key=lambda found: found[0] * step % 1_000_003)]
    return [ENTRY | {"territory": place, "category": leaf.code, "parties": somebody} for place, leaf in pairs]


def _villages() -> list[str]:
    """The codes of as many villages as a county has, made where they are not there yet."""
    town = ground().places["150526103"]
    codes = [f"{town.code}{number}" for number in range(300, 300 + VILLAGES)]
    for code in codes:
        name = f"{code[9:]}村"
        known = {"name": name, "full_name": f"{town.full_name}{name}", "parent": town, "starts_on": town.starts_on}
        Territory.objects.get_or_create(code=code, defaults=known)
    return codes


def _session(user: User) -> dict[str, str]:
    """The headers of somebody who is signed in."""
    client, token = Client(), "a" * 32
    client.force_login(user)
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}", "X-CSRFToken": token}


@contextmanager
def _peer_or_floor() -> Iterator[tuple[Server, bool, Memory]]:
    """The other program where it is named, else the floor; which of them it is; its memory, where that is known."""
    if name := os.environ.get("PEER_FILE"):
        said = json.loads(Path(name).read_text(encoding="utf-8"))
        work = {kind: Asked(**asked) for kind, asked in said["work"].items()}
        yield Server(said["address"], work, said.get("key", "id"), said.get("headers", {})), True, lambda: None
        return
    with _bare_server() as (bare, memory):
        yield bare, False, memory


MEASURES = {"race": race, "mixed": mixed}
