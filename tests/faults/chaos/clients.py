"""Sixteen clients: people of all posts who register, upload, report and do what they are offered, by HTTP."""

import threading
from random import Random
from typing import Any

from django.db import DatabaseError, connection
from django.test import Client as Browser
from django.utils import timezone

from devkit.demo.county.people import PEOPLE
from intake.models import Case
from tests.desks.desk import Desk, Findings
from tests.desks.programs import act_by_api
from tests.desks.walk import ENDS, Walk
from tests.faults.chaos.journal import Journal
from tests.faults.chaos.wire import Away, Ended, Wire
from tests.faults.chaos.work import Work
from zhongzhi.accounts.models import User

OFFICE = ("xitong", "anquan", "shenji")
NAMES = {"juri-chuangkou": "town_clerk", "lingdao": "leader", "zhuren": "manager", "fenliu": "dispatcher"}
RECENT = 40
STAYS_WITH = 25
"""So many looks a client takes at one case before it takes another."""
NEW, LOOKS, FIELD, BESIDE = 0.06, 0.2, 0.3, 0.65
"""Up to which share of a throw a client begins something, reads, works in the field, does what hangs on its case;
else what the case's own table offers."""
PAUSE = (2.0, 6.0)
"""Seconds between two acts of a client: sixteen people who work without a break."""
READS = (
    ("statistics", "/api/v1/statistics/?period=month"),
    ("one figure", "/api/v1/statistics/resolution/?period=month"),
    ("list", "/api/v1/cases/"),
    ("list", "/api/v1/cases/"),
    ("stream", "/api/v1/cases/"),
    ("board", "/figures/"),
    ("export", "/cases/export/?format=csv&status=accepted"),
    ("export", "/cases/export/?format=xlsx&status=accepted"),
)
"""What the standby may be asked, where it is as far as who asks."""
READERS = ("leader", "manager", "dispatcher", "juri-zhuren")


def sessions() -> dict[str, tuple[int, str]]:
    """Everybody who takes part, signed in: their number and the key of their session."""
    found = {}
    for username, *_ in PEOPLE:
        if username not in OFFICE:
            user = User.objects.get(username=username)
            User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now())
            browser = Browser()
            browser.force_login(user)
            found[username] = (user.pk, browser.cookies["sessionid"].value)
    return found


class RemoteDesk(Desk):
    """A person at a browser far from the machine."""

    def __init__(self, wire: Wire, rng: Random, found: Findings) -> None:
        """Signed in already."""
        self.wire = wire
        super().__init__(User.objects.get(pk=wire.user), rng, found)

    def sign_in(self) -> None:
        """The session of the run."""
        self.client: Any = self.wire


class Client(Work, threading.Thread):
    """One of the sixteen: one act after another, each as somebody else."""

    concerned = Walk.concerned

    def __init__(self, number: int, address: str, journal: Journal, ends: threading.Event, *, seed: str) -> None:
        """Nothing is sent yet."""
        threading.Thread.__init__(self, name=f"client {number}", daemon=True)
        self.number, self.address, self.journal, self.ends = number, address, journal, ends
        self.rng, self.found = Random(f"{seed}/{number}"), Findings()
        self.desks: dict[str, RemoteDesk] = {}
        self.troubles: dict[str, int] = {}
        self.code, self.looks = "", 0

    def seat(self, people: dict[str, tuple[int, str]]) -> None:
        """Give it everybody's browser."""
        for username, (user, session) in people.items():
            wire = Wire(self.address, session, user, self.number, self.journal, self.ends)
            self.desks[NAMES.get(username, username)] = RemoteDesk(wire, self.rng, self.found)

    def run(self) -> None:
        """Until the run ends. What it looks up for itself may fail at any moment as well: nothing was sent then."""
        while not self.ends.wait(self.rng.uniform(*PAUSE)):
            try:
                self.step()
            except Ended:
                break
            except (Away, DatabaseError):
                connection.close()
                self.ends.wait(0.5)
            except Exception as error:  # a row that another client took away between two looks
                name = f"{type(error).__name__}: {error}"[:200]
                self.troubles[name] = self.troubles.get(name, 0) + 1
                connection.close()
        connection.close()

    def step(self) -> None:
        """One act, or one look."""
        thrown = self.rng.random()
        if thrown < NEW:
            self.begin()
            return
        if thrown < LOOKS:
            kind, path = self.rng.choice(READS)
            self.desks[self.rng.choice(READERS)].client.read(kind, path)
            return
        if thrown < FIELD:
            self.rng.choice((self.report, self.visit, self.on_hazards, self.on_hazards))()
            return
        case = self.chosen()
        if case is None:
            self.code = self.register()
            return
        desk = self.desks[self.rng.choice(self.concerned(case) or list(self.desks))]
        if thrown < BESIDE:
            self.on_case(desk, case)
        else:
            act_by_api(desk, case)

    def begin(self) -> None:
        """A new case, which it stays with, or one that is settled at once."""
        if self.rng.random() < 0.3:
            self.settle()
        else:
            self.code = self.register() or self.code

    def chosen(self) -> Case | None:
        """The case it stays with; after a while another, of the latest or of any that are open."""
        self.looks += 1
        open_cases = Case.objects.exclude(status__in=[*ENDS, "draft"])
        case = open_cases.filter(code=self.code).first() if self.looks % STAYS_WITH else None
        if case is None:
            rows = open_cases.order_by("-pk")[:RECENT] if self.rng.random() < 0.5 else self.with_much(open_cases)
            case = self.rng.choice(list(rows) or [None])
            self.code = case.code if case else ""
        return case

    def with_much(self, open_cases: Any) -> Any:
        """Those that have talks or papers."""
        hangs = self.rng.choice(("mediations", "documents", "tasks", "care"))
        return open_cases.filter(**{f"{hangs}__isnull": False}).distinct().order_by("-pk")[: 2 * RECENT]
