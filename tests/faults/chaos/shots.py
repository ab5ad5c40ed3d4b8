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
           "PostgreSQL backend": 3, "PostgreSQL postmaster": 2, "standby": 1, "supervisor": 0.04}  # fmt: skip
"""How often each is shot at; seldom what takes long to begin again, or there would be little else."""
BY_THE_CLOCK = ("worker", "worker's child", "beat", "broker", "supervisor")
"""Recovered when a periodic task has run again, beside that something was saved."""
BEGIN_AT_ONCE = ("worker's child", "broker", "PostgreSQL backend", "PostgreSQL postmaster")
MOST_WAITS = 3
LEAST_APART, SPARE = 0.4, 0.9
"""Seconds between two kills at least; share of the time left in which the rest is done if nothing ever begins anew."""
MOST_UNDER_WAY = 10
"""So many kills are waited for at most: on a slow machine there are fewer kills, not a system that is never up."""
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

    def __init__(self, town: Town, journal: Journal, *, kills: int, until: float, seed: int) -> None:
        """Goes on behind what the journal holds."""
        super().__init__(name="shooter", daemon=True)
        self.town, self.journal, self.kills, self.until = town, journal, kills, until
        journal.rows("UPDATE kills SET seconds = ? WHERE seconds IS NULL", NOT_WATCHED)
        self.number = int(journal.rows("SELECT count(*) FROM kills")[0][0])
        self.rng = Random(f"{seed}/{self.number}")
        self.under_way: list[Shot] = []
        self.stopped = threading.Event()
        self.worst = ""
        self.wanted = self.drawn()

    def run(self) -> None:
        """Until enough are killed, time is over or it is stopped; then until all have come back."""
        following = time.time()
        while self.number < self.kills and time.time() < self.until and not self.stopped.is_set():
            self.look()
            if time.time() >= following and self.shoot():
                following = time.time() + self.pace()
            time.sleep(0.1)
        while self.under_way:
            self.look()
            time.sleep(0.1)

    def pace(self) -> float:
        """Seconds to the next kill, so that the rest is done in the time that is left: what a slow while cost is made
        up for."""
        return max(LEAST_APART, SPARE * (self.until - time.time()) / max(1, self.kills - self.number))

    def shoot(self) -> bool:
        """Kill one of those that may be killed now; whether there was one."""
        if self.begins_anew() or len(self.under_way) >= MOST_UNDER_WAY:
            return False
        pids = {target: self.town.pids(target) for target in self.wanted if self.may_be_shot(target)}
        there = [target for target, found in pids.items() if found]
        if not there:
            return False
        target = self.rng.choices(there, [WEIGHTS[one] for one in there])[0]
        pid, at = self.rng.choice(pids[target]), time.time()
        try:
            kill(pid, SIGKILL)
        except ProcessLookupError:
            return False
        self.number += 1
        self.journal.killed(self.number, target, at)
        self.under_way.append(Shot(self.number, target, pid, at))
        self.wanted = self.drawn()
        return True

    def drawn(self) -> tuple[str, ...]:
        """Who may be next: the supervisor by its weight alone, however few of the others stand; else one of these."""
        ends_all = self.rng.random() < WEIGHTS["supervisor"] / sum(WEIGHTS.values())
        return ("supervisor",) if ends_all else tuple(name for name in WEIGHTS if name != "supervisor")

    def may_be_shot(self, target: str) -> bool:
        """Not again while three are waited for, nor before something stands there again."""
        waiting = [shot for shot in self.under_way if shot.target == target]
        return len(waiting) < MOST_WAITS and all(map(self.stands, waiting))

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
        """A process stands in its place, something sent since was saved, and the clock's work goes on; a standby
        streams and has what was sent since."""
        others = [pid for pid in self.town.pids(shot.target) if pid != shot.pid]
        if not others or self.journal.last_saved <= shot.at:
            return False
        if shot.target == "standby":
            return self.town.standby.is_level()
        return shot.target not in BY_THE_CLOCK or beat > shot.at
