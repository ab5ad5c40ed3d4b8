"""The words of the forms of mediation, where a county has its own: each from a day on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class PaperWording(models.Model):
    """One text of a form from a day on, until the next; without any, the form says what the system has.

    `mode` is set where each kind of mediation has words of its own. What has begun is never changed.
    """

    key = models.SlugField("文本", max_length=30)
    mode = models.CharField("调解方式", max_length=20, blank=True)
    text = models.TextField("内容", max_length=5000)
    source = models.CharField("依据", max_length=150, blank=True)
    starts_on = models.DateField("启用日期")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("修改时间", default=timezone.now)

    class Meta:
        verbose_name = "文书用语"
        verbose_name_plural = "文书用语"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "mode", "starts_on"], name="paper_wording_once"),
            models.CheckConstraint(condition=~Q(text=""), name="paper_wording_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.starts_on}"
