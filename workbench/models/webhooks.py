"""Where outside systems are told of what changed, and what they were told."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from zhongzhi.accounts.models import ApiClient
from zhongzhi.notices.models import CALLS

REASON_LENGTH, ANSWER_LENGTH = 300, 1000


class EventKind(models.TextChoices):
    """What a webhook tells of a case, as the feed of changes does."""

    CREATED = "created", "新登记"
    CHANGED = "changed", "有变化"
    ENTERED = "entered", "进入查看范围"
    LEFT = "left", "离开查看范围"


class Webhook(models.Model):
    """Where an outside system is told of what changed in its sight, and how far it has been told.

    `cursor` is its place in the feed of changes. The secret before the last counts beside it until `old_until`.
    `profile` is the kind of system it exchanges with (`data/exchange/`; empty: CloudEvents), `token_sealed` what we
    show there.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField("地址", max_length=500)
    kinds = ArrayField(models.CharField(max_length=10, choices=EventKind), verbose_name="事件", default=list)
    is_full = models.BooleanField("带案件全文", default=False)
    profile = models.CharField("对接方式", max_length=20, blank=True, default="", db_default="")
    token_sealed = models.BinaryField(editable=False, null=True)
    secret_sealed = models.BinaryField(editable=False)
    old_secret_sealed = models.BinaryField(editable=False, null=True)
    old_until = models.DateTimeField(null=True)
    cursor = models.CharField(max_length=120)
    made_at = models.DateTimeField("建立时间", default=timezone.now)
    paused_at = models.DateTimeField("暂停时间", null=True)
    ended_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "推送"
        verbose_name_plural = "推送"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url

    @property
    def topic(self) -> str:
        """Under which its messages stand in the outbox."""
        return f"{CALLS}{self.pk}"

    @property
    def kinds_in_words(self) -> str:
        """Of what it tells."""
        return "、".join(str(EventKind(kind).label) for kind in self.kinds)


class WebhookDelivery(models.Model):
    """One event for one webhook; its `uid` is the event's id, the same whenever it is sent again.

    By a profile the other side may refuse it, with a reason, and answer to it later. `digest` is of what was said.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    place = models.CharField(max_length=120)
    kind = models.CharField("事件", max_length=10, choices=EventKind)
    case_code = models.CharField("案件", max_length=24)
    happened_at = models.DateTimeField("变化时间")
    sent_at = models.DateTimeField("送达时间", null=True)
    refused_at = models.DateTimeField("对方拒收时间", null=True)
    reason = models.CharField("拒收原因", max_length=REASON_LENGTH, blank=True, default="", db_default="")
    answered_at = models.DateTimeField("对方答复时间", null=True)
    answer = models.CharField("对方答复", max_length=ANSWER_LENGTH, blank=True, default="", db_default="")
    digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    resent = models.PositiveIntegerField("重发次数", default=0)

    class Meta:
        verbose_name = "推送记录"
        verbose_name_plural = "推送记录"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["webhook", "place"], name="webhook_event_once")]
        indexes = [
            models.Index(fields=["webhook", "case_code"], condition=Q(sent_at=None), name="webhook_waiting"),
            models.Index(fields=["webhook", "-id"], condition=Q(refused_at__isnull=False), name="webhook_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_code}"

    @property
    def key(self) -> str:
        """Of its message in the outbox."""
        return f"webhook:{self.uid}:{self.resent}"


def token_aad(uid: object) -> str:
    """What the sealed token is bound to that a webhook shows at the other side."""
    return f"workbench.webhook.token:{uid}"


def webhook_aad(uid: object) -> str:
    """What the sealed secrets of a webhook are bound to."""
    return f"workbench.webhook:{uid}"
