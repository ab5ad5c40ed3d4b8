"""What a person may do now in a mediation: every act declared once, for pages and API, by what it is done on."""

from typing import Any

from intake.models import Case
from mediation.available_actions.agreements import AGREEMENT_ACTS, CONFIRMATION_ACTS, INSTALMENT_ACTS
from mediation.available_actions.mediations import MEDIATION_ACTS
from mediation.available_actions.opening import CASE_ACTS
from mediation.available_actions.planned_sessions import SESSION_ACTS
from mediation.available_actions.situation import Situation, Subject, mediation_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound
from zhongzhi.web.act_table import Act, ActTable

__all__ = [
    "AGREEMENT_ACTS",
    "CASE_ACTS",
    "CONFIRMATION_ACTS",
    "INSTALMENT_ACTS",
    "MEDIATION_ACTS",
    "SESSION_ACTS",
    "Situation",
    "Subject",
    "available_acts",
    "mediation_of",
    "names_of_case_acts",
    "table_of",
]

TABLES: dict[str, ActTable[Any]] = {
    "mediation": MEDIATION_ACTS,
    "session": SESSION_ACTS,
    "agreement": AGREEMENT_ACTS,
    "instalment": INSTALMENT_ACTS,
    "confirmation": CONFIRMATION_ACTS,
}


def table_of(kind: str) -> ActTable[Any]:
    """The acts on a kind of thing; NotFound for a kind that there is not."""
    if kind not in TABLES:
        raise NotFound("没有这项操作。")
    return TABLES[kind]


def names_of_case_acts(user: User, case: Case) -> list[str]:
    """The names of what this person may do with a case now that is done here."""
    return [act.name for act in CASE_ACTS.available(Situation(user, case)) if act.in_api]


def available_acts(user: User, subject: Subject) -> list[Act[Any]]:
    """What this person may do with it now, the usual next step first."""
    return table_of(type(subject).__name__.lower()).available(Situation(user, subject))
