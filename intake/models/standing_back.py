"""Who does not handle a case because it touches them (回避): a party, a relative, somebody with an interest in it."""

from django.conf import settings
from django.db import models

from intake.models.case import Case
from zhongzhi.rows.remembered import remembered_table


class RecusalGround(models.TextChoices):
    """Why somebody stands back."""

    PARTY = "party", "本人是当事人"
    RELATIVE = "relative", "是当事人的近亲属"
    INTEREST = "interest", "与本案有其他利害关系"


class CaseRecusal(models.Model):
    """One person who declared that they do not handle a case. The rows stay."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="standing_back")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField("回避事由", max_length=8, choices=RecusalGround)
    reason = models.CharField("说明", max_length=300)
    declared_at = models.DateTimeField("申明时间")

    class Meta:
        verbose_name = "申明回避"
        verbose_name_plural = "申明回避"
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="case_recusal_declared_once")]
        triggers = remembered_table("intake_caserecusal")

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"
