"""What a person may do now with a case: every act declared once, for pages and API.

Each module declares the acts of one part of a case's life. What may be done now is the lifecycle's answer joined with
the permission's; acts that do not move the case say themselves when they make sense.
"""

from intake.available_actions.attention import ATTENTION
from intake.available_actions.closing import CLOSING
from intake.available_actions.guidance import GUIDING
from intake.available_actions.handling import HANDLING
from intake.available_actions.related import RELATED
from intake.available_actions.situation import Situation
from intake.available_actions.triage import TRIAGE
from intake.available_actions.work_notes import NOTING
from intake.extension_points import case_acts
from intake.lifecycle import LIFECYCLE, Event, State
from intake.models import Case
from intake.permissions import may_amend
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act, ActTable

__all__ = ["ACTS", "Situation", "act_named", "available_acts", "names_for_programs", "names_of_offers", "own_acts"]


def _moves(situation: Situation, event: Event) -> bool:
    return LIFECYCLE.allows(State(situation.case.status), event)


ACTS: ActTable[Situation] = ActTable(
    *TRIAGE,
    *GUIDING,
    *NOTING,
    *HANDLING,
    *CLOSING,
    *RELATED,
    *ATTENTION,
    moves=_moves,
    confirm="确认对这件案件办理“{label}”？",
)


def available_acts(user: User, case: Case) -> list[Act[Situation]]:
    """What this person may do with the case now; the first is the one that is usually next."""
    return ACTS.available(Situation(user, case))


def own_acts(user: User, case: Case) -> list[Act[Situation]]:
    """Those of them that are done here; the others are offered by the app that does them."""
    return [act for act in available_acts(user, case) if act.run is not None]


def names_of_offers(user: User, case: Case) -> list[str]:
    """The names of all acts of all apps that this person may do with the case now: what the page offers too."""
    others = [name for names in case_acts for name in names(user, case)]
    return [*(act.name for act in own_acts(user, case)), *others]


def names_for_programs(user: User, case: Case) -> list[str]:
    """The same, without what pages alone offer, with what they offer in other places.

    To supplement what was entered.
    """
    supplements = case.status != State.MERGED and may_amend(user, case)
    on_pages = {act.name for act in ACTS if not act.in_api}
    offered = [name for name in names_of_offers(user, case) if name not in on_pages]
    return [*offered, *(["supplement"] if supplements else [])]


def act_named(name: str) -> Act[Situation]:
    """An act of intake's own by its name in addresses; NotFound for none."""
    return ACTS.named(name)
