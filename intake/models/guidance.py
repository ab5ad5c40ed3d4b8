"""Guidance (导引、转送、不予受理): what belongs elsewhere, on its way to a named receiver until it has arrived."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation, OutsideOrganisation
from intake.models.case import Case, Road


class GuidanceWay(models.TextChoices):
    GUIDE = "guide", "导引"
    TRANSFER = "transfer", "转送"
    DECLINE = "decline", "不予受理"


class DeclineGround(models.TextChoices):
    """Why the law does not let the centre take a matter on: another procedure has it."""

    IN_COURT = "in_court", "已进入诉讼程序"
    IN_ARBITRATION = "in_arbitration", "已进入仲裁程序"
    IN_RECONSIDERATION = "in_reconsideration", "已进入行政复议程序"
    IN_PETITION = "in_petition", "已进入信访办理、复查或复核程序"


class GuidanceEnd(models.TextChoices):
    ARRIVED = "arrived", "已到位"
    REFUSED = "refused", "被退回"
    RECALLED = "recalled", "中心收回"


class Guidance(models.Model):
    """One handing-over to a receiver inside the organisations of the system, or outside of them on paper.

    `due_at` is the limit of the next step: the signature, then the answer. Open until it arrived, was refused, or the
    centre took the case back.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="guidances")
    way = models.CharField("方式", max_length=10, choices=GuidanceWay)
    receiver = models.ForeignKey(
        Organisation, verbose_name="接收单位", null=True, on_delete=models.PROTECT, related_name="guidances"
    )
    outside = models.ForeignKey(
        OutsideOrganisation, verbose_name="接收外单位", null=True, on_delete=models.PROTECT, related_name="guidances"
    )
    road = models.CharField("途径", max_length=20, choices=Road, blank=True)
    ground = models.CharField("不予受理的事由", max_length=20, choices=DeclineGround, blank=True)
    note = models.TextField("说明", max_length=1000)
    guided_at = models.DateTimeField("导引时间")
    guided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField("期限", null=True)
    overdue_at = models.DateTimeField("超期提醒时间", null=True)
    signed_at = models.DateTimeField("签收时间", null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    end = models.CharField("结果", max_length=10, choices=GuidanceEnd, blank=True)
    ended_at = models.DateTimeField("结果时间", null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField("回执日期", null=True, help_text="纸质回执上的日期")
    answer = models.TextField("答复", max_length=1000, blank=True)

    class Meta:
        verbose_name = "导引"
        verbose_name_plural = "导引"
        ordering = ["guided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(end=""), name="one_open_guidance_per_case"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(end=GuidanceEnd.REFUSED), name="sent_away_once_at_most"
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=True, outside__isnull=False)
                | Q(receiver__isnull=False, outside__isnull=True),
                name="guidance_has_one_receiver",
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at__isnull=True, ended_by__isnull=True)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end="")),
                name="guidance_end_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(way=GuidanceWay.DECLINE) & ~Q(ground="") | (~Q(way=GuidanceWay.DECLINE) & Q(ground="")),
                name="guidance_declined_on_a_ground",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(end="", overdue_at__isnull=True), name="guidance_due"),
            models.Index(fields=["guided_at", "case"], condition=Q(end=""), name="guidance_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.receiver_name}"

    @property
    def is_open(self) -> bool:
        """Whether it has neither arrived nor come back."""
        return not self.end

    @property
    def receiver_name(self) -> str:
        """To whom it goes, in words."""
        return str(self.receiver or self.outside)
