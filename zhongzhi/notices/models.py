"""The outbox, where what must follow an act waits for delivery, and the notices that people read."""

from django.conf import settings
from django.db import models
from django.utils import timezone

KEY_LENGTH = 200
TITLE_LENGTH = 200
LINK_LENGTH = 300
CALLS = "webhook:"
"""How the topics of calls to other systems begin: `webhook:7`."""


class OutboxMessage(models.Model):
    """One thing to be delivered, written in the transaction of the act that caused it.

    `key` makes the second time impossible. A failure moves `next_attempt_at` on; the program never gives up,
    only an administrator does (`given_up_at`).
    """

    key = models.CharField("唯一键", max_length=KEY_LENGTH, unique=True)
    topic = models.CharField("主题", max_length=40)
    payload = models.JSONField("内容")
    created_at = models.DateTimeField("写入时间", default=timezone.now)
    not_before = models.DateTimeField("不早于", null=True)
    not_after = models.DateTimeField("不晚于", null=True)
    attempts = models.PositiveIntegerField("失败次数", default=0)
    next_attempt_at = models.DateTimeField("下次投递时间", default=timezone.now)
    delivered_at = models.DateTimeField("投递时间", null=True)
    given_up_at = models.DateTimeField("放弃时间", null=True)
    last_error = models.CharField("最近一次错误", max_length=100, blank=True)

    class Meta:
        verbose_name = "待发消息"
        verbose_name_plural = "待发消息"
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="notices_outbox_due",
                condition=models.Q(delivered_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """One message in one person's list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    outbox = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=60)
    title = models.CharField("标题", max_length=TITLE_LENGTH)
    body = models.TextField("内容", blank=True)
    link = models.CharField("链接", max_length=LINK_LENGTH, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True)
    is_unread = models.GeneratedField(
        expression=models.Q(read_at__isnull=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        constraints = [models.UniqueConstraint(fields=["outbox", "user"], name="notices_notice_once")]
        indexes = [
            models.Index(fields=["user", "-is_unread", "-id"], name="notices_notice_list"),
        ]

    def __str__(self) -> str:
        return self.title
