"""How a hazard is held and moved; for the acts on it only."""

from grids.extension_points import follow_hazard
from grids.lifecycle import HAZARD_LIFECYCLE, HazardEvent, HazardState
from grids.models import Hazard, HazardStep
from zhongzhi.accounts.models import User

NOT_THERE = "只有在这个网格工作的人员和上级综治中心可以办理。"


def locked(hazard: Hazard) -> Hazard:
    """The hazard, read again and locked."""
    return Hazard.objects.select_for_update(of=("self",)).select_related("territory", "reported_by").get(pk=hazard.pk)


def move_hazard(hazard: Hazard, event: HazardEvent, actor: User | None, reason: str, *fields: str) -> None:
    """The one place that sets the state of a hazard, and appends the step."""
    before = HazardState(hazard.status)
    hazard.status = HAZARD_LIFECYCLE.target(before, event)
    hazard.save(update_fields=["status", *fields])
    HazardStep.objects.create(
        hazard=hazard, event=event, from_status=before, to_status=hazard.status, actor=actor, reason=reason
    )
    follow_hazard(hazard)
