"""Acts as people and programs call them: one declaration each, in one table for what they are done on.

An act says its name, label and icon, who may do it now, what it takes and the action behind it. Dialogs, the API's
addresses and what a person is offered are made from it.
"""

from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from django import forms

from zhongzhi.core.errors import DomainError, NotFound, VersionConflict
from zhongzhi.web.shapes import NOTHING, Shape, ShapeForm

SituationT = TypeVar("SituationT")


@dataclass(frozen=True)
class Asked:
    """What somebody asked for, shown in the dialog in which it is decided."""

    who: str
    what: str
    why: str


@dataclass(frozen=True, eq=False)
class Act(Generic[SituationT]):
    """One act. `allowed` joins permission and circumstances; `event` is its move in the lifecycle, None for acts that
    leave the state alone. `run` is the action, None for an act that an app above does with what only it has.

    `takes` is what page and API hand in; `asks` makes it less for a person who may do the act and not all of it;
    `api` stands for it where the API takes something else on purpose. Of the acts that are open the one with the
    lowest `rank` is the primary one. `asked` is what is decided by the act, `limits` the time limits that it will
    set, told before it is done. The API names it by `summary` where the label says too little. An outside system
    needs `scope` for it; without one it is the office's alone. A dialog that `names_parties` opens only for who sees
    their names. With an act that `leaves`, its subject goes out of sight of who does it, so page and API may have
    nothing more to show of it.
    """

    name: str
    label: str
    icon: str
    allowed: Callable[[SituationT], bool]
    run: Callable[..., Any] | None
    takes: Shape = NOTHING
    _: KW_ONLY
    event: Enum | None = None
    api: Shape | None = None
    in_api: bool = True
    rank: int = 0
    scope: str = ""
    danger: bool = False
    names_parties: bool = False
    leaves: bool = False
    asks: Callable[[SituationT], Shape] | None = None
    asked: Callable[[SituationT], Asked | None] | None = None
    limits: Callable[[SituationT], list[tuple[str, datetime]]] | None = None
    done: str = ""
    summary: str = ""
    description: str = ""

    @property
    def api_shape(self) -> Shape:
        """What the API takes."""
        return self.api or self.takes

    def do(self, subject: Any, /, *, actor: Any, **arguments: Any) -> Any:
        """Do it; what the action returns. LookupError for an act that is done in an app above."""
        if self.run is None:
            raise LookupError(f"{self.name} is done elsewhere")
        return self.run(subject, actor=actor, **arguments)

    @property
    def done_message(self) -> str:
        """What is so now that it is done, as the page says it."""
        return self.done or f"已{self.label}。"


class ActTable(Generic[SituationT]):
    """The acts on one kind of thing. `moves` answers whether its lifecycle has an event now; `confirm` asks before an
    act that takes nothing; the input of `versioned` things carries the version that the person looked at."""

    def __init__(
        self,
        *acts: Act[SituationT],
        moves: Callable[[SituationT, Any], bool] | None = None,
        confirm: str = "确认办理“{label}”？",
        versioned: bool = True,
    ) -> None:
        """In the order of their ranks; those of one rank in the order given."""
        self._acts = tuple(sorted(acts, key=lambda act: act.rank))
        self._moves, self._confirm, self.versioned = moves, confirm, versioned

    def __iter__(self) -> Iterator[Act[SituationT]]:
        return iter(self._acts)

    def is_open(self, act: Act[SituationT], situation: SituationT) -> bool:
        """Whether it may be done now."""
        if act.event is not None and self._moves is not None and not self._moves(situation, act.event):
            return False
        return act.allowed(situation)

    def available(self, situation: SituationT) -> list[Act[SituationT]]:
        """What may be done now; the first is the one that is usually next."""
        return [act for act in self._acts if self.is_open(act, situation)]

    def named(self, name: str) -> Act[SituationT]:
        """An act that is done here, by its name in addresses; NotFound for none."""
        for act in self._acts:
            if act.name == name and act.run is not None:
                return act
        raise NotFound("没有这项操作。")

    def confirmation(self, act: Act[SituationT]) -> str:
        """What the dialog asks where there is nothing to fill in."""
        return self._confirm.format(label=act.label)

    def form(
        self, act: Act[SituationT], subject: Any, data: Any = None, files: Any = None, *, for_: SituationT | None = None
    ) -> "ActForm":
        """The form of an act on a subject, for the person of a situation where it asks them for less."""
        shape = act.takes if act.asks is None or for_ is None else act.asks(for_)
        return ActForm(data, files, shape=shape, subject=subject, versioned=self.versioned)


class ActForm(ShapeForm):
    """The input of one act on one subject, and the version of it that the person looked at."""

    def __init__(self, data: Any = None, files: Any = None, *, shape: Shape, subject: Any, versioned: bool) -> None:
        """The form knows its subject: for what may be chosen, and for what stands there already."""
        self.shape = shape
        super().__init__(data, files, subject=subject)
        self._versioned = versioned
        if versioned:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
            self.initial["version"] = subject.version

    def arguments(self) -> dict[str, Any]:
        """The action's arguments, the version among them."""
        version = {"version": self.cleaned_data["version"]} if self._versioned else {}
        return super().arguments() | version

    def refuse_for(self, error: DomainError) -> None:
        """Show a refusal; after a conflict the newer version is taken up, and nothing typed is lost."""
        self.refuse(error.errors, error.message)
        if self._versioned and isinstance(error, VersionConflict):
            self.data = {**self.data.dict(), "version": self.subject.version}  # type: ignore[attr-defined]
