"""The time limits that an act will set, as its dialog tells them before it is done."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from intake.available_actions.situation import Situation
from intake.deadlines.models import ClockKind
from intake.deadlines.queries import due_if_started


def sets_limits(*kinds: ClockKind) -> Callable[[Situation], list[tuple[str, datetime]]]:
    """Each of these limits with the moment it would end if the act were done now."""

    def limits(situation: Situation) -> list[tuple[str, datetime]]:
        ends = [(str(kind.label), due_if_started(situation.case, kind, at=timezone.now())) for kind in kinds]
        return [(label, due) for label, due in ends if due is not None]

    return limits
