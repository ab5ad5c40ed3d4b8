"""What must be there before a case may be archived: written by whoever works on it, read by the act of archiving."""

from django.db import models

from intake.models.case import Case


class ConditionSource(models.TextChoices):
    MEDIATION = "mediation", "调解卷宗"


class ArchiveCondition(models.Model):
    """One condition of one case, by source; an empty `missing` means that it is met."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="archive_conditions")
    source = models.CharField("来源", max_length=20, choices=ConditionSource)
    missing = models.CharField("尚缺", max_length=1000, blank=True)
    checked_at = models.DateTimeField("核对时间", auto_now=True)

    class Meta:
        verbose_name = "归档条件"
        verbose_name_plural = "归档条件"
        constraints = [models.UniqueConstraint(fields=["case", "source"], name="archive_condition_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.source}"
