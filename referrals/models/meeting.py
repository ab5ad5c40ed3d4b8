"""Meetings of joint handling (联席会议、会商)."""

from django.conf import settings
from django.db import models

from grids.models import Organisation
from intake.coordination.models import Task
from intake.models import Case


class Meeting(models.Model):
    """One meeting about one case: when, where, who came, what was decided; decisions become tasks."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=100)
    present = models.ManyToManyField(Organisation, verbose_name="参加单位", related_name="+")
    people = models.CharField("参加人员", max_length=500, blank=True)
    decided = models.TextField("议定事项", max_length=5000)
    tasks = models.ManyToManyField(Task, related_name="meetings")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "联席会议"
        verbose_name_plural = "联席会议"
        ordering = ["held_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.held_at:%Y-%m-%d}"
