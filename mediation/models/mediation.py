"""A mediation of a case: who asked for it, in which mode, before which body, with whose consent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.deadlines.models import ClockKind
from intake.models import Attachment, Case, Handling, Party, Road
from mediation.lifecycle import OPEN_STATES, State
from mediation.models.bodies import Body, Mediator, Mode, Team


class Origin(models.TextChoices):
    APPLICATION = "application", "当事人申请"
    COMMITTEE = "committee", "调解组织主动调解"
    COURT = "court", "法院委派（诉前）"
    COURT_TRIAL = "court_trial", "法院委托（立案后，普通程序）"
    COURT_SUMMARY = "court_summary", "法院委托（立案后，简易程序）"
    POLICE = "police", "公安机关移交"
    ASSIGNED = "assigned", "综治中心指派"


OF_COURTS = (Origin.COURT, Origin.COURT_TRIAL, Origin.COURT_SUMMARY)
"""Entrusted by a court, which gets the result back."""


class EndReason(models.TextChoices):
    """Why a mediation ended without an agreement (人民调解工作若干规定 art. 37 to 39 for the forms of ending)."""

    REFUSED = "refused", "一方明确拒绝调解"
    APART = "apart", "分歧过大，不能达成一致"
    ABSENT = "absent", "一方无正当理由不到场"
    TIME_OVER = "time_over", "期限届满，各方不同意延长"
    SUED = "sued", "当事人已起诉或申请仲裁"
    OTHER = "other", "其他原因"


class Mediation(models.Model):
    """One mediation. `handling` is the body's piece of work on the case; `clock` names its limit."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mediations")
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="mediations")
    body = models.ForeignKey(Body, verbose_name="调解组织", on_delete=models.PROTECT, related_name="mediations")
    mode = models.CharField("调解方式", max_length=16, choices=Mode)
    origin = models.CharField("来源", max_length=16, choices=Origin)
    entrusted_by = models.ForeignKey(
        Organisation, verbose_name="委派（移交）单位", null=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        Team, verbose_name="联动模式", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mediators = models.ManyToManyField(Mediator, verbose_name="调解员", related_name="mediations")
    status = models.CharField("状态", max_length=10, choices=State, default=State.OPENED, editable=False)
    clock = models.CharField("期限", max_length=12, choices=ClockKind)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("受理时间")
    started_at = models.DateTimeField("开始调解时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    rights_told_on = models.DateField("告知权利义务日期", null=True)
    end_reason = models.CharField("未达成原因", max_length=12, choices=EndReason, blank=True)
    end_note = models.TextField("终结说明", max_length=2000, blank=True)
    told_roads = models.JSONField("已告知的途径", default=list)
    road = models.CharField("采取的途径", max_length=20, choices=Road, blank=True)

    class Meta:
        verbose_name = "调解"
        verbose_name_plural = "调解"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "mode"],
                condition=Q(status__in=[str(s) for s in OPEN_STATES]),
                name="one_open_mediation_per_mode",
                violation_error_message="本案已有同一方式的调解在进行。",
            ),
            models.CheckConstraint(
                condition=~Q(status=State.FAILED) | (~Q(end_reason="") & Q(ended_at__isnull=False)),
                name="mediation_failed_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["body", "status"]),
            models.Index(fields=["case"]),
            models.Index(
                fields=["ended_at"],
                condition=Q(status__in=[State.AGREED, State.FAILED], origin__in=OF_COURTS),
                name="mediation_of_court_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} {self.uid}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATES


class Consent(models.Model):
    """Whether a party agrees to be mediated; told orally or in writing, on a day."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="consents")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField("同意调解")
    on = models.DateField("表态日期")
    how = models.CharField("方式", max_length=40, blank=True)
    guardian = models.ForeignKey(
        Party, verbose_name="法定代理人", null=True, on_delete=models.PROTECT, related_name="+", help_text="代为表态的"
    )

    class Meta:
        verbose_name = "调解意愿"
        verbose_name_plural = "调解意愿"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mediation", "party"], name="consent_once_per_party")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.agreed}"


class Recusal(models.Model):
    """A mediator leaves a mediation for a conflict of interest: of himself, or because a side asked."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="recusals")
    mediator = models.ForeignKey(Mediator, on_delete=models.PROTECT, related_name="recusals")
    asked_by = models.ForeignKey(
        Party, verbose_name="申请人", null=True, on_delete=models.PROTECT, related_name="+", help_text="空为自行回避"
    )
    reason = models.CharField("理由", max_length=500)
    granted = models.BooleanField("是否回避")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("决定时间")

    class Meta:
        verbose_name = "回避"
        verbose_name_plural = "回避"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.mediator} {self.mediation_id}"


class TimeConsent(models.Model):
    """All sides agree to go on beyond the limit."""

    mediation = models.ForeignKey(Mediation, on_delete=models.CASCADE, related_name="time_consents")
    on = models.DateField("同意日期")
    note = models.CharField("说明", max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "延长调解期限的同意"
        verbose_name_plural = "延长调解期限的同意"

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.on}"


class MaterialKind(models.TextChoices):
    IDENTITY = "identity", "身份证明"
    AUTHORISATION = "authorisation", "授权委托书"
    APPLICATION = "application", "调解申请书（签字件）"
    SIGNED_RECORD = "signed_record", "签字的调解笔录"
    SIGNED_AGREEMENT = "signed_agreement", "签字盖章的协议书"
    EVIDENCE = "evidence", "证据材料"
    SURVEY = "survey", "现场勘查照片"
    PERFORMANCE = "performance", "履行凭证"
    CONFIRMATION = "confirmation", "司法确认材料"
    OTHER = "other", "其他"


class Material(models.Model):
    """A file of the case in its place in the mediation's file."""

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="materials")
    kind = models.CharField("类别", max_length=20, choices=MaterialKind)
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("Session", null=True, on_delete=models.PROTECT, related_name="materials")
    performance = models.ForeignKey("Performance", null=True, on_delete=models.PROTECT, related_name="proofs")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "卷宗材料"
        verbose_name_plural = "卷宗材料"
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.attachment_id}"
