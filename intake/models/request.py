"""What is asked for with a reason and decided by somebody else: the shape of such requests."""

from django.conf import settings
from django.db import models


class AskedAndDecided(models.Model):
    """Asked by one, decided by another; `granted` is empty until then."""

    reason = models.TextField("理由", max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    granted = models.BooleanField("是否同意", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    decision_note = models.TextField("决定意见", max_length=1000, blank=True)

    class Meta:
        abstract = True
