"""Which acts may be done on many cases at once, whom they concern, and in which states a case takes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grids.roles import Capability
from grids.scope import scope_of
from intake.available_actions import ACTS, Situation
from intake.available_actions.triage import ACCEPTANCE
from intake.available_actions.work_notes import NOTE_ON_WORK
from intake.lifecycle import LIFECYCLE, OPEN_STATES, State
from intake.models import Case
from intake.permissions import at_window
from intake.queries import suggested_lead
from referrals.available_actions import CASE_ACTS
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound, PermissionDenied
from zhongzhi.web.act_table import Act, ActForm, ActTable
from zhongzhi.web.shapes import Shape

MOST = 100
"""Cases in one go."""


@dataclass(frozen=True)
class BulkAct:
    """One act for many: the table it stands in, what it asks where that is less than for one (what each case has of its
    own, its grade and category, stays), and what fills a field that was left empty for a case."""

    name: str
    table: ActTable[Any]
    concerns: Callable[[User], bool]
    takes: Shape | None = None
    also_in: tuple[State, ...] = ()
    hint: str = ""
    fills: str = ""
    filling: Callable[[Case], tuple[str, str] | None] | None = None

    @property
    def act(self) -> Act[Any]:
        """The act itself."""
        return self.table.named(self.name)

    def form(self, situation: Situation, *given: Any) -> ActForm:
        """What is asked, for one of the cases."""
        if self.takes is not None:
            return ActForm(*given, shape=self.takes, subject=situation.case, versioned=self.table.versioned)
        form = self.table.form(self.act, situation.case, *given, for_=situation)
        if self.fills:
            form.fields[self.fills].must = False  # type: ignore[attr-defined]
            form.initial.pop(self.fills, None)
        return form

    @property
    def states(self) -> tuple[State, ...]:
        """The states in which the page offers it; the act itself decides for each case."""
        event = next((known.event for known in ACTS if known.name == self.name), None)
        return self.also_in or tuple(state for state in State if event and LIFECYCLE.allows(state, event))  # type: ignore[arg-type]


def _sorts(user: User) -> bool:
    return scope_of(user).may_at_some_centre(Capability.SORT)


def _handles(user: User) -> bool:
    return scope_of(user).may(Capability.HANDLE)


def _lead(case: Case) -> tuple[str, str] | None:
    """The organisation suggested for a case: its number and why."""
    found = suggested_lead(case)
    return None if found is None else (str(found.organisation.pk), f"{found.organisation.short_name}（{found.why}）")


NOTE = Shape(note=ACCEPTANCE["note"])
WORK_NOTE = Shape(**{name: NOTE_ON_WORK[name] for name in ("on", "kind", "text", "citizen_line")})
IN_HAND = (State.DISPATCHED, State.HANDLING)
BULK_ACTS = (
    BulkAct("accept", ACTS, at_window, NOTE),
    BulkAct(
        "dispatch",
        CASE_ACTS,
        _sorts,
        hint="承办单位不填的，逐件交给建议的单位；没有建议单位的不交办。",
        fills="organisation",
        filling=_lead,
    ),
    BulkAct("take-up", ACTS, _sorts),
    BulkAct("sign", ACTS, _handles),
    BulkAct("write-note", ACTS, lambda user: _sorts(user) or _handles(user), WORK_NOTE, also_in=OPEN_STATES),
    BulkAct("entrust", ACTS, _handles, also_in=(State.HANDLING,)),
    BulkAct("urge", ACTS, _sorts, also_in=IN_HAND),
    BulkAct("close", ACTS, at_window),
    BulkAct("follow-up", ACTS, at_window, also_in=(State.CLOSED,)),
    BulkAct("archive", ACTS, _sorts),
)


def bulk_acts_for(user: User) -> list[BulkAct]:
    """Those that concern this person, in the order of the work."""
    return [bulk for bulk in BULK_ACTS if bulk.concerns(user)]


def bulk_act_for(user: User, name: str) -> BulkAct:
    """One of them; NotFound for none, PermissionDenied for one that is not this person's."""
    bulk = next((known for known in BULK_ACTS if known.name == name), None)
    if bulk is None:
        raise NotFound("没有这项批量操作。")
    if not bulk.concerns(user):
        raise PermissionDenied("您的岗位不办理这一项。")
    return bulk
