"""Judicial confirmation of an agreement: applied for by both sides, taken on, decided."""

import uuid

from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models import Party
from mediation.lifecycle import OPEN_CONFIRMATIONS, ConfirmationState
from mediation.models.agreement import Agreement


class Confirmation(models.Model):
    """One application. The court says within 3 days whether it takes it (`accept_by`) and decides within 15, or 25
    with its president's leave (`decide_by`): 法释〔2011〕5号 art. 4 and 5."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="confirmations")
    court = models.ForeignKey(Organisation, verbose_name="法院", on_delete=models.PROTECT, related_name="+")
    applicants = models.ManyToManyField(Party, verbose_name="申请人", related_name="+")
    status = models.CharField("状态", max_length=14, choices=ConfirmationState, default=ConfirmationState.APPLIED)
    applied_on = models.DateField("申请日期")
    accept_by = models.DateField("法院应答复受理的日期")
    accepted_on = models.DateField("受理（不予受理）日期", null=True)
    case_number = models.CharField("案号", max_length=60, blank=True)
    decide_by = models.DateField("法院应作出裁定的日期", null=True)
    is_extended = models.BooleanField("经院长批准延长十日", default=False)
    ruled_on = models.DateField("裁定日期", null=True)
    refusal = models.CharField("不予受理、驳回的理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "司法确认"
        verbose_name_plural = "司法确认"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(status__in=[str(s) for s in OPEN_CONFIRMATIONS]),
                name="one_open_confirmation_per_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ConfirmationState.NOT_ACCEPTED, ConfirmationState.REJECTED]) | ~Q(refusal=""),
                name="confirmation_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.case_number or f"司法确认 {self.pk}"
