"""Walls of the halls, shapes of places for maps, and tables of figures that an office put together."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from grids.models import Organisation, Territory
from zhongzhi.core.ciphers import CODE_BYTES


class ScreenLink(models.Model):
    """An address that shows the wall of one place without a login: kept as a keyed hash, with an end."""

    place = models.ForeignKey(Territory, verbose_name="范围", on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=CODE_BYTES, unique=True)
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


class Lines(models.TextChoices):
    """What the lines of a table are."""

    PLACES = "places", "各地（下一级）"
    MONTHS = "months", "各月"
    PARTS = "parts", "拆分出的各项"


class CustomTable(models.Model):
    """A table of figures that somebody put together: which figures, how they are split, what its lines are, of which
    place and period. It keeps no number: opened again, it is read anew.

    A period with a name moves with the day; one of two days stays. Shared with an organisation, also with those below
    it, each of which reads it for its own place.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=40)
    figures = ArrayField(models.CharField(max_length=40), verbose_name="指标")
    axis = models.CharField("拆分", max_length=16, blank=True)
    lines = models.CharField("各行", max_length=10, choices=Lines)
    place = models.ForeignKey(Territory, verbose_name="范围", on_delete=models.PROTECT, related_name="+")
    period = models.CharField("期间", max_length=16, blank=True)
    start = models.DateField("开始日期", null=True)
    end = models.DateField("结束日期", null=True)
    shared_with = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+", verbose_name="共享给"
    )
    with_below = models.BooleanField("下级单位也用", default=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = "自定义报表"
        verbose_name_plural = "自定义报表"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="custom_table_name_once"),
            models.CheckConstraint(
                condition=Q(start=None, end=None) & ~Q(period="")
                | Q(period="", start__isnull=False, end__gte=F("start")),
                name="custom_table_has_period",
            ),
            models.CheckConstraint(
                condition=Q(with_below=False) | Q(shared_with__isnull=False), name="custom_table_below_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.name
