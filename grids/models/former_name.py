"""What organisations, places and people were called before: by an old name they are found, and stories tell it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models.organisation import Organisation
from grids.models.territory import Territory
from zhongzhi.rows.remembered import remembered_table


class FormerName(models.Model):
    """A name that an organisation, a place or a person had until a moment."""

    organisation = models.ForeignKey(
        Organisation, null=True, verbose_name="机构", on_delete=models.CASCADE, related_name="former_names"
    )
    territory = models.ForeignKey(
        Territory, null=True, verbose_name="区划", on_delete=models.CASCADE, related_name="former_names"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, verbose_name="人员", on_delete=models.CASCADE, related_name="former_names"
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
                condition=Q(organisation__isnull=False, territory__isnull=True, user__isnull=True)
                | Q(organisation__isnull=True, territory__isnull=False, user__isnull=True)
                | Q(organisation__isnull=True, territory__isnull=True, user__isnull=False),
                name="former_name_of_one",
            ),
        ]
        triggers = remembered_table("grids_formername")

    def __str__(self) -> str:
        return self.name
