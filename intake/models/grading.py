"""Changes of risk or complexity, each with its reason."""

from django.conf import settings
from django.db import models

from intake.models.case import Case
from intake.models.triggers import REFUSE
from zhongzhi.rows.marks import mark_of
from zhongzhi.rows.steps import Step
from zhongzhi.rows.triggers import append_only


class GradeChange(Step):
    """Risk sets the attention, complexity the handling limit: two axes, kept apart, both with history. People grade."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="grade_changes")
    field = models.CharField(max_length=10, choices=[("risk", "风险等级"), ("complexity", "难易程度")])
    old = models.CharField("原等级", max_length=10)
    new = models.CharField("新等级", max_length=10)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta(Step.Meta):
        verbose_name = "分级变更"
        verbose_name_plural = "分级变更"
        triggers = [
            *append_only("grade_change", REFUSE),
            mark_of("grade_change", "case", "field", "old", "new", "actor", "reason", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.field} {self.old}→{self.new}"
