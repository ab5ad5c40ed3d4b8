"""The book of organisations outside the county's own: where people and matters are led that belong elsewhere."""

from django.db import models
from django.db.models import Q


class OutsideKind(models.TextChoices):
    GOVERNMENT = "government", "党政机关"
    COURT = "court", "法院"
    PROCURATORATE = "procuratorate", "检察院"
    PETITION = "petition", "信访部门"
    ARBITRATION = "arbitration", "仲裁机构"
    CENTRE = "centre", "外地综治中心"
    OTHER = "other", "其他"


class OutsideOrganisation(models.Model):
    """One organisation that has nobody in the system: its kind, address and telephone, as papers name them.

    `retired_at`: when it left the book; what was sent there keeps it.
    """

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=20, choices=OutsideKind)
    address = models.CharField("地址", max_length=200)
    phone = models.CharField("电话", max_length=30, blank=True)
    retired_at = models.DateTimeField("移出名录时间", null=True)

    class Meta:
        verbose_name = "外单位"
        verbose_name_plural = "外单位名录"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(retired_at__isnull=True), name="one_outside_organisation_of_a_name"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="outside_organisation_is_found"),
        ]

    def __str__(self) -> str:
        return self.name
