"""What a person asks about the data kept of them, and whose data are blocked (个人信息保护法 art. 44-47).

A person is known by the rows of parties they stand in; no number is kept here a second time.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models import Organisation, RosterPerson
from intake.models.party import Party


class DataRequestKind(models.TextChoices):
    ACCESS = "access", "查阅、复制"
    CORRECT = "correct", "更正、补充"
    RESTRICT = "restrict", "限制处理"
    ERASE = "erase", "删除"


class DataRequestState(models.TextChoices):
    OPEN = "open", "待决定"
    DONE = "done", "已办理"
    REFUSED = "refused", "不予办理"


class ErasureGround(models.TextChoices):
    """What the law lets data be erased for (art. 47)."""

    PURPOSE_DONE = "purpose_done", "处理目的已实现或者不再必要"
    CONSENT_WITHDRAWN = "consent_withdrawn", "本人撤回同意"
    PERIOD_OVER = "period_over", "保存期限已届满"
    UNLAWFUL = "unlawful", "违反法律法规或者约定处理"


class DataRequest(models.Model):
    """One person asked at one window, known there by their own paper. What is decided stands in `decision`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("请求", max_length=10, choices=DataRequestKind)
    reason = models.CharField("事由", max_length=200)
    centre = models.ForeignKey(Organisation, verbose_name="受理中心", on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField("受理时间", default=timezone.now)
    party_ids = ArrayField(models.BigIntegerField(), verbose_name="涉及的当事人", default=list)
    roster_person = models.ForeignKey(
        RosterPerson, verbose_name="名册人员", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField("状态", max_length=8, choices=DataRequestState, default=DataRequestState.OPEN)
    decision = models.CharField("决定意见", max_length=500, blank=True)
    ground = models.CharField("删除依据", max_length=20, choices=ErasureGround, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="决定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("决定时间", null=True)

    class Meta:
        verbose_name = "个人信息请求"
        verbose_name_plural = "个人信息请求"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=DataRequestState.OPEN, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=DataRequestState.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="data_request_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="data_request_has_reason"),
        ]
        indexes = [models.Index(fields=["centre", "-id"], name="data_request_of_centre")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_at:%Y-%m-%d}"


class Restriction(models.Model):
    """One person's data are only stored: not suggested, found by name or number, or taken out. `until` is its last
    day; without one it lasts until it is lifted."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="restrictions")
    reason = models.CharField("理由", max_length=200)
    restricted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    restricted_at = models.DateTimeField("限制时间", default=timezone.now)
    until = models.DateField("限制至", null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField("解除时间", null=True)
    lift_reason = models.CharField("解除理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "限制处理"
        verbose_name_plural = "限制处理"
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True, lift_reason="")
                | (Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~Q(lift_reason="")),
                name="restriction_lifted_with_reason",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="restriction_has_reason"),
        ]

    def __str__(self) -> str:
        return f"限制处理 {self.pk}"


class RestrictedParty(models.Model):
    """A row of a party that a restriction is for; rows that carry the same number are restricted with it."""

    restriction = models.ForeignKey(Restriction, on_delete=models.CASCADE, related_name="members")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="restrictions")

    class Meta:
        verbose_name = "限制处理的当事人"
        verbose_name_plural = "限制处理的当事人"
        constraints = [models.UniqueConstraint(fields=["restriction", "party"], name="restricted_party_once")]

    def __str__(self) -> str:
        return f"{self.restriction_id} {self.party_id}"
