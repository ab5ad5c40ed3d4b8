"""Simulated people (locust): who sits at a window and who walks a round, each with a browser of their own.

Run by `devkit.load`, which says in LOAD_PEOPLE who is signed in and in LOAD_FOUND where to write what was found.
"""

import json
import os
import random
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from locust import HttpUser, LoadTestShape, between, events, task

from devkit.load.stages import STAGES

GIVEN: dict[str, Any] = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text())
FOUND = Path(os.environ["LOAD_FOUND"])
PACE = float(os.environ.get("LOAD_PACE", "1"))
SIZE = float(os.environ.get("LOAD_SIZE", "1"))
CSRF = "x" * 32
seconds: dict[tuple[int, str], list[float]] = defaultdict(list)
errors: dict[tuple[int, str, str], int] = defaultdict(int)
begun = time.time()


def stage_now() -> int:
    """Which stage it is."""
    gone = time.time() - begun
    for number, stage in enumerate(STAGES):
        gone -= stage.seconds * PACE
        if gone < 0:
            return number
    return len(STAGES) - 1


@events.request.add_listener  # type: ignore[untyped-decorator]
def note(name: str, response_time: float, response: Any, exception: Any, **rest: Any) -> None:
    """Keep every answer, by stage and page."""
    stage = stage_now()
    seconds[stage, name].append(response_time / 1000)
    if exception is not None:
        status = getattr(response, "status_code", 0) or type(exception).__name__
        errors[stage, name, str(status)] += 1


@events.quitting.add_listener  # type: ignore[untyped-decorator]
def write(**rest: Any) -> None:
    """Hand over what was found."""
    told = [[stage, name, times] for (stage, name), times in seconds.items()]
    FOUND.write_text(json.dumps({"seconds": told, "errors": [[*key, n] for key, n in errors.items()]}))


class Person(HttpUser):
    """Somebody with a session of their own."""

    abstract = True
    kind = ""
    longest = 0.0
    """The longest pause, in seconds."""

    def on_start(self) -> None:
        """Signed in already, and somewhere in the middle of a pause: 2,200 people do not begin at one moment."""
        sessions = GIVEN["sessions"][self.kind]
        self.client.cookies.update({"sessionid": random.choice(sessions), "csrftoken": CSRF})
        self.client.headers.update({"X-CSRFToken": CSRF, "Accept-Encoding": "gzip"})
        self.client.trust_env = False
        time.sleep(random.uniform(0, self.longest) * min(PACE, 1))

    def page(self, path: str, name: str) -> None:
        """Open a page."""
        with self.client.get(path, name=name, allow_redirects=False, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}")

    def sends(self, path: str, body: dict[str, Any], name: str) -> None:
        """Save something."""
        own = {"Idempotency-Key": uuid4().hex}
        with self.client.post(path, json=body, headers=own, name=name, catch_response=True) as answer:
            if answer.status_code != 201:
                answer.failure(f"{answer.status_code} {answer.text[:200]}")


class AtWindow(Person):
    """A clerk: reads what waits, looks for cases, opens them, registers one now and then."""

    kind = "window"
    weight = 1
    longest = 45.0
    wait_time = between(15, longest)

    @task(3)
    def home(self) -> None:
        """What waits."""
        self.page("/", "window: home")

    @task(4)
    def lists(self) -> None:
        """The list of cases."""
        self.page("/cases/", "window: list of cases")

    @task(2)
    def searches(self) -> None:
        """A word in the search box."""
        self.page(f"/cases/?q={random.choice(('土地', '欠薪', '邻里', '物业'))}", "window: search")

    @task(6)
    def case(self) -> None:
        """A case."""
        self.page(f"/cases/{random.choice(GIVEN['cases'])}/", "window: case")

    @task(2)
    def register(self) -> None:
        """The page, then what was typed."""
        self.page("/cases/new/", "window: register page")
        body = {
            "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
            "territory": GIVEN["place"],
            "category": "0901",
            "parties": [{"name": "岳某某", "phone": "13847500001"}],
        }
        self.sends("/api/v1/cases/", body, "window: register a case")

    @task(1)
    def board(self) -> None:
        """The figures."""
        self.page("/figures/", "window: board")


class OnRound(Person):
    """A grid worker: the page of the round, visits, and what is found there."""

    kind = "phone"
    weight = 10
    longest = 270.0
    wait_time = between(90, longest)

    @task(3)
    def home(self) -> None:
        """The round."""
        self.page("/field/", "phone: round")

    @task(3)
    def visit(self) -> None:
        """A household."""
        body = {"uid": str(uuid4()), "territory": GIVEN["grid"], "household": "1 组王家", "note": "家中平安"}
        self.sends("/api/v1/visits/", body, "phone: note a visit")

    @task(1)
    def hazard(self) -> None:
        """What was found."""
        body = {"uid": str(uuid4()), "narrative": "邻里为地界争吵。", "territory": GIVEN["grid"], "level": "blue"}
        self.sends("/api/v1/hazards/", body, "phone: report what was found")

    @task(1)
    def visits(self) -> None:
        """What one noted."""
        self.page("/field/visits/", "phone: visits")


class Steps(LoadTestShape):
    """Stage after stage, more people in each."""

    def tick(self) -> tuple[int, float, list[type[Person]]] | None:  # type: ignore[override]
        """How many there are now; None in the end."""
        if time.time() - begun >= sum(stage.seconds for stage in STAGES) * PACE:
            return None
        stage = STAGES[stage_now()]
        return max(11, round((stage.window + stage.phones) * SIZE)), 150.0, [AtWindow, OnRound]
