"""What the letters of one batch look up once: kinds in force, the centres above others, the numbers of slips."""

from collections.abc import Sequence
from functools import cache

from django.utils import timezone

from grids.models import Organisation
from grids.queries import centre_above
from intake.models import Case
from referrals.escalation.queries import slip_numbers
from referrals.models import EscalationStep, RuleAction
from referrals.queries import kind_for

NAMES_SLIP = (RuleAction.REMIND, RuleAction.SUPERVISE, RuleAction.SUPERVISE_RED)
"""The letters that name the slip by which the late handling was given out."""


class BatchContext:
    """The look-ups that the letters of one batch share; kinds and centres are read when they are first needed."""

    def __init__(self, steps: Sequence[EscalationStep] = ()) -> None:
        """For the letters of these steps."""
        today = timezone.localdate()
        late = {s.lapse.handling_id for s in steps if s.lapse is not None and s.rule.does in NAMES_SLIP}
        self._slips = slip_numbers(pk for pk in late if pk is not None) if late - {None} else {}
        self._centre_above = cache(centre_above)
        self.kind = cache(lambda purpose: kind_for(purpose, on=today))

    def issuing_centre(self, step: EscalationStep, addressee: Organisation) -> Organisation | None:
        """Which centre writes to who was late; about no single case, the one that issued the unanswered letter."""
        if step.case is None:
            assert step.document is not None
            return step.document.issuer
        return self.supervising_centre(step.case, addressee)

    def supervising_centre(self, case: Case, organisation: Organisation) -> Organisation | None:
        """The centre that answers for the case; for that centre itself, the one above (None at the top)."""
        assert case.centre is not None
        return self._centre_above(case.centre) if organisation.pk == case.centre_id else case.centre

    def slip_number(self, step: EscalationStep) -> str:
        """The number of the slip by which the late handling was given out; empty where there was none."""
        return self._slips.get(step.lapse.handling_id or 0, "") if step.lapse is not None else ""
