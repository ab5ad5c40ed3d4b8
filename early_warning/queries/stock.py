"""What is there already when warnings begin."""

from datetime import datetime

from grids.lifecycle import UNSETTLED
from grids.models import Hazard
from intake.lifecycle import State
from intake.models import Case


def cases_since(moment: datetime) -> list[int]:
    """The numbers of cases registered since."""
    rows = Case.objects.filter(registered_at__gte=moment).exclude(status=State.DRAFT)
    return list(rows.values_list("pk", flat=True))


def unsettled_hazards() -> list[int]:
    """The numbers of hazards that are open or watched."""
    return list(Hazard.objects.filter(status__in=UNSETTLED).values_list("pk", flat=True))
