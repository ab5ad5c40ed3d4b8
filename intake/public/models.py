"""What a citizen holds and gives: the query code of the receipt, and the rating after closing."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from intake.models.case import Case
from intake.models.party import Party
from zhongzhi.core import ciphers


class QueryCode(models.Model):
    """A code by which one applicant follows the case. Only its keyed hash is kept; the code is on the paper alone.

    A party has one live code at a time: a new receipt voids the one before. A merged case keeps the codes of its
    applicants, which then lead to the case it went into.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="query_codes")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="query_codes")
    code_hash = models.BinaryField(max_length=ciphers.CODE_BYTES, unique=True, editable=False)
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = "查询码"
        verbose_name_plural = "查询码"
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(voided_at__isnull=True), name="one_live_query_code_per_party"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} 查询码"


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


def query_code_hash(code: str) -> bytes:
    """Equality hash of a normalised query code."""
    return query_code_hashes(code)[0]


def query_code_hashes(code: str) -> list[bytes]:
    """What the hash of a code may be in the row that is looked for, the newest first."""
    return ciphers.keyed_hashes(code, purpose="citizen.query_code")
