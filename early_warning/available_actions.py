"""What may be done with a warning now, by its name in addresses: pages and API ask here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from early_warning import actions
from early_warning.forms import DECIDING, TURNING, WarningForm
from early_warning.lifecycle import LIFECYCLE, LIVE, Event, State
from early_warning.models import Response, Warning
from early_warning.permissions import may_decide
from early_warning.queries import cases_behind, hazards_behind
from grids.queries import grids_below
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound

LABELS = {
    "confirm": "属实，跟踪",
    "dismiss": "排除",
    "visit": "安排走访",
    "item": "提请今天的碰头会",
    "letter": "拟发提醒、督办",
    "task": "下达任务",
    "case": "排查转为案件",
}
DECISIONS: dict[str, Callable[..., Warning]] = {
    "confirm": actions.confirm_warning,
    "dismiss": actions.dismiss_warning,
}
EVENTS = {"confirm": Event.CONFIRM, "dismiss": Event.DISMISS}


@dataclass(frozen=True)
class Offered:
    """One act with its form."""

    name: str
    label: str
    form: WarningForm


def offered(user: User, warning: Warning) -> list[Offered]:
    """What this person may do with it now; nothing for who does not decide."""
    if not may_decide(user, warning):
        return []
    found = [name for name in DECISIONS if LIFECYCLE.allows(State(warning.status), EVENTS[name])]
    if warning.status in LIVE:
        found += list(TURNING)
    forms = [Offered(name, LABELS[name], form_of(name, user, warning)) for name in found]
    return [one for one in forms if not _is_empty(one.form)]


def form_of(name: str, user: User, warning: Warning, data: Any = None) -> WarningForm:
    """The form of an act; NotFound for a name that is none."""
    kind = DECIDING.get(name) or TURNING.get(name)
    if kind is None:
        raise NotFound("没有这项操作。")
    fields = kind.base_fields
    cases = cases_behind(user, warning) if "case" in fields else None
    hazards = hazards_behind(user, warning) if "hazard" in fields else None
    grids = list(grids_below(warning.territory)) if "grid" in fields else None
    return kind(data, cases=cases, hazards=hazards, grids=grids)


def act(
    name: str, warning: Warning, *, actor: User, version: int | None = None, **arguments: Any
) -> Warning | Response:
    """Do it: a decision, or what is made of the warning."""
    if name in DECISIONS:
        return DECISIONS[name](warning, actor=actor, version=version, **arguments)
    return actions.TURNING[name](warning, actor=actor, **arguments)


def _is_empty(form: WarningForm) -> bool:
    """Whether it asks to choose among nothing."""
    return ("case" in form.fields and not form.cases) or ("hazard" in form.fields and not form.hazards)
