"""Every change of a case's state: who, when, from, to, why."""

from django.conf import settings
from django.db import models

from grids.models import Organisation
from intake.lifecycle import Event, State
from intake.models.case import Case


class StatusChange(models.Model):
    """One step; appended by the lifecycle only, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="status_changes")
    event = models.CharField("事项", max_length=12, choices=Event)
    from_status = models.CharField("原状态", max_length=12, choices=State)
    to_status = models.CharField("新状态", max_length=12, choices=State)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField("说明", blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "状态变更"
        verbose_name_plural = "状态变更"
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["case", "at"]),
            models.Index(fields=["case"], condition=models.Q(event=Event.REOPEN), name="step_reopened"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.from_status}→{self.to_status}"
