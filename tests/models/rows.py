"""What hangs on a case, as the model keeps it: work, limits, tasks, mediations, agreements, papers."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.models.matters import Matter


class Named:
    """What the walk prints of a row when it tells a story that went wrong."""

    pk: int

    def __repr__(self) -> str:
        return f"{type(self).__name__.lower()} {self.pk}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


@dataclass(eq=False, repr=False)
class Work(Named):
    """One organisation's piece of work on a case; `pk` is its row, once it is known. It `asked_back` once, and `waits`
    for what the manager says to it. What goes on `anew` after a review has no slip of its own."""

    org: str
    kind: str
    part: str
    opened: datetime
    signed: bool = False
    open: bool = True
    why: str = ""
    asked_back: bool = False
    waits: bool = False
    refuser: str = ""
    anew: bool = False
    pk: int = 0


@dataclass(eq=False, repr=False)
class Limit:
    """A time limit that runs. `due` is None where only the program knows it: after a rest, beyond the plain weeks."""

    kind: str
    work: Work | None
    start: datetime
    amount: int
    unit: str
    due: datetime | None
    most: int = 0
    extended: int = 0
    asked: bool = False
    asker: str = ""


@dataclass(eq=False, repr=False)
class Task(Named):
    """Something an organisation is to do for a case."""

    work: Work
    pk: int
    open: bool = True


@dataclass(eq=False, repr=False)
class Part(Named):
    """One thing owed by an agreement."""

    pk: int
    due_on: date
    performed: bool = False
    released: bool = False
    broken: bool = False


@dataclass(eq=False, repr=False)
class Ruling(Named):
    """An application for judicial confirmation."""

    pk: int
    status: str = "applied"
    extended: bool = False


@dataclass(eq=False, repr=False)
class Deal(Named):
    """An agreement."""

    pk: int
    talk: "Talk"
    status: str = "draft"
    form: str = "written"
    signed: bool = False
    parts: list[Part] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    confirmed: bool = False
    confirm_by: date | None = None


@dataclass(eq=False, repr=False)
class Meeting(Named):
    """A session of a mediation, with the time it takes."""

    pk: int
    talk: "Talk"
    starts: datetime
    ends: datetime
    status: str = "planned"


@dataclass(eq=False, repr=False)
class Talk(Named):
    """A mediation."""

    pk: int
    matter: "Matter"
    org: str
    mode: str
    limit: str
    work: Work
    status: str = "opened"
    deals: list[Deal] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    was_held: bool = False

    @property
    def is_open(self) -> bool:
        return self.status in ("opened", "running")

    @property
    def is_on_file(self) -> bool:
        """Whether its file is complete: it is over; where all sides consented a meeting was held; what was agreed was
        done or led on elsewhere, and no court has still to rule."""
        if self.is_open or (self.was_held and not any(meeting.status == "held" for meeting in self.meetings)):
            return self.status == "cancelled"
        owed = self.deal.parts if self.deal and self.status == "agreed" else []
        waits = any(ruling.status in ("applied", "accepted") for deal in self.deals for ruling in deal.rulings)
        return self.status == "cancelled" or (all(part.performed or part.released for part in owed) and not waits)

    @property
    def deal(self) -> Deal | None:
        """The agreement that counts now."""
        return next((deal for deal in self.deals if deal.status != "replaced"), None)


@dataclass(eq=False, repr=False)
class Paper(Named):
    """A slip or letter."""

    pk: int
    kind: str
    issuer: str
    addressee: str | None
    author: str | None
    matter: "Matter | None"
    work: Work | None = None
    status: str = "draft"
    was_signed: bool = False
    signer: str = ""
    answer_open: bool = False
    answerer: str = ""
    extended: int = 0
    asked: bool = False
    asker: str = ""

    @property
    def is_slip(self) -> bool:
        """Handed out with a piece of work: signed for, returned and answered as the case is."""
        return self.kind == "dispatch" and self.work is not None
