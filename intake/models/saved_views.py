"""Views of the list of cases that people keep, for themselves or for their organisation."""

from django.conf import settings
from django.db import models

from grids.models import Organisation


class SavedView(models.Model):
    """A view of the list of cases under a name: filters, order and columns as they stand in the address. Whoever opens
    one that is shared sees what they may see, no more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=20)
    address = models.CharField("条件", max_length=1000, blank=True)

    shared_with = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name="共享给"
    )

    class Meta:
        verbose_name = "保存的视图"
        verbose_name_plural = "保存的视图"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="view_name_once", violation_error_message="已有同名的视图。"
            )
        ]

    def __str__(self) -> str:
        return self.name
