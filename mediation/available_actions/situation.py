"""What the acts of mediation look at: a person, and what something is done on."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from mediation.actions._locking import why_over
from mediation.models import Agreement, Confirmation, Instalment, Mediation, Session
from mediation.permissions import may_mediate
from zhongzhi.accounts.models import User

Subject = Mediation | Session | Agreement | Instalment | Confirmation
SubjectT = TypeVar("SubjectT")


@dataclass(frozen=True)
class Situation(Generic[SubjectT]):
    """A person before something of a mediation, or before a case."""

    user: User
    subject: SubjectT
    known: dict[str, Any] = field(default_factory=dict, compare=False)
    """What several acts ask for, looked up once."""


def mediation_of(subject: Subject) -> Mediation:
    """The mediation that something belongs to."""
    if isinstance(subject, Mediation):
        return subject
    if isinstance(subject, Instalment):
        return subject.obligation.agreement.mediation
    if isinstance(subject, Confirmation):
        return subject.agreement.mediation
    return subject.mediation


def leads(user: User, subject: Subject) -> bool:
    """Leads the mediation that it belongs to."""
    return may_mediate(user, mediation_of(subject))


def goes_on(user: User, mediation: Mediation) -> bool:
    """The mediation goes on, and the person leads it."""
    return why_over(mediation) is None and may_mediate(user, mediation)
