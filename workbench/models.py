"""What belongs to no single app: links of the walls in the halls, shapes of places for maps."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Territory


class ScreenLink(models.Model):
    """An address that shows the wall of one place without a login: kept as a keyed hash, with an end."""

    place = models.ForeignKey(Territory, verbose_name="范围", on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    ends_on = models.DateField("有效至")
    revoked_at = models.DateTimeField("停用时间", null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "大屏链接"
        verbose_name_plural = "大屏链接"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="screen_link_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.ends_on}"


class PlaceShape(models.Model):
    """The outline of one place, where somebody has map data: a GeoJSON geometry, longitude before latitude."""

    place = models.OneToOneField(Territory, verbose_name="区划", on_delete=models.PROTECT, related_name="+")
    geometry = models.JSONField("边界")
    loaded_at = models.DateTimeField("导入时间", auto_now=True)

    class Meta:
        verbose_name = "区划边界"
        verbose_name_plural = "区划边界"

    def __str__(self) -> str:
        return str(self.place)
