"""Cases that somebody minds in the place of a colleague who left; who registered and signed them stays as it was."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from intake.models.case import Case


class TakenOverCase(models.Model):
    """One case, who minds it now, and whose it was."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="taken_over")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="接手人", on_delete=models.PROTECT, related_name="+"
    )
    former = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="离岗人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("接手时间", default=timezone.now)
    given_on_at = models.DateTimeField("再交出时间", null=True)

    class Meta:
        verbose_name = "接手的案件"
        verbose_name_plural = "接手的案件"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "former"], condition=models.Q(given_on_at__isnull=True), name="case_taken_over_once"
            )
        ]
        indexes = [models.Index(fields=["user"], name="taken_over_by")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.former_id} → {self.user_id}"
