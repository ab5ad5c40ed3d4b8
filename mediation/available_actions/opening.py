"""Acts on a case that begin a mediation: opened before a body, or settled at the window at once."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from grids.models import Organisation, OrganisationKind
from intake.fields import OrganisationKey
from intake.lifecycle import State as CaseState
from intake.models import Case
from intake.permissions import may_settle_at_window
from mediation import actions
from mediation.actions import Opening
from mediation.actions.at_window import why_not_at_window
from mediation.actions.choices_to_open import bodies_to_open, mediators_to_open
from mediation.actions.opening import ENTRUSTING, MODES_OF_BODY, may_open_now
from mediation.available_actions.situation import Situation
from mediation.fields import Mediators
from mediation.lifecycle import OPEN_STATES
from mediation.models import (
    Body,
    Mediation,
    Mediator,
    Mode,
    Origin,
    Team,
)
from mediation.queries.visibility import courts_in_reach, teams
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable
from zhongzhi.web.forms import NOTHING_CHOSEN
from zhongzhi.web.shapes import (
    Ask,
    Choice,
    Line,
    RowChoice,
    Shape,
    Text,
)


def _bodies(s: Situation[Case]) -> dict[Body, tuple[Mode, ...]]:
    if "bodies" not in s.known:
        s.known["bodies"] = bodies_to_open(s.subject)
    return s.known["bodies"]  # type: ignore[no-any-return]


def _opens(s: Situation[Case]) -> bool:
    return may_open_now(s.user, s.subject) and bool(_bodies(s))


def _entrusting(case: Case) -> Iterable[Organisation]:
    return courts_in_reach(case.centre, OrganisationKind.COURT, OrganisationKind.POLICE_STATION)


def _origins(case: Case) -> list[tuple[str, str]]:
    """Where a matter may come from: from a court or the police only where there is one in reach that hands it over."""
    kinds = {kind for kind, _ in ENTRUSTING.values()}
    near = set(courts_in_reach(case.centre, *kinds).values_list("kind", flat=True))
    return [(o.value, o.label) for o in Origin if o not in ENTRUSTING or ENTRUSTING[o][0] in near]


def _teams(case: Case) -> Iterable[Team]:
    return teams()


def _modes(case: Case) -> list[tuple[str, str]]:
    """Each mode that is open to the case, with the bodies that mediate so where not all do."""
    bodies, found = bodies_to_open(case), []
    for mode in Mode:
        able = [body.organisation.short_name for body, modes in bodies.items() if mode in modes]
        if able:
            names = "" if len(able) == len(bodies) else f"（{'、'.join(able[:3])}{'等' if len(able) > 3 else ''}）"
            found.append((mode.value, f"{mode.label}{names}"))
    return found


def _open(case: Case, *, actor: User, mediators: list[Mediator], mode: str, **given: Any) -> Mediation:
    """The body is that of the first mediator, and says how it mediates unless something else is chosen."""
    body = mediators[0].body
    usual = next(iter(bodies_to_open(case).get(body, MODES_OF_BODY[body.kind])))
    opening = Opening(body=body, mode=mode or str(usual), mediators=mediators, **given)
    return actions.open_mediation(case, opening, actor=actor)


def _at_window(s: Situation[Case]) -> bool:
    """A simple case that nobody but the centre has in hand, at its window."""
    case = s.subject
    waits = case.status in (CaseState.REGISTERED, CaseState.ACCEPTED)
    ours = case.status == CaseState.HANDLING and case.holder_id == case.centre_id
    if not (waits or ours) or not may_settle_at_window(s.user, case):
        return False
    free = not case.mediations.filter(status__in=OPEN_STATES).exists()
    return free and why_not_at_window(case) is None and bool(_bodies(s))


def _mediate_at_window(
    case: Case, *, actor: User, mediators: list[Mediator], mode: str, record: str, place: str
) -> Mediation:
    body = mediators[0].body
    usual = next(iter(bodies_to_open(case).get(body, MODES_OF_BODY[body.kind])))
    given = {"mode": mode or str(usual), "record": record, "place": place}
    return actions.mediate_at_window(case, actor=actor, mediators=mediators, **given)


OPENING = Shape(
    "OpeningIn",
    "The body is that of the first mediator.",
    mediators=Mediators("调解员", mediators_to_open, told_here=("body",)),
    mode=Choice("调解方式", Mode, offered=_modes, page=Ask.OPTIONAL, empty="按调解组织的类型"),
    origin=Choice("来源", Origin, offered=_origins),
    entrusted_by=RowChoice(
        "委派（移交）单位",
        _entrusting,
        reads=attrgetter("name"),
        empty="（无）",
        required=False,
        nullable=True,
        key=OrganisationKey,
        help_text="法院委派委托、公安移交的必填",
        api_help="法院委派委托、公安移交时必填",
    ),
    team=RowChoice("联动模式", _teams, empty=NOTHING_CHOSEN, required=False),
)

AT_WINDOW = Shape(
    mediators=OPENING["mediators"],
    mode=OPENING["mode"],
    record=Text("调解记录", longest=20000, rows=5, help_text="各方已到场并同意调解；谁说了什么、怎样商定"),
    place=Line("地点", required=False, longest=120, help_text="不填的为本中心窗口"),
)

CASE_ACTS: ActTable[Situation[Case]] = ActTable(
    Act(
        "mediate",
        "转入调解",
        "users",
        _opens,
        _open,
        OPENING,
        rank=62,
        done="调解已开启，请记录各方意愿。",
        summary="开启调解",
        description="Let a body mediate a case.",
    ),
    Act(
        "mediate-now",
        "当场调解",
        "bolt",
        _at_window,
        _mediate_at_window,
        AT_WINDOW,
        rank=63,
        done="各方意愿和调解记录已登记，请起草协议。",
        in_api=False,
    ),
    versioned=False,
)
