"""The life of a hazard: found, watched, solved on the spot, or handed on as a case."""

from django.db import models

from zhongzhi.core.lifecycle import Lifecycle


class HazardState(models.TextChoices):
    OPEN = "open", "待处置"
    WATCHED = "watched", "关注中"
    SOLVED = "solved", "已就地化解"
    HANDED_ON = "handed_on", "已转案件"


class HazardEvent(models.TextChoices):
    WATCH = "watch", "列入关注"
    SOLVE = "solve", "就地化解"
    HAND_ON = "hand_on", "转为案件"
    REOPEN = "reopen", "重新处置"
    GIVE_BACK = "give_back", "案件撤回，交还"


HAZARD_LIFECYCLE: Lifecycle[HazardState, HazardEvent] = Lifecycle(
    {
        (HazardState.OPEN, HazardEvent.WATCH): HazardState.WATCHED,
        (HazardState.OPEN, HazardEvent.SOLVE): HazardState.SOLVED,
        (HazardState.OPEN, HazardEvent.HAND_ON): HazardState.HANDED_ON,
        (HazardState.WATCHED, HazardEvent.WATCH): HazardState.WATCHED,
        (HazardState.WATCHED, HazardEvent.SOLVE): HazardState.SOLVED,
        (HazardState.WATCHED, HazardEvent.HAND_ON): HazardState.HANDED_ON,
        (HazardState.SOLVED, HazardEvent.REOPEN): HazardState.OPEN,
        (HazardState.HANDED_ON, HazardEvent.GIVE_BACK): HazardState.OPEN,
    }
)

UNSETTLED = (HazardState.OPEN, HazardState.WATCHED)
