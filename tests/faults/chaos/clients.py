"""Sixteen clients: people of all posts who register, upload, report and do what they are offered, by HTTP."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, connection
from django.test import Client as Browser
from django.utils import timezone

from devkit.demo.county.people import GRID, PEOPLE
from intake.models import Case
from mediation.available_actions import AGREEMENT_ACTS, INSTALMENT_ACTS, MEDIATION_ACTS
from mediation.available_actions import CASE_ACTS as OPENING
from mediation.available_actions import Situation as Talk
from mediation.models import Instalment
from referrals.available_actions import DOCUMENT_ACTS
from referrals.available_actions.documents import DocumentSituation
from tests.desks.beginnings import CATEGORIES, PLACES
from tests.desks.desk import Desk, Findings
from tests.desks.filling import Hand
from tests.desks.programs import act_by_api, in_words_of_the_api
from tests.desks.walk import ENDS, Walk
from tests.faults.chaos.journal import Journal
from tests.faults.chaos.wire import Away, Ended, Wire
from zhongzhi.accounts.models import User

OFFICE = ("xitong", "anquan", "shenji")
NAMES = {"juri-chuangkou": "town_clerk", "lingdao": "leader"}
RECENT = 40
BEGINNERS = ("chuangkou", "juri-chuangkou", "wujiazi")
PAUSE = (0.2, 1.2)


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


class Client(threading.Thread):
    """One of the sixteen: one act after another, each as somebody else."""

    concerned = Walk.concerned

    def __init__(self, number: int, address: str, journal: Journal, ends: threading.Event, *, seed: str) -> None:
        """Nothing is sent yet."""
        super().__init__(name=f"client {number}", daemon=True)
        self.number, self.address, self.journal, self.ends = number, address, journal, ends
        self.rng, self.found = Random(f"{seed}/{number}"), Findings()
        self.desks: dict[str, RemoteDesk] = {}
        self.troubles: dict[str, int] = {}

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
        """One act."""
        thrown = self.rng.random()
        if thrown < 0.22:
            self.rng.choice((self.register, self.register, self.register, self.settle, self.report, self.visit))()
            return
        codes = list(
            Case.objects.exclude(status__in=[*ENDS, "draft"]).order_by("-pk").values_list("pk", flat=True)[:RECENT]
        )
        if not codes:
            return
        case = Case.objects.get(pk=self.rng.choice(codes))
        desk = self.desks[self.rng.choice(self.concerned(case) or list(self.desks))]
        if thrown < 0.28:
            desk.client.upload(f"/api/v1/cases/{case.code}/attachments/")
        elif thrown < 0.45:
            self.on_its_talks(desk, case)
        elif thrown < 0.6:
            self.on_its_papers(desk, case)
        else:
            act_by_api(desk, case)

    def entry(self, who: str) -> dict[str, Any]:
        """What a person comes with; the number of the office tells it from all others."""
        return {
            "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
            "request": "重新丈量，归还土地。",
            "territory": self.rng.choice(PLACES[:2]) if who == "chuangkou" else "150526103200",
            "category": self.rng.choice(CATEGORIES),
            "risk": self.rng.choice(("blue", "blue", "yellow", "orange")),
            "complexity": self.rng.choice(("simple", "ordinary", "complex")),
            "internal_number": uuid4().hex[:20],
            "parties": [
                {"name": "岳某某", "paper_number": "152327196503152419", "phone": "13847500001"},
                {"side": "respondent", "name": "付某", "phone": "13847500002"},
            ],
        }

    def beginner(self) -> RemoteDesk:
        """Who registers cases."""
        return self.desks[NAMES.get(who := self.rng.choice(BEGINNERS), who)]

    def register(self) -> None:
        """A case at a window."""
        desk = self.beginner()
        desk.client.post("/api/v1/cases/", self.entry(desk.user.username))

    def settle(self) -> None:
        """A simple one, settled at once."""
        desk = self.beginner()
        said = {"complexity": "simple", "risk": "blue", "outcome": "resolved", "note": "当场说清，双方认可。"}
        desk.client.post("/api/v1/cases/settle/", self.entry(desk.user.username) | said)

    def report(self) -> None:
        """What a grid worker finds on a round."""
        told = {
            "narrative": "邻里为地界争吵。",
            "territory": GRID,
            "level": "blue",
            "reporter_name": "王海",
            "other_side": "付某",
        }
        self.desks["wangge"].client.post("/api/v1/hazards/", told | {"uid": str(uuid4())})

    def visit(self) -> None:
        """A household on the round."""
        told = {"territory": GRID, "household": "1 组王家", "note": "家中平安", "uid": str(uuid4())}
        self.desks["wangge"].client.post("/api/v1/visits/", told)

    def on_its_talks(self, desk: RemoteDesk, case: Case) -> None:
        """Something in a mediation of the case; one is begun where there is none."""
        talk = case.mediations.order_by("-pk").first()
        if talk is None:
            self.act(
                desk, case, f"cases/{case.code}", OPENING, partial(Talk, desk.user), case, {"mediate": "mediations"}
            )
            return
        if talk.mediators.exists() and self.rng.random() < 0.6:
            leaders = talk.mediators.filter(user__isnull=False).values_list("user__username", flat=True)
            seated = [name for name in leaders if name in self.desks]
            desk = self.desks[seated[0]] if seated else desk
        agreement = talk.agreements.order_by("-pk").first()
        part = Instalment.objects.filter(obligation__agreement__mediation=talk, performed_on=None).first()
        tables: list[Callable[[], None]] = [
            lambda: self.act(desk, case, f"mediations/{talk.uid}", MEDIATION_ACTS, partial(Talk, desk.user), talk)
        ]
        if agreement is not None:
            tables.append(
                lambda: self.act(
                    desk, case, f"agreements/{agreement.uid}", AGREEMENT_ACTS, partial(Talk, desk.user), agreement
                )
            )
        else:
            tables.append(lambda: self.draft(desk, talk, case))
        if part is not None:
            tables.append(
                lambda: self.act(desk, case, f"obligations/{part.uid}", INSTALMENT_ACTS, partial(Talk, desk.user), part)
            )
        self.rng.choice(tables)()

    def draft(self, desk: RemoteDesk, talk: Any, case: Case) -> None:
        """An agreement of one obligation."""
        sides = {party.side: str(party.uid) for party in case.parties.all()}
        today = timezone.localdate()
        owed = {"debtor": sides["respondent"], "creditor": sides["applicant"], "kind": "other", "what": "归还土地1垄"}
        parts = [{"due_on": (today + timedelta(days=1)).isoformat()}]
        body = {"form": "oral", "facts": "付某多种1垄。", "terms": "各自归还。", "reached_on": today.isoformat()}
        desk.client.post(f"/api/v1/mediations/{talk.uid}/agreement/", body | {"obligations": [owed | {"parts": parts}]})

    def on_its_papers(self, desk: RemoteDesk, case: Case) -> None:
        """Something done with a slip or letter."""
        papers = list(case.documents.order_by("-pk")[:3])
        if papers:
            paper = self.rng.choice(papers)
            self.act(desk, case, f"referrals/{paper.uid}", DOCUMENT_ACTS, partial(DocumentSituation, desk.user), paper)

    def act(
        self, desk: RemoteDesk, case: Case, where: str, table: Any, situation: Any, subject: Any, names: Any = None
    ) -> None:
        """One of the acts of a table that are open to this person."""
        stands = situation(subject)
        open_acts = [act for act in table.available(stands) if act.run is not None and act.in_api]
        if not open_acts:
            return
        act = self.rng.choice(open_acts)
        sent = Hand(self.rng, desk.user, case, act.name).fill(table.form(act, subject, for_=stands))
        body = in_words_of_the_api(act, sent)
        if body is not None:
            desk.client.post(f"/api/v1/{where}/{(names or {}).get(act.name, act.name)}/", body)
