"""Every change of a case's state: who, when, from, to, why."""

from django.db import models

from grids.models import Organisation
from intake.lifecycle import Event, State
from intake.models.case import Case
from intake.models.triggers import REFUSE
from zhongzhi.rows.marks import mark_of
from zhongzhi.rows.steps import StatusStep
from zhongzhi.rows.triggers import append_only


class StatusChange(StatusStep):
    """One step of a case; appended by the lifecycle only."""

    events, states = Event, State

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="status_changes", db_index=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name="单位", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(StatusStep.Meta):
        verbose_name = "状态变更"
        verbose_name_plural = "状态变更"
        indexes = [
            models.Index(fields=["case", "at"]),
            models.Index(fields=["case"], condition=models.Q(event=Event.REOPEN), name="step_reopened"),
        ]
        triggers = [
            *append_only("status_change", REFUSE),
            mark_of(
                "status_change", "case", "organisation", "event", "from_status", "to_status", "actor", "reason", "at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.from_status}→{self.to_status}"
