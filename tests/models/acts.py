"""What an act is to the walk: on what, with which choices, whether it must go through, what it does to the model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils import timezone

from grids.models import Hazard, Organisation
from intake.models import Case, Handling
from mediation.models import Agreement, Confirmation, Instalment, Mediation, Mediator, Room, Session
from referrals.models import Document
from tests.models import office
from tests.models.matters import Matter
from tests.models.rows import Deal, Limit, Meeting, Named, Paper, Part, Ruling, Talk, Task, Work
from tests.models.sight import sees_case
from zhongzhi.accounts.models import User


@dataclass(eq=False, repr=False)
class Found(Named):
    """A hazard found in the field, not yet a case."""

    pk: int
    author: str
    place: str
    risk: str
    handed_on: bool = False


@dataclass
class Model:
    """Everything the model knows: the cases, what hangs on them, and the time."""

    now: datetime = office.FIRST_MORNING
    swept: datetime = office.FIRST_MORNING
    matters: list[Matter] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    hazards: list[Found] = field(default_factory=list)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def cases(self) -> list[Matter]:
        return [matter for matter in self.matters if matter.status != "draft"]

    @property
    def drafts(self) -> list[Matter]:
        return [matter for matter in self.matters if matter.status == "draft"]

    @property
    def works(self) -> list[tuple[Matter, Work]]:
        return [(matter, work) for matter in self.cases for work in matter.works]

    @property
    def tasks(self) -> list[tuple[Matter, Task]]:
        return [(matter, task) for matter in self.cases for task in matter.tasks]

    @property
    def talks(self) -> list[Talk]:
        return [talk for matter in self.cases for talk in matter.talks]

    @property
    def meetings(self) -> list[Meeting]:
        return [meeting for talk in self.talks for meeting in talk.meetings]

    @property
    def deals(self) -> list[Deal]:
        return [deal for talk in self.talks for deal in talk.deals]

    @property
    def parts(self) -> list[tuple[Deal, Part]]:
        return [(deal, part) for deal in self.deals for part in deal.parts]

    @property
    def rulings(self) -> list[tuple[Deal, Ruling]]:
        return [(deal, ruling) for deal in self.deals for ruling in deal.rulings]

    def settle_papers(self) -> None:
        """A slip is done with as its work is; what is not signed about a case at rest is dropped."""
        gone = ("withdrawn", "guided", "merged", "archived")
        for paper in self.papers:
            if paper.is_slip and paper.work and not paper.work.open and paper.status in ("issued", "received"):
                paper.status = "returned" if paper.work.why == "returned" else "done"
            unsigned = paper.status in ("draft", "review", "ready")
            if unsigned and paper.matter is not None and paper.matter.status in gone:
                paper.status = "discarded"

    @property
    def nothing(self) -> list[None]:
        """For acts that are on nothing that is there."""
        return [None]

    def is_late(self, start: datetime, kind: str, matter: Matter) -> bool | None:
        """Whether a limit that began at `start` has passed; None where only the program knows."""
        found = office.limit_of(kind, complexity=matter.complexity, tier=matter.tier, channel=matter.channel)
        assert found is not None
        last = office.due(start, *found)
        return None if last is None else self.now > last


@dataclass
class Product:
    """The program as the walk calls it: the rows behind what the model knows."""

    users: dict[str, User]
    organisations: dict[str, Organisation]
    bodies: dict[str, Any]
    rooms: dict[str, Room]
    mediators: dict[str, list[Mediator]]

    def case(self, matter: Matter) -> Case:
        return Case.objects.get(pk=matter.pk)

    def handling(self, work: Work) -> Handling:
        return Handling.objects.get(pk=work.pk)

    def mediation(self, talk: Talk) -> Mediation:
        return Mediation.objects.select_related("case").get(pk=talk.pk)

    def session(self, meeting: Meeting) -> Session:
        return Session.objects.select_related("mediation__case").get(pk=meeting.pk)

    def agreement(self, deal: Deal) -> Agreement:
        return Agreement.objects.select_related("mediation__case").get(pk=deal.pk)

    def instalment(self, part: Part) -> Instalment:
        return Instalment.objects.select_related("obligation__agreement__mediation__case").get(pk=part.pk)

    def confirmation(self, ruling: Ruling) -> Confirmation:
        return Confirmation.objects.select_related("agreement__mediation__case").get(pk=ruling.pk)

    def document(self, paper: Paper) -> Document:
        return Document.objects.select_related("case", "handling").get(pk=paper.pk)

    def hazard(self, found: Found) -> Hazard:
        return Hazard.objects.get(pk=found.pk)

    @property
    def today(self) -> date:
        return timezone.localdate()


class Act:
    """One act. `on` names the list of the model that its subjects come from."""

    on: ClassVar[str] = "cases"
    weight: ClassVar[int] = 2

    def subjects(self, m: Model) -> Sequence[Any]:
        found: Sequence[Any] = getattr(m, self.on)
        return found

    def options(self, m: Model, subject: Any) -> Sequence[Any]:
        """What may be chosen with it."""
        return [None]

    def allowed(self, m: Model, who: str, subject: Any, option: Any) -> bool | None:
        """Whether it must go through; None where only the program knows (a moment that the model does not reckon)."""
        raise NotImplementedError

    def run(self, p: Product, who: User, subject: Any, option: Any) -> Any:
        """Do it."""
        raise NotImplementedError

    def then(self, m: Model, who: str, subject: Any, option: Any, result: Any) -> None:
        """What it did, as the model sees it."""

    def __repr__(self) -> str:
        return type(self).__name__


ACTS: list[Act] = []


def act(kind: type[Act]) -> type[Act]:
    """Let the walk take this act."""
    ACTS.append(kind())
    return kind


def seen_open(m: Model, who: str, but: Matter) -> list[Matter]:
    """Other cases in a person's sight."""
    return [other for other in m.cases if other is not but and sees_case(who, other)]


def asked_for(matter: Matter) -> list[Limit]:
    """Limits with an extension that was asked for and not decided."""
    return [limit for limit in matter.limits if limit.asked]
