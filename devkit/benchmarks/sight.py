"""What sight costs: list and dossier with its conditions, against the same pages with the conditions taken out."""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Q
from django.test import Client

from devkit.benchmarks.ground import ground, pattern
from devkit.benchmarks.lines import Lines, line
from intake import sight as rules
from intake.models import Case
from intake.queries import veiling
from zhongzhi.accounts.models import User

PAIRS = 40
APPS = ("intake", "mediation", "referrals", "workbench")
TARGET = "≤ 1.10 of the page without"


def sight() -> Lines:
    """Pages of who sorts (full) and of a leader (masked); each with and without, in turns."""
    for who in ("dispatcher", "leader"):
        client = Client()
        client.force_login(ground().people[who])
        for what, path in (
            ("list of 50 through the API", "/api/v1/cases/?limit=50"),
            ("dossier", f"/cases/{pattern().code}/"),
        ):
            with_it, without = _in_turns(lambda client=client, path=path: client.get(path))  # type: ignore[misc]
            yield line(f"{what}, {who}", with_it, without, "ms", TARGET)


def _in_turns(work: Callable[[], Any]) -> tuple[float, float]:
    """The medians of both, measured one after the other many times, so that a busy machine slows both alike."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(PAIRS + 2):
        times[True].append(_ms(work))
        with _no_conditions():
            times[False].append(_ms(work))
        if turn < 2:
            times = {True: [], False: []}
    return statistics.median(times[True]), statistics.median(times[False])


def _ms(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    answer = work()
    assert answer.status_code == 200
    return (time.perf_counter() - begun) * 1000


@contextmanager
def _no_conditions() -> Iterator[None]:
    """Territory and posts alone, as before there was sight: nothing closed, everything in full."""
    instead = {
        rules.not_closed_to: lambda user: Q(),
        rules.sight_within: lambda user, case: rules.Sight(rules.Level.FULL, rules.Ground.CENTRE),
        veiling.veiled: _as_it_is,
        rules.in_full: lambda user: Q(),
        veiling.hidden_names: lambda case: [],
    }
    places = [
        (module, name, function)
        for module in list(sys.modules.values())
        if (getattr(module, "__name__", "").partition(".")[0]) in APPS
        for name, function in list(vars(module).items())
        if callable(function) and function in instead
    ]
    for module, name, function in places:
        setattr(module, name, instead[function])
    try:
        yield
    finally:
        for module, name, function in places:
            setattr(module, name, function)


def _as_it_is(user: User, case: Case) -> Case:
    return case


MEASURES = {"sight": sight}
