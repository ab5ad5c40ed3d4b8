"""Domestic violence (反家庭暴力法): who was hurt, whether the police know, whether a joint session is wanted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.case import Case
from intake.models.party import Party


class ViolenceMark(models.Model):
    """That a case is about domestic violence against one of its parties."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="violence")
    hurt = models.ForeignKey(Party, verbose_name="受害人", on_delete=models.PROTECT, related_name="violence_marks")
    police = models.CharField("接警单位、警情编号", max_length=100, blank=True)
    police_told_on = models.DateField("报警日期", null=True)
    joint_wanted_on = models.DateField("本人要求当面调解的日期", null=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField("标记时间")

    class Meta:
        verbose_name = "涉家庭暴力"
        verbose_name_plural = "涉家庭暴力"
        constraints = [
            models.CheckConstraint(
                condition=Q(police="", police_told_on__isnull=True) | (~Q(police="") & Q(police_told_on__isnull=False)),
                name="violence_police_is_dated",
            )
        ]

    def __str__(self) -> str:
        return f"涉家庭暴力 {self.case_id}"
