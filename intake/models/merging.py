"""Cases that belong together: one merged into another, or the same demand brought again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from intake.models.case import Case


class Merger(models.Model):
    """One case merged into another; undone by splitting. The rows stay, so that both histories can be read."""

    case = models.ForeignKey(Case, verbose_name="被并案件", on_delete=models.PROTECT, related_name="mergers")
    target = models.ForeignKey(Case, verbose_name="并入案件", on_delete=models.PROTECT, related_name="mergers_into")
    reason = models.TextField("理由", max_length=1000)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField("并案时间")
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undo_reason = models.TextField("撤销理由", max_length=1000, blank=True)

    class Meta:
        verbose_name = "并案"
        verbose_name_plural = "并案"
        ordering = ["merged_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(undone_at__isnull=True), name="merged_once_at_a_time"),
            models.CheckConstraint(condition=~Q(case=F("target")), name="merger_of_two_cases"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.target_id}"


class RepeatLink(models.Model):
    """The same demand brought again (重复诉求): the later case points to the earlier one, both go their own way."""

    case = models.ForeignKey(Case, verbose_name="本案", on_delete=models.PROTECT, related_name="repeats_of")
    earlier = models.ForeignKey(Case, verbose_name="此前的案件", on_delete=models.PROTECT, related_name="repeated_by")
    note = models.CharField("说明", max_length=200, blank=True)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField("关联时间")

    class Meta:
        verbose_name = "重复诉求"
        verbose_name_plural = "重复诉求"
        ordering = ["linked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "earlier"], name="linked_as_repeat_once"),
            models.CheckConstraint(condition=~Q(case=F("earlier")), name="repeat_of_another_case"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ~ {self.earlier_id}"
