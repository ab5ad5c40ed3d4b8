"""Restricted cases and who may see them; by whom a complaint about officials is answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models.case import Case


class CaseReader(models.Model):
    """One person named to see a restricted case, from when to when. The rows stay."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField("指定时间")
    ended_at = models.DateTimeField("取消时间", null=True)

    class Meta:
        verbose_name = "知悉人员"
        verbose_name_plural = "知悉人员"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "case"], condition=Q(ended_at__isnull=True), name="case_reader_named_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class Responder(models.TextChoices):
    """Who answers a complaint about an official or an organisation; never they themselves."""

    ABOVE = "above", "由上一级综治中心办理"
    DESIGNATED = "designated", "转旗县指定单位（纪委监委等）办理"


class ComplaintDecision(models.Model):
    """How the triage decided who answers a complaint, and why; the latest holds."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="complaint_decisions")
    responder = models.CharField("由谁办理", max_length=12, choices=Responder)
    organisation = models.ForeignKey(Organisation, verbose_name="办理单位", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("理由", max_length=1000)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("决定时间")

    class Meta:
        verbose_name = "反映件办理决定"
        verbose_name_plural = "反映件办理决定"
        ordering = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_responder_display()}"
