"""What people of all posts do with a case, its talks, papers, tasks and care, and with what is found in the field: what
the tables of acts offer them now, filled in as a hand would, sent by the API."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

from django.utils import timezone

from devkit.demo.county.people import GRID
from grids.models import Hazard
from grids.queries import hazards_visible_to
from intake.available_actions import Situation
from intake.models import Case
from mediation.available_actions import AGREEMENT_ACTS, INSTALMENT_ACTS, MEDIATION_ACTS
from mediation.available_actions import CASE_ACTS as OPENING
from mediation.available_actions import Situation as Talk
from mediation.models import Instalment
from referrals.available_actions import CARE_ACTS, CASE_ACTS, DOCUMENT_ACTS, TASK_ACTS, TaskSituation
from referrals.available_actions.documents import DocumentSituation
from tests.desks.beginnings import CATEGORIES, PLACES
from tests.desks.desk import Desk
from tests.desks.filling import Hand
from tests.desks.programs import in_words_of_the_api

BEGINNERS = ("chuangkou", "town_clerk", "wujiazi")
ELSEWHERE = {"mark-care": "care", "add-task": "tasks", "meeting": "meetings", "mediate": "mediations"}
"""Acts that the API has at an address of another name."""
IN_THE_FIELD = ("wangge", "wujiazi", "town_clerk", "minjing")
ON_HAZARDS: dict[str, dict[str, Any]] = {
    "on-the-spot": {},
    "solve": {"result": "两家重新量了地界，握手言和。"},
    "watch": {"note": "秋收前再看"},
    "reopen": {"reason": "又吵起来了"},
}


class Work:
    """Of one client, who sits at everybody's desk in turn."""

    desks: dict[str, Any]
    rng: Random

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

    def register(self) -> str:
        """A case at a window; its code, empty where it was refused."""
        who = self.rng.choice(BEGINNERS)
        answer = self.desks[who].client.post("/api/v1/cases/", self.entry(who))
        return str(answer.json()["code"]) if answer.status_code == 201 else ""

    def settle(self) -> None:
        """A simple one, settled at once."""
        who = self.rng.choice(BEGINNERS)
        said = {"complexity": "simple", "risk": "blue", "outcome": "resolved", "note": "当场说清，双方认可。"}
        self.desks[who].client.post("/api/v1/cases/settle/", self.entry(who) | said)

    def report(self) -> None:
        """What a grid worker finds on a round."""
        told = {"narrative": "邻里为地界争吵。", "territory": GRID, "level": "blue", "reporter_name": "王海"}
        self.desks["wangge"].client.post("/api/v1/hazards/", told | {"other_side": "付某", "uid": str(uuid4())})

    def visit(self) -> None:
        """A household on the round."""
        told = {"territory": GRID, "household": "1 组王家", "note": "家中平安", "uid": str(uuid4())}
        self.desks["wangge"].client.post("/api/v1/visits/", told)

    def on_hazards(self) -> None:
        """Something done about what was reported, or a picture of it."""
        desk = self.desks[self.rng.choice(IN_THE_FIELD)]
        found: list[Hazard] = list(hazards_visible_to(desk.user).filter(ended_at=None).order_by("-pk")[:20])
        if not found:
            return
        address = f"/api/v1/hazards/{self.rng.choice(found).uid}"
        name = self.rng.choice((*ON_HAZARDS, "files"))
        if name == "files":
            desk.client.upload(f"{address}/files/")
        else:
            desk.client.post(f"{address}/{name}/", ON_HAZARDS[name])

    def on_case(self, desk: Any, case: Case) -> None:
        """Something beside the acts of the case's own table."""
        kinds = (self.on_talks, self.on_talks, self.on_papers, self.on_papers, self.on_tasks, self.on_care, self.beside)
        self.rng.choice(kinds)(desk, case)

    def beside(self, desk: Any, case: Case) -> None:
        """A picture, further people of a group, more words, or what the API has at another address."""
        address, thrown = f"/api/v1/cases/{case.code}", self.rng.random()
        if thrown < 0.2:
            desk.client.upload(f"{address}/attachments/")
        elif thrown < 0.3:
            row = {"name": f"村民{self.rng.randrange(10**6)}", "phone": "", "amount": "800.50"}
            desk.client.post(f"{address}/members/", {"rows": [row]})
        elif thrown < 0.4:
            desk.client.post(f"{address}/supplement/", {"request": "重新丈量，尽快归还。", "reason": "当事人补充"})
        else:
            self.act(desk, case, f"cases/{case.code}", CASE_ACTS, partial(Situation, desk.user), case, only=ELSEWHERE)

    def on_tasks(self, desk: Any, case: Case) -> None:
        """A task of joint work is done or released."""
        task = case.tasks.filter(done_at=None, released_at=None).order_by("?").first()
        if task is None:
            self.beside(desk, case)
        else:
            address = f"cases/{case.code}/tasks/{task.pk}"
            self.act(desk, case, address, TASK_ACTS, partial(TaskSituation, desk.user), task)

    def on_care(self, desk: Any, case: Case) -> None:
        """The protected record, where there is one and this person sees it."""
        self.act(desk, case, f"cases/{case.code}/care", CARE_ACTS, partial(Situation, desk.user), case)

    def on_talks(self, desk: Any, case: Case) -> None:
        """Something in a mediation of the case; one is begun where there is none."""
        sits = partial(Talk, desk.user)
        talk = case.mediations.order_by("-pk").first()
        if talk is None:
            self.act(desk, case, f"cases/{case.code}", OPENING, sits, case, only=ELSEWHERE)
            return
        seated = talk.mediators.filter(user__isnull=False).values_list("user__username", flat=True)
        at_hand = [name for name in seated if name in self.desks]
        if at_hand and self.rng.random() < 0.6:
            desk = self.desks[at_hand[0]]
            sits = partial(Talk, desk.user)
        agreement = talk.agreements.order_by("-pk").first()
        part = Instalment.objects.filter(obligation__agreement__mediation=talk, performed_on=None).first()
        ways: list[Callable[[], None]] = [
            lambda: self.act(desk, case, f"mediations/{talk.uid}", MEDIATION_ACTS, sits, talk)
        ]
        if agreement is None:
            ways.append(lambda: self.draft(desk, talk, case))
        else:
            address = f"agreements/{agreement.uid}"
            ways.append(lambda: self.act(desk, case, address, AGREEMENT_ACTS, sits, agreement))
        if part is not None:
            ways.append(lambda: self.act(desk, case, f"obligations/{part.uid}", INSTALMENT_ACTS, sits, part))
        self.rng.choice(ways)()

    def draft(self, desk: Any, talk: Any, case: Case) -> None:
        """An agreement of one obligation."""
        sides = {party.side: str(party.uid) for party in case.parties.all()}
        if not {"respondent", "applicant"} <= sides.keys():
            return
        today = timezone.localdate()
        owed = {"debtor": sides["respondent"], "creditor": sides["applicant"], "kind": "other", "what": "归还土地1垄"}
        parts = [{"due_on": (today + timedelta(days=1)).isoformat()}]
        body = {"form": "oral", "facts": "付某多种1垄。", "terms": "各自归还。", "reached_on": today.isoformat()}
        desk.client.post(f"/api/v1/mediations/{talk.uid}/agreement/", body | {"obligations": [owed | {"parts": parts}]})

    def on_papers(self, desk: Any, case: Case) -> None:
        """Something done with a slip or letter, by who is offered something."""
        papers = list(case.documents.order_by("-pk")[:4])
        if papers:
            paper = self.rng.choice(papers)
            self.act(desk, case, f"referrals/{paper.uid}", DOCUMENT_ACTS, partial(DocumentSituation, desk.user), paper)

    def act(
        self, desk: Desk, case: Case, where: str, table: Any, situation: Any, subject: Any, *, only: Any = None
    ) -> None:
        """One of the acts of a table that are open to this person; `only` those that the API has under other names."""
        stands = situation(subject)
        open_acts = [
            act
            for act in table.available(stands)
            if act.run is not None and (act.in_api if only is None else act.name in only)
        ]
        if not open_acts:
            return
        act = self.rng.choice(open_acts)
        sent = Hand(self.rng, desk.user, case, act.name).fill(table.form(act, subject, for_=stands))
        body = in_words_of_the_api(act, sent)
        if body is not None:
            desk.client.post(f"/api/v1/{where}/{(only or {}).get(act.name, act.name)}/", body)
