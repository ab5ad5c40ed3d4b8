"""Groups: many persons on one side of a case, for whom two to five representatives act (民事诉讼法 art. 56)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.party import Party


class MemberConsent(models.TextChoices):
    """How a member stands behind what the representatives settle."""

    AUTHORISED = "authorised", "特别授权"
    SIGNED = "signed", "在附件上签字"


class Membership(models.Model):
    """That a party belongs to the group of its case: what it claims, whether it represents the others or has let itself
    be represented."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="membership")
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    represents_since = models.DateField("推选日期", null=True)
    mandate = models.CharField("推选或授权文书", max_length=40, blank=True)
    consent = models.CharField("本人同意", max_length=10, choices=MemberConsent, blank=True)
    consented_on = models.DateField("同意日期", null=True)
    joined_at = models.DateTimeField("列入时间")
    joined_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "群体名册"
        verbose_name_plural = "群体名册"
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="membership_amount"),
            models.CheckConstraint(
                condition=Q(consent="", consented_on__isnull=True) | (~Q(consent="") & Q(consented_on__isnull=False)),
                name="membership_consent_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(represents_since__isnull=True, mandate="")
                | (Q(represents_since__isnull=False) & ~Q(mandate="")),
                name="membership_mandate_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"名册 {self.party_id}"

    @property
    def is_representative(self) -> bool:
        """Whether it acts for the others."""
        return self.represents_since is not None
