"""Jobs: work that takes longer than a page may (imports, exports, reports), left and found again by its owner."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class JobState(models.TextChoices):
    WAITING = "waiting", "等待处理"
    RUNNING = "running", "处理中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class Job(models.Model):
    """One piece of long work. `done` of `total` is committed together with the work itself, so that whoever takes
    the job over goes on where it stands. `source` is the file it reads, emptied when the job has ended.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=40)
    title = models.CharField("名称", max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=JobState, default=JobState.WAITING)
    options = models.JSONField("参数", default=dict)
    result = models.JSONField("结果", default=dict)
    message = models.CharField("说明", max_length=300, blank=True)
    file_name = models.CharField("文件名", max_length=255, blank=True)
    source = models.BinaryField("文件内容", null=True)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    attempts = models.PositiveSmallIntegerField("失败次数", default=0)
    given_up = models.BooleanField("不再重试", default=False, db_default=False)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField("提交时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "后台作业"
        verbose_name_plural = "后台作业"
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")) | Q(total=0), name="jobs_job_progress"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease__isnull=False, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease__isnull=True, lease_until__isnull=True)),
                name="jobs_job_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "id"], name="jobs_job_open", condition=Q(state__in=[JobState.WAITING, JobState.RUNNING])
            ),
            models.Index(fields=["owner", "-id"], name="jobs_job_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def can_be_retried(self) -> bool:
        """A fault stopped it, not a refusal, and nobody has given it up."""
        return self.state == JobState.FAILED and not self.given_up and (not self.file_name or self.source is not None)

    @property
    def percent(self) -> int:
        """0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0
