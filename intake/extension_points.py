"""What apps above the case hang onto it.

Imports point down, so the case cannot call what follows an act of its own in an app above. Each such app adds it here,
in its `AppConfig.ready()` and nowhere else; there are no other hooks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Generic, TypeVar

from django.db.models import TextChoices

from intake.counting.declarations import Source
from intake.models import Case, Handling
from zhongzhi.accounts.models import User

T = TypeVar("T")


class ExtensionPoint(Generic[T]):
    """Things added once, when the program starts, and read ever after in the order they were added."""

    def __init__(self) -> None:
        self._added: list[T] = []

    def add(self, *things: T) -> None:
        """Add what is not there yet."""
        self._added += [thing for thing in things if thing not in self._added]

    def __iter__(self) -> Iterator[T]:
        return iter(self._added)


counted_sources: ExtensionPoint[Source] = ExtensionPoint()
"""Tables of other apps whose rows are counted beside the cases."""


case_acts: ExtensionPoint[Callable[[User, Case], list[str]]] = ExtensionPoint()
"""The names of the acts of other apps that a person may do with a case now."""


mediators_of_cases: ExtensionPoint[Callable[[Case], list[User]]] = ExtensionPoint()
"""The people who mediate a case now."""


case_followers: ExtensionPoint[Callable[[Case], None]] = ExtensionPoint()
"""What apps above look at, or write, in the act that registers a case: it must not wait for a sweep."""


def follow_registration(case: Case) -> Case:
    """Have everything done that follows at once; the case."""
    for follow in case_followers:
        follow(case)
    return case


@dataclass(frozen=True)
class DirectNotice:
    """One kind of message that goes to those alone who are asked for something, or whose request is answered: what it
    is about, and to whom it goes."""

    kind: str
    label: str
    who: str


direct_notices: ExtensionPoint[DirectNotice] = ExtensionPoint()
"""All such kinds of messages about a case and what hangs on it; docs/who-hears.md names them."""


class Way(TextChoices):
    """How a case, or a part of the work on it, comes to rest or changes hands."""

    WITHDRAW = "withdraw", "撤回"
    GUIDE = "guide", "导引"
    MERGE = "merge", "并案"
    CONCLUDE = "conclude", "反馈办理结果"
    ARCHIVE = "archive", "归档"
    SUSPEND = "suspend", "中止、挂账"
    ESCALATE = "escalate", "上提、交由下级"
    RETURN = "return", "退回"
    DROP_PART = "drop_part", "退回、解除协办"
    REPORT_PART = "report_part", "反馈协办"
    HAND_OUT = "hand_out", "协办改主办"


class Effect(TextChoices):
    """What becomes of something that hangs on a case that comes to rest."""

    ENDS = "ends", "结束"
    MOVES = "moves", "移交"
    RESTS = "rests", "停下"
    STAYS = "stays", "照旧"
    BARS = "bars", "先办完"
    NONE = "none", "—"


@dataclass(frozen=True)
class Leaving:
    """What is happening to a locked case: the way it comes to rest, by whom, why, and the piece of work it is about."""

    case: Case
    way: Way
    actor: User | None
    reason: str
    handling: Handling | None = None


Cells = Mapping[Way, tuple[Effect, str]]
"""For each way the effect, and in a few words how it comes about."""


@dataclass(frozen=True)
class Hanging:
    """One kind of thing that hangs on a case, and what becomes of it when the case comes to rest.

    `follow` is called with the case locked and moved, in the order in which kinds were added, for every way; `bar`
    says, in words that name the next step, what must be done before a way whose effect is `BARS`. `open_rows` are the
    keys of rows of a case that wait for something. Each of `invariants` is a sentence and the SQL that counts what
    breaks it.
    """

    name: str
    title: str
    cells: Cells
    _: KW_ONLY
    open_rows: Callable[[Case], list[int]]
    follow: Callable[[Leaving], None] | None = None
    bar: Callable[[Case, Way, Handling | None], str] | None = None
    go_on: Callable[[Leaving], None] | None = None
    invariants: Mapping[str, str] = field(default_factory=dict)

    def effect(self, way: Way) -> Effect:
        """What becomes of it."""
        return self.cells[way][0]


hangings: ExtensionPoint[Hanging] = ExtensionPoint()
"""All that hangs on a case. `go_on` of each is called when a way is undone: what was suspended, merged, taken back."""


def cells(words: Mapping[Way, str], **effects: tuple[Way, ...]) -> Cells:
    """The cells of a kind: the ways by their effect, `stays` for all others, with words where there is more to say."""
    known = {way: Effect(name) for name, ways in effects.items() for way in ways}
    return {way: (known.get(way, Effect.STAYS), words.get(way, "")) for way in Way}
