"""The life of a warning: raised, confirmed or dismissed by a person, and looked at again until it is over."""

from django.db import models

from zhongzhi.core.lifecycle import Lifecycle


class State(models.TextChoices):
    OPEN = "open", "待核实"
    CONFIRMED = "confirmed", "属实"
    DISMISSED = "dismissed", "已排除"
    ENDED = "ended", "已跟踪完毕"


class Event(models.TextChoices):
    RAISE = "raise", "预警"
    GROW = "grow", "又有新情况"
    CONFIRM = "confirm", "核实属实"
    DISMISS = "dismiss", "排除"
    END = "end", "跟踪完毕"


LIFECYCLE: Lifecycle[State, Event] = Lifecycle(
    {
        (State.OPEN, Event.GROW): State.OPEN,
        (State.CONFIRMED, Event.GROW): State.CONFIRMED,
        (State.OPEN, Event.CONFIRM): State.CONFIRMED,
        (State.OPEN, Event.DISMISS): State.DISMISSED,
        (State.CONFIRMED, Event.DISMISS): State.DISMISSED,
        (State.CONFIRMED, Event.END): State.ENDED,
    }
)
LIVE = (State.OPEN, State.CONFIRMED)
"""What grows with new evidence instead of being raised once more."""
