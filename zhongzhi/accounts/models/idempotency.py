"""Answers already given to a POST, so that the same key answers the same and does nothing again."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class IdempotencyRecord(models.Model):
    """One key of one user, written in the transaction of the act it answers.

    `fingerprint` is the SM3 of method, address and body; `body` is the answer as JSON, sealed like any
    column that may hold personal data.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "幂等记录"
        verbose_name_plural = "幂等记录"
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="accounts_idempotency_once"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
