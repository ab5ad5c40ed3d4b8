"""Seals of organisations and hands of signatories as pictures, which signed papers carry."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models.organisation import Organisation
from zhongzhi.files.models import StoredFile


class ImpressionKind(models.TextChoices):
    SEAL = "seal", "单位印章"
    HAND = "hand", "签名章"


class Impression(models.Model):
    """One picture in use, or one that was; papers signed meanwhile keep it. `width_mm` is its width on paper: 42 for
    the round seal of a county's organ."""

    kind = models.CharField("类别", max_length=4, choices=ImpressionKind)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="impressions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="impressions"
    )
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    width_mm = models.PositiveSmallIntegerField("宽度（毫米）")
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField("启用时间")
    ended_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "印章和签名章"
        verbose_name_plural = "印章和签名章"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(kind="seal", ended_at=None), name="one_seal_of_an_organisation"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="hand", ended_at=None), name="one_hand_of_a_person"
            ),
            models.CheckConstraint(
                condition=Q(kind="seal", organisation__isnull=False, person__isnull=True)
                | Q(kind="hand", organisation__isnull=True, person__isnull=False),
                name="impression_is_of_one",
            ),
            models.CheckConstraint(condition=Q(width_mm__gte=10, width_mm__lte=60), name="impression_fits_the_page"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.organisation or self.person}"
