"""What organisations and places were called before: by an old name they are found, and stories tell it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models.organisation import Organisation
from grids.models.territory import Territory


class FormerName(models.Model):
    """A name that an organisation or a place had until a moment."""

    organisation = models.ForeignKey(
        Organisation, null=True, verbose_name="机构", on_delete=models.CASCADE, related_name="former_names"
    )
    territory = models.ForeignKey(
        Territory, null=True, verbose_name="区划", on_delete=models.CASCADE, related_name="former_names"
    )
    name = models.CharField("曾用名", max_length=120)
    short_name = models.CharField("曾用简称", max_length=30, blank=True)
    until = models.DateTimeField("使用至", default=timezone.now)

    class Meta:
        verbose_name = "曾用名"
        verbose_name_plural = "曾用名"
        ordering = ["until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(territory__isnull=True), name="former_name_of_one"
            ),
        ]

    def __str__(self) -> str:
        return self.name
