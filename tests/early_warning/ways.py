"""Ways to matters that a warning is raised of, by the acts a person would use."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from early_warning import actions
from early_warning.models import RuleKind, Warning, WarningRule
from early_warning.queries import rules_in_force
from intake.entries import PartyEntry
from intake.models import Case, Risk
from tests.intake import ways
from tests.people import Ground

VILLAGE = "150526103200"


def quarrel(ground: Ground, a: str = "岳长顺", b: str = "付海波", **changes: Any) -> Case:
    """One matter between two sides at 五家子村, their names alone."""
    parties = (PartyEntry(name=a), PartyEntry(side="respondent", name=b))
    return ways.registered(ground, **({"parties": parties, "narrative": "两家又吵了起来。"} | changes))


def three_quarrels(ground: Ground) -> list[Case]:
    """The third is graver than the first."""
    cases = [quarrel(ground), quarrel(ground, "付海波", "岳长顺"), quarrel(ground, risk=Risk.YELLOW)]
    return [Case.objects.get(pk=case.pk) for case in cases]


def swept(*cases: Case) -> int:
    """Have the sweep look at these cases now."""
    actions.note_cases([case.pk for case in cases])
    return actions.look_at_changes(timezone.now() + timedelta(seconds=1))


def rule(kind: RuleKind) -> WarningRule:
    return rules_in_force(timezone.localdate(), kind)[0]


def raised(kind: RuleKind) -> Warning:
    return Warning.objects.get(kind=kind)
