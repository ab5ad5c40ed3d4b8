"""What the sweep of warnings has still to look at, how far it has read, and which days are done."""

from django.db import models
from django.db.models import Q

from grids.models import Hazard
from intake.models import Case


class DueMatter(models.Model):
    """A case or hazard that changed and was not looked at since. The row goes when it was."""

    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="+")
    hazard = models.OneToOneField(Hazard, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "待研判事项"
        verbose_name_plural = "待研判事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, hazard__isnull=True) | Q(case__isnull=True, hazard__isnull=False),
                name="due_matter_is_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id or self.hazard_id}"


class FeedPosition(models.Model):
    """Behind which change of the feed the sweep stands; one row."""

    name = models.CharField(max_length=20, unique=True)
    xid = models.BigIntegerField()
    case_id = models.BigIntegerField()

    class Meta:
        verbose_name = "预警读到的位置"
        verbose_name_plural = "预警读到的位置"

    def __str__(self) -> str:
        return f"{self.xid}:{self.case_id}"


class DayDone(models.Model):
    """That what is looked at once a day was looked at on a day."""

    name = models.CharField(max_length=20)
    day = models.DateField()

    class Meta:
        verbose_name = "预警每日检查"
        verbose_name_plural = "预警每日检查"
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="warning_day_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
