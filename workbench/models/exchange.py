"""What other systems send by a profile of exchange: each message once, and the cases that they report to a superior."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from workbench.models.webhooks import REASON_LENGTH
from zhongzhi.accounts.models import ApiClient

KEY_LENGTH, NUMBER_LENGTH = 100, 60


class ExchangeState(models.TextChoices):
    """What became of a message that came in."""

    TAKEN = "taken", "已接收"
    REFUSED = "refused", "已拒收"
    ANSWERED = "answered", "已答复"


class ExchangeItem(models.Model):
    """One message of another system, by the key it gave it: the same again changes nothing unless it was refused.

    What it said of people stands with its case alone, never here.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="exchange_items")
    profile = models.CharField("对接方式", max_length=20)
    key = models.CharField("对方消息标识", max_length=KEY_LENGTH)
    number = models.CharField("对方编号", max_length=NUMBER_LENGTH)
    sequence = models.BigIntegerField("对方序号", null=True)
    kind = models.CharField("事件", max_length=20, blank=True)
    happened_at = models.CharField("对方所记时间", max_length=40, blank=True)
    state = models.CharField("情况", max_length=10, choices=ExchangeState)
    reason = models.CharField("说明", max_length=REASON_LENGTH, blank=True)
    case_code = models.CharField("案件", max_length=24, blank=True)
    times = models.PositiveIntegerField("收到次数", default=1)
    received_at = models.DateTimeField("收到时间", default=timezone.now)
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = "对接来件"
        verbose_name_plural = "对接来件"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="exchange_item_once"),
            models.CheckConstraint(condition=Q(state__in=ExchangeState.values), name="exchange_item_state_known"),
        ]
        indexes = [
            models.Index(fields=["client", "number", "-sequence"], name="exchange_item_of_number"),
            models.Index(fields=["client", "-id"], condition=Q(state="refused"), name="exchange_item_refused"),
            models.Index(fields=["client", "case_code"], condition=Q(state="taken"), name="exchange_item_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.key}"


class ReportedCase(models.Model):
    """A case of a county as it was last reported here, without names; `left` when it is out of the reporter's sight."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="reported_cases")
    code = models.CharField("案件编号", max_length=NUMBER_LENGTH)
    sequence = models.BigIntegerField("报送序号")
    version = models.BigIntegerField("版本", null=True)
    status = models.CharField("状态", max_length=20, blank=True)
    facts = models.JSONField("报送内容", default=dict)
    left = models.BooleanField("不再报送", default=False)
    reported_at = models.DateTimeField("最近报送", default=timezone.now)

    class Meta:
        verbose_name = "下级报送案件"
        verbose_name_plural = "下级报送案件"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["client", "code"], name="reported_case_once")]

    def __str__(self) -> str:
        return self.code
