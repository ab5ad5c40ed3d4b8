"""Special care (特殊关爱): the record of a person under it, assessments, guardians' consents, visits."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models import Case, Party


class Danger(models.IntegerChoices):
    """Assessed danger, 0 to 5 (国家基本公共卫生服务规范, 严重精神障碍患者管理)."""

    NONE = 0, "0 级"
    ONE = 1, "1 级"
    TWO = 2, "2 级"
    THREE = 3, "3 级"
    FOUR = 4, "4 级"
    FIVE = 5, "5 级"


CARE_REASONS = [("mental", "精神卫生"), ("minor", "未成年人"), ("violence", "家庭暴力"), ("other", "其他")]
CONSENT_MEANS = [("written", "书面签字"), ("oral", "口头（两人见证）"), ("phone", "电话（录音）")]


class CareRecord(models.Model):
    """Special care (特殊关爱): a protected mark on a case, kept apart; each look at it is recorded.

    What was diagnosed and by whom is sealed. A diagnosis comes from a psychiatrist only (精神卫生法 art. 29).
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="care")
    person = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("关爱事由", max_length=20, choices=CARE_REASONS)
    danger = models.PositiveSmallIntegerField("危险性评估", choices=Danger, default=Danger.NONE)
    diagnosis_sealed = models.BinaryField(null=True, editable=False)
    diagnosed_by = models.CharField("诊断医师及机构", max_length=100, blank=True)
    diagnosed_on = models.DateField("诊断日期", null=True)
    notes_sealed = models.BinaryField(null=True, editable=False)
    shared_with = models.ManyToManyField(Organisation, verbose_name="知悉单位", related_name="+")
    next_visit_on = models.DateField("下次随访", null=True)
    visit_told_on = models.DateField(null=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField("登记时间")
    ended_at = models.DateTimeField("解除时间", null=True)

    class Meta:
        verbose_name = "特殊关爱记录"
        verbose_name_plural = "特殊关爱记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(diagnosis_sealed__isnull=True) | (~Q(diagnosed_by="") & Q(diagnosed_on__isnull=False)),
                name="care_diagnosis_by_a_psychiatrist",
                violation_error_message="诊断须写明精神科执业医师、医疗机构和日期。",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_visit_on"],
                condition=Q(next_visit_on__isnull=False, ended_at__isnull=True),
                name="care_visit_due",
            )
        ]

    def __str__(self) -> str:
        return f"关爱记录 {self.pk}"


class CareAssessment(models.Model):
    """The danger as it was assessed at one time; only ever added. The first is that of the mark."""

    record = models.ForeignKey(CareRecord, on_delete=models.PROTECT, related_name="assessments")
    danger = models.PositiveSmallIntegerField("危险性评估", choices=Danger)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField("评估时间")

    class Meta:
        verbose_name = "危险性评估"
        verbose_name_plural = "危险性评估"
        ordering = ["-assessed_at", "-pk"]

    def __str__(self) -> str:
        return f"评估 {self.pk}"


class GuardianConsent(models.Model):
    """A guardian's consent to a transfer (精神卫生法 art. 31): who, as what, how given, when."""

    record = models.ForeignKey(CareRecord, on_delete=models.PROTECT, related_name="consents")
    guardian = models.CharField("监护人", max_length=80)
    relation = models.CharField("与本人关系", max_length=40)
    means = models.CharField("方式", max_length=10, choices=CONSENT_MEANS)
    given_on = models.DateField("同意日期")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "监护人同意"
        verbose_name_plural = "监护人同意"
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return f"同意 {self.pk}"


class CareVisit(models.Model):
    """A follow-up visit to a person under special care."""

    record = models.ForeignKey(CareRecord, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField("随访日期")
    note_sealed = models.BinaryField(editable=False)
    visited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "随访"
        verbose_name_plural = "随访"
        ordering = ["visited_on", "pk"]

    def __str__(self) -> str:
        return f"随访 {self.pk}"
