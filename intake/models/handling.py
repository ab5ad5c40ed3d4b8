"""Handlings: who was given the case, when it was signed for and when it was done with.

Intake owns these rows; what works on a case (a dispatch, later a mediation or a slip) opens and closes them
through intake's actions, and the rule "no closing while work is open" reads this table only.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models.case import Case
from intake.models.request import AskedAndDecided


class HandlingKind(models.TextChoices):
    DISPATCH = "dispatch", "交办"
    SELF = "self", "中心自办"
    MEDIATION = "mediation", "调解"
    SUPPORT = "support", "属地配合"


REPORTED_APART = (HandlingKind.DISPATCH, HandlingKind.SUPPORT)
"""Kinds of co-handling that report on their own; what is mediated ends with the mediation."""


class HandlingPart(models.TextChoices):
    LEAD = "lead", "主办"
    CO = "co", "协办"


class CloseReason(models.TextChoices):
    CONCLUDED = "concluded", "已反馈结果"
    RETURNED = "returned", "已退回"
    RELEASED = "released", "已解除"
    WITHDRAWN = "withdrawn", "案件撤回"
    MOVED = "moved", "已转上级"
    MERGED = "merged", "已并案"


class SuggestedBy(models.TextChoices):
    """What spoke for the organisation that was suggested."""

    NEAREST = "nearest", "相近旧案"
    CATEGORY = "category", "类别通常主办"
    PLACE = "place", "发生地司法所"


class Handling(models.Model):
    """One organisation's piece of work on one case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handlings")
    kind = models.CharField("方式", max_length=10, choices=HandlingKind)
    part = models.CharField("主办/协办", max_length=4, choices=HandlingPart, default=HandlingPart.LEAD)
    organisation = models.ForeignKey(
        Organisation, verbose_name="承办单位", on_delete=models.PROTECT, related_name="handlings", db_index=False
    )
    instruction = models.TextField("交办要求", max_length=2000, blank=True)
    opened_at = models.DateTimeField("交办时间")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("签收时间", null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经办人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="空为签收人",
    )
    closed_at = models.DateTimeField("结束时间", null=True)
    close_reason = models.CharField("结束原因", max_length=10, choices=CloseReason, blank=True)
    report = models.TextField("反馈情况", max_length=5000, blank=True)
    suggested = models.ForeignKey(
        Organisation, verbose_name="当时建议的单位", null=True, on_delete=models.PROTECT, related_name="+"
    )
    suggested_by = models.CharField(
        "建议依据", max_length=10, choices=SuggestedBy, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = "承办"
        verbose_name_plural = "承办"
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(closed_at__isnull=True, part="lead"),
                name="one_open_lead_per_case",
            ),
            models.UniqueConstraint(
                fields=["case", "organisation"],
                condition=Q(closed_at__isnull=True),
                name="one_open_handling_per_organisation",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, close_reason="")
                | (Q(closed_at__isnull=False) & ~Q(close_reason="")),
                name="handling_closed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "case"])]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.organisation}"

    @property
    def minded_by(self) -> int | None:
        """Who works on it inside the organisation: whoever it was given to, else who signed for it."""
        return self.clerk_id or self.signed_by_id

    @property
    def was_returned(self) -> bool:
        """Whether the organisation gave it back."""
        return self.close_reason == CloseReason.RETURNED


class ReturnRequest(AskedAndDecided):
    """A second refusal of one case: the organisation asks, the manager of the centre decides."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="return_requests")

    class Meta:
        verbose_name = "退回申请"
        verbose_name_plural = "退回申请"
        constraints = [
            models.UniqueConstraint(
                fields=["handling"], condition=Q(granted__isnull=True), name="one_open_return_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handling} 退回申请"
