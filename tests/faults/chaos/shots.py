"""Who is killed when, and how long until work goes on as before."""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from os import kill
from random import Random
from signal import SIGKILL

from redis.exceptions import RedisError

from tests.faults.chaos.journal import Journal
from tests.faults.chaos.town import Town
from zhongzhi.tasks_base import beat_seen

WEIGHTS = {"web": 0.6, "web worker": 1.2, "worker": 0.6, "worker's child": 3, "beat": 0.6, "broker": 2,
           "PostgreSQL backend": 3, "PostgreSQL postmaster": 2, "supervisor": 0.03}  # fmt: skip
"""How often each is shot at; seldom what takes long to begin again, or there would be little else."""
BY_THE_CLOCK = ("worker", "worker's child", "beat", "broker", "supervisor")
"""Recovered when a periodic task has run again, beside that something was saved."""
BEGIN_AT_ONCE = ("worker's child", "broker", "PostgreSQL backend", "PostgreSQL postmaster")
GIVEN_UP = 300
NOT_WATCHED = -1
"""In place of seconds: the run was interrupted before the killed was back."""


@dataclass(frozen=True)
class Shot:
    """One kill whose recovery is waited for."""

    number: int
    target: str
    pid: int
    at: float


class Shooter(threading.Thread):
    """Kills at an even pace, but no program that is not there again since its last kill."""

    def __init__(self, town: Town, journal: Journal, *, kills: int, until: float, pace: float, seed: int) -> None:
        """Goes on behind what the journal holds."""
        super().__init__(name="shooter", daemon=True)
        self.town, self.journal, self.kills, self.until, self.pace = town, journal, kills, until, pace
        journal.rows("UPDATE kills SET seconds = ? WHERE seconds IS NULL", NOT_WATCHED)
        self.number = int(journal.rows("SELECT count(*) FROM kills")[0][0])
        self.rng = Random(f"{seed}/{self.number}")
        self.under_way: list[Shot] = []
        self.stopped = threading.Event()
        self.worst = ""

    def run(self) -> None:
        """Until enough are killed, time is over or it is stopped; then until all have come back."""
        following = time.time()
        while self.number < self.kills and time.time() < self.until and not self.stopped.is_set():
            self.look()
            if time.time() >= following:
                self.shoot()
                following = max(following + self.pace, time.time() - 5 * self.pace)
            time.sleep(0.1)
        while self.under_way:
            self.look()
            time.sleep(0.1)

    def shoot(self) -> None:
        """Kill one."""
        target = self.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        waiting = [shot for shot in self.under_way if shot.target == target]
        if self.begins_anew() or len(waiting) > 1 or not all(map(self.stands, waiting)):
            return
        pids = self.town.pids(target)
        if not pids:
            return
        pid = self.rng.choice(pids)
        with suppress(ProcessLookupError):
            at = time.time()
            kill(pid, SIGKILL)
            self.number += 1
            self.journal.killed(self.number, target, at)
            self.under_way.append(Shot(self.number, target, pid, at))

    def look(self) -> None:
        """Start the supervisor again where it has ended; note what has come back."""
        if self.town.keep():
            self.journal.add("starts of the supervisor")
        beat = 0.0
        with suppress(RedisError, OSError):
            beat = beat_seen() or 0.0
        now = time.time()
        for shot in list(self.under_way):
            if self.is_back(shot, beat):
                self.journal.recovered(shot.number, now - shot.at)
            elif now - shot.at > GIVEN_UP:
                self.worst = f"{shot.target} was not back after {GIVEN_UP} s"
            else:
                continue
            self.under_way.remove(shot)

    def begins_anew(self) -> bool:
        """Before it looks after anything the supervisor prepares it: nobody would start again what is killed then."""
        return any(shot.target == "supervisor" for shot in self.under_way) or not self.town.pids("beat")

    def stands(self, shot: Shot) -> bool:
        """Whether there is one to shoot at again: of what begins slowly, when it has come to work."""
        return shot.target in BEGIN_AT_ONCE and any(pid != shot.pid for pid in self.town.pids(shot.target))

    def is_back(self, shot: Shot, beat: float) -> bool:
        """A process stands in its place, something sent since was saved, and the clock's work goes on."""
        others = [pid for pid in self.town.pids(shot.target) if pid != shot.pid]
        goes_on = shot.target not in BY_THE_CLOCK or beat > shot.at
        return bool(others) and self.journal.last_saved > shot.at and goes_on
