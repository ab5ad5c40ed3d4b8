"""What a citizen holds and gives: the query code of the receipt, and the rating after closing."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models.case import Case
from intake.models.party import Party
from zhongzhi.core import ciphers
from zhongzhi.core.querycodes import short_query_code
from zhongzhi.rows.triggers import append_only, refusal

SHIPPED = date(2026, 1, 1)
"""From when on the words that come with the program hold."""


class QueryCode(models.Model):
    """A code by which one applicant follows the case. Only its keyed hash is kept; the code is on the paper alone.

    A party has one live code at a time: a new receipt voids the one before. A merged case keeps the codes of its
    applicants, which then lead to the case it went into.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="query_codes")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="query_codes")
    code_hash = models.BinaryField(max_length=ciphers.CODE_BYTES, unique=True, editable=False)
    short_hash = models.BinaryField(max_length=ciphers.CODE_BYTES, null=True, editable=False)
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True)
    owed_event = models.CharField("待告知", max_length=10, blank=True, default="", db_default="", editable=False)
    told_on = models.DateField("最近一次短信日期", null=True, editable=False)

    class Meta:
        verbose_name = "查询码"
        verbose_name_plural = "查询码"
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(voided_at__isnull=True), name="one_live_query_code_per_party"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=~Q(owed_event="") & Q(voided_at__isnull=True), name="query_code_owed"
            ),
            models.Index(fields=["short_hash"], condition=Q(voided_at__isnull=True), name="live_query_code_short"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} 查询码"


class CitizenText(models.Model):
    """What an applicant is told by text message when something happens to their case, by version and day of effect;
    nothing while the words are empty. None is ever changed."""

    event = models.CharField("事项", max_length=10)
    version = models.PositiveIntegerField("版本", default=1)
    words = models.CharField("短信内容", max_length=500, blank=True)
    starts_on = models.DateField("启用日期", default=SHIPPED)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "群众短信"
        verbose_name_plural = "群众短信"
        ordering = ["event", "-version"]
        constraints = [models.UniqueConstraint(fields=["event", "version"], name="citizen_text_version_once")]
        triggers = append_only("intake_citizentext", refusal("intake_citizentext_refuse"))

    def __str__(self) -> str:
        return f"{self.event} 第 {self.version} 版"


class ToldUpTo(models.Model):
    """Up to which step, and up to which moment, cases were looked at for what applicants are told; one row."""

    step = models.BigIntegerField("步骤", default=0)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "群众短信进度"
        verbose_name_plural = "群众短信进度"

    def __str__(self) -> str:
        return str(self.at)


UNHAPPY = 2


class CitizenRating(models.Model):
    """How a citizen rates the handling, once for each closing of the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="citizen_ratings")
    party = models.ForeignKey(Party, null=True, on_delete=models.SET_NULL, related_name="+")
    score = models.PositiveSmallIntegerField("满意度", validators=[MinValueValidator(1), MaxValueValidator(5)])
    comment = models.TextField("意见", max_length=500, blank=True)
    closed_at = models.DateTimeField("所评办结时间")
    rated_at = models.DateTimeField("评价时间")

    class Meta:
        verbose_name = "群众评价"
        verbose_name_plural = "群众评价"
        ordering = ["-rated_at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "party", "closed_at"], name="one_rating_per_closing"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.score} 分"

    @property
    def is_unhappy(self) -> bool:
        """Whether the centre is told at once, and the citizen what happens now."""
        return self.score <= UNHAPPY


class ConsentPlace(models.TextChoices):
    """Where people are told what becomes of their data."""

    REPORT = "report", "网上反映"
    RECEIPT = "receipt", "受理告知单"


class ConsentText(models.Model):
    """What people are told there, by version and day of effect; none is ever changed."""

    place = models.CharField("用于", max_length=10, choices=ConsentPlace)
    version = models.PositiveIntegerField("版本")
    text = models.TextField("内容", max_length=2000)
    starts_on = models.DateField("启用日期")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "告知同意文本"
        verbose_name_plural = "告知同意文本"
        ordering = ["place", "-version"]
        constraints = [models.UniqueConstraint(fields=["place", "version"], name="consent_text_version_once")]
        triggers = append_only("intake_consenttext", refusal("intake_consenttext_refuse"))

    def __str__(self) -> str:
        return f"{self.get_place_display()} 第 {self.version} 版"


class Consent(models.Model):
    """That an applicant was told, or agreed to, one version of a text."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="consents")
    place = models.CharField("用于", max_length=10, choices=ConsentPlace)
    version = models.PositiveIntegerField("版本")
    sm3 = models.CharField("文本摘要", max_length=64)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "告知同意"
        verbose_name_plural = "告知同意"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.party_id} {self.place} {self.version}"


def query_code_hash(code: str) -> bytes:
    """Equality hash of a normalised query code."""
    return query_code_hashes(code)[0]


def query_code_hashes(code: str) -> list[bytes]:
    """What the hash of a code may be in the row that is looked for, the newest first."""
    return ciphers.keyed_hashes(code, purpose="citizen.query_code")


def short_code_hash(code: str) -> bytes:
    """Equality hash of the beginning of a normalised query code."""
    return short_code_hashes(short_query_code(code))[0]


def short_code_hashes(short: str) -> list[bytes]:
    """What it may be in the row that is looked for, the newest first."""
    return ciphers.keyed_hashes(short, purpose="citizen.query_code.short")
