"""Tasks of joint handling: what one organisation does for a case, until it is done or released with a reason."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.case import Case
from intake.models.handling import Handling


class TaskKind(models.TextChoices):
    ORDINARY = "ordinary", "一般任务"
    TRANSFER = "transfer", "转送（就医、救助、安置）"


class Task(models.Model):
    """One thing to be done by the organisation of a handling. A case is not concluded while one is open."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField("类别", max_length=10, choices=TaskKind, default=TaskKind.ORDINARY)
    what = models.CharField("任务", max_length=300)
    due_on = models.DateField("完成期限", null=True)
    needs_consent = models.BooleanField("须监护人同意", default=False)
    consented_at = models.DateTimeField("同意时间", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("下达时间")
    done_at = models.DateTimeField("完成时间", null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    result = models.TextField("完成情况", max_length=2000, blank=True)
    released_at = models.DateTimeField("解除时间", null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    release_reason = models.CharField("解除理由", max_length=500, blank=True)
    near_told_at = models.DateTimeField(null=True, editable=False)
    lapse_told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "联动任务"
        verbose_name_plural = "联动任务"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(released_at__isnull=True), name="task_done_or_released"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(needs_consent=False) | Q(consented_at__isnull=False),
                name="task_transfer_after_consent",
                violation_error_message="转送须先取得监护人同意。",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | ~Q(release_reason=""), name="task_released_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["case"], condition=Q(done_at__isnull=True, released_at__isnull=True), name="task_open"
            ),
            models.Index(
                fields=["due_on"],
                condition=Q(done_at__isnull=True, released_at__isnull=True, lapse_told_at__isnull=True),
                name="task_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def is_late(self, today: date, *, closed: bool) -> bool:
        """Whether its day is over: gone by, or today with the office closed."""
        return self.due_on is not None and (self.due_on < today or (closed and self.due_on == today))

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.released_at is None
