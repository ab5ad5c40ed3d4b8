"""What a detector finds: what it is about, how grave, on which matters it stands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from early_warning.models import LEVELS, WarningRule, rank_of
from grids.models import Hazard, Territory
from intake.models import Case


@dataclass(frozen=True)
class Sign:
    """One matter that speaks for a warning, when it happened, and why it counts in a few words."""

    matter: Case | Hazard
    at: datetime
    why: str = ""


@dataclass(frozen=True)
class Found:
    """What is to be warned of. `by_evidence`: a live warning that shares a matter grows, whatever its subject."""

    subject: str
    territory: Territory
    level: str
    signs: tuple[Sign, ...]
    figures: dict[str, object] = field(default_factory=dict)
    by_evidence: bool = False


@dataclass(frozen=True)
class Asked:
    """A matter that a rule is asked of, as things stood at a moment."""

    matter: Case | Hazard
    at: datetime


FoundOf = dict[int, Found]
"""What was found of the matters that were asked about, by their keys."""


def since(rule: WarningRule, at: datetime) -> datetime:
    """The beginning of the rule's window."""
    return at - timedelta(days=rule.window_days)


def at_least(level: str, other: str) -> str:
    """The graver of two levels: attention is raised, never lowered."""
    return max(level, other, key=rank_of)


def one_up(level: str) -> str:
    """The next graver level."""
    return LEVELS[min(rank_of(level) + 1, len(LEVELS) - 1)].value
