"""The course of a simulation: day by day the clock is set on, the programs work it off, people act in between."""

import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from devkit.simulation import clock
from devkit.simulation.ground import make_cases, make_county
from devkit.simulation.invariants import broken_invariants
from devkit.simulation.people import morning
from devkit.simulation.programs import Programs
from zhongzhi.core.worktime import SHANGHAI

HOURS = ((9, 0), (12, 1), (17, 31), (17, 41))
DUE = """
SELECT (SELECT count(*) FROM intake_clock WHERE next_at < %(now)s)
     + (SELECT count(*) FROM intake_clock WHERE breached_at IS NOT NULL AND NOT lapse_noted)
     + (SELECT count(*) FROM referrals_ladderstep WHERE taken_at IS NULL AND due_at < %(now)s)
     + (SELECT count(*) FROM referrals_document d JOIN referrals_documentkind k ON k.id = d.kind_id
        WHERE d.status = 'draft' AND d.by_system AND k.by_itself)
"""


@dataclass(frozen=True)
class Plan:
    """How large and how long; the seed makes people's choices repeatable."""

    cases: int = 10_000
    days: int = 30
    begins: datetime = datetime(2025, 12, 22, 8, 0, tzinfo=SHANGHAI)
    kill_every: float = 20.0
    patience: float = 900.0
    seed: int = 1
    mornings: int = 60
    say: Callable[[str], None] = field(default=lambda text: None)


@dataclass
class Report:
    """What happened."""

    broken: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    seconds: float = 0.0


def simulate(plan: Plan) -> Report:
    """Run a plan on the database of this process, which must hold no cases. The clock of this process is taken over."""
    folder, real_now, begun = Path(tempfile.mkdtemp(prefix="zz-sim-")), timezone.now, time.monotonic()
    folder.chmod(0o711)
    programs = Programs(folder)
    try:
        _live_by(folder, plan.begins)
        county = make_county()
        make_cases(county, plan.cases, plan.begins, plan.days)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        plan.say(f"{plan.cases} cases made in {time.monotonic() - begun:.0f} s")
        programs.start()
        dice, away = random.Random(plan.seed), plan.days // 3  # noqa: S311 - repeatable, not secret
        for day in range(plan.days):
            for hour, minute in HOURS:
                now = (plan.begins + timedelta(days=day)).replace(hour=hour, minute=minute)
                clock.set_clock(folder / "clock", now)
                if (hour, minute) == (17, 31) and day == away:
                    programs.broker.stop()  # for ten simulated minutes, with everything due
                    time.sleep(2)
                    continue
                if (hour, minute) == (17, 41) and day == away:
                    programs.broker.start()
                if (hour, minute) == (9, 0):
                    morning(county, dice, plan.mornings)
                _work_off(now, programs, plan)
            plan.say(f"day {day + 1}: {_counts()} after {time.monotonic() - begun:.0f} s, {programs.kills} kills")
        programs.stop()
        return Report(list(broken_invariants(now)), _counts(), programs.kills, time.monotonic() - begun)
    finally:
        programs.stop()
        timezone.now = real_now
        shutil.rmtree(folder, ignore_errors=True)


def _live_by(folder: Path, moment: datetime) -> None:
    """This process reads the simulated clock too."""
    import os

    os.environ[clock.VARIABLE] = str(folder / "clock")
    clock.set_clock(folder / "clock", moment)
    clock.take_over()


def _work_off(now: datetime, programs: Programs, plan: Plan) -> None:
    """Wait until nothing is due; meanwhile a worker is killed every few seconds, however many moments they span."""
    begun = time.monotonic()
    while _due(now):
        time.sleep(0.3)
        programs.revive()
        if time.monotonic() - programs.killed_at > plan.kill_every:
            programs.kill_one()
        if time.monotonic() - begun > plan.patience:
            raise TimeoutError(f"{_due(now)} steps are still due at {now}")


def _due(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now})
        return int(cursor.fetchone()[0])


def _counts() -> dict[str, int]:
    tables = {
        "breached": "intake_clock WHERE breached_at IS NOT NULL",
        "steps": "referrals_ladderstep WHERE taken_at IS NOT NULL",
        "documents": "referrals_document",
        "signed": "referrals_document WHERE signed_at IS NOT NULL",
        "moves": "intake_tiermove",
    }
    with connection.cursor() as cursor:
        found = {}
        for name, source in tables.items():
            cursor.execute(f"SELECT count(*) FROM {source}")
            found[name] = int(cursor.fetchone()[0])
    return found
