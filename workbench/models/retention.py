"""How long data are kept, what the sweeps did, and what is unusual about somebody's reading."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from zhongzhi.rows.triggers import append_only, refusal


class RetentionRule(models.Model):
    """How long one kind of data is kept, from a day on; without days for ever. The last line in force counts, none is
    ever changed."""

    kind = models.CharField("类别", max_length=30)
    days = models.PositiveIntegerField("保存天数", null=True)
    source = models.CharField("依据", max_length=150)
    starts_on = models.DateField("启用日期")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "保存期限"
        verbose_name_plural = "保存期限"
        indexes = [models.Index(fields=["kind", "-starts_on", "-id"], name="retention_rule_in_force")]
        triggers = append_only("workbench_retentionrule", refusal("workbench_retentionrule_refuse"))

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"


class RetentionRun(models.Model):
    """What one night's sweep did of one kind: up to which moment, how many rows went, how many could not."""

    kind = models.CharField("类别", max_length=30)
    cutoff = models.DateTimeField("截至")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", default=timezone.now)
    done = models.PositiveIntegerField("已处理")
    failed = models.PositiveIntegerField("未能处理")

    class Meta:
        verbose_name = "到期清理"
        verbose_name_plural = "到期清理"
        indexes = [models.Index(fields=["kind", "-id"], name="retention_run_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d}"


class AlertKind(models.TextChoices):
    """What is unusual about somebody's reading."""

    MANY_LOOKS = "many_looks", "一小时内查看过多"
    EXPORTS = "exports", "导出完整号码"
    OFF_HOURS = "off_hours", "非工作时间查看"


class ReadingAlert(models.Model):
    """Unusual reading of personal data: one line per person, kind and span, however often the sweep sees it."""

    kind = models.CharField("情形", max_length=20, choices=AlertKind)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reading_alerts")
    since = models.DateTimeField("时段起")
    count = models.PositiveIntegerField("次数")
    threshold = models.PositiveIntegerField("阈值")
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    seen_at = models.DateTimeField("已阅时间", null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    explanation = models.CharField("说明", max_length=300, blank=True)
    explained_at = models.DateTimeField("说明时间", null=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "查阅预警"
        verbose_name_plural = "查阅预警"
        constraints = [
            models.UniqueConstraint(fields=["kind", "person", "since"], name="reading_alert_once"),
            models.CheckConstraint(
                condition=Q(explained_at=None, explanation="") | (Q(explained_at__isnull=False) & ~Q(explanation="")),
                name="reading_alert_explained_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
