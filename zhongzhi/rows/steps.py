"""Steps: who did it, when, from what to what, why. The history of everything that moves is made of them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Step(models.Model):
    """One step, only ever added: who took it (the clock, where empty), when and why."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField("理由", blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]


class StatusStep(Step):
    """A step from one state to another by an event of the lifecycle that the table names.

    What is only made, or noted without a move, has no event or keeps its state; before the first step there is none.
    """

    events: ClassVar[type[models.TextChoices]]
    states: ClassVar[type[models.TextChoices]]

    event = models.CharField("事项", max_length=12, blank=True)
    from_status = models.CharField("原状态", max_length=12, blank=True)
    to_status = models.CharField("新状态", max_length=12)

    class Meta(Step.Meta):
        abstract = True

    def get_event_display(self) -> str:
        """The event in the words of the office; empty where there is none."""
        return str(self.events(self.event).label) if self.event else ""
