"""What belongs to no single app: links of the walls in the halls, shapes of places for maps, what was typed and not
sent."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models import Organisation, Territory
from zhongzhi.accounts.models import ApiClient
from zhongzhi.core import ciphers
from zhongzhi.core.ciphers import CODE_BYTES
from zhongzhi.notices.models import CALLS
from zhongzhi.rows.triggers import append_only, refusal


class ScreenLink(models.Model):
    """An address that shows the wall of one place without a login: kept as a keyed hash, with an end."""

    place = models.ForeignKey(Territory, verbose_name="范围", on_delete=models.PROTECT, related_name="+")
    token_hash = models.BinaryField(max_length=CODE_BYTES, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    ends_on = models.DateField("有效至")
    revoked_at = models.DateTimeField("停用时间", null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "大屏链接"
        verbose_name_plural = "大屏链接"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="screen_link_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.ends_on}"


class PlaceShape(models.Model):
    """The outline of one place, where somebody has map data: a GeoJSON geometry, longitude before latitude."""

    place = models.OneToOneField(Territory, verbose_name="区划", on_delete=models.PROTECT, related_name="+")
    geometry = models.JSONField("边界")
    loaded_at = models.DateTimeField("导入时间", auto_now=True)

    class Meta:
        verbose_name = "区划边界"
        verbose_name_plural = "区划边界"

    def __str__(self) -> str:
        return str(self.place)


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


class KeptInput(models.Model):
    """A form as typed so far, sealed: kept while one types, gone when it is sent or thrown away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField("表单", max_length=200)
    sealed = models.BinaryField(editable=False)
    updated_at = models.DateTimeField("最近保存", auto_now=True)

    class Meta:
        verbose_name = "未提交的填写内容"
        verbose_name_plural = "未提交的填写内容"
        ordering = ["-updated_at"]
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="kept_input_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.place}"

    @property
    def text(self) -> str:
        """The form as it would be sent, encoded like an address."""
        return ciphers.unseal(bytes(self.sealed), aad=kept_aad(self.user_id, self.place))


def kept_aad(user_id: int, place: str) -> str:
    """What the sealed text is bound to."""
    return f"workbench.kept:{user_id}:{place}"


class EventKind(models.TextChoices):
    """What a webhook tells of a case, as the feed of changes does."""

    CREATED = "created", "新登记"
    CHANGED = "changed", "有变化"
    ENTERED = "entered", "进入查看范围"
    LEFT = "left", "离开查看范围"


class Webhook(models.Model):
    """Where an outside system is told of what changed in its sight, and how far it has been told.

    `cursor` is its place in the feed of changes. The secret before the last counts beside it until `old_until`.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField("地址", max_length=500)
    kinds = ArrayField(models.CharField(max_length=10, choices=EventKind), verbose_name="事件", default=list)
    is_full = models.BooleanField("带案件全文", default=False)
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
    """One event for one webhook; its `uid` is the event's id, the same whenever it is sent again."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    place = models.CharField(max_length=120)
    kind = models.CharField("事件", max_length=10, choices=EventKind)
    case_code = models.CharField("案件", max_length=24)
    happened_at = models.DateTimeField("变化时间")
    sent_at = models.DateTimeField("送达时间", null=True)
    resent = models.PositiveIntegerField("重发次数", default=0)

    class Meta:
        verbose_name = "推送记录"
        verbose_name_plural = "推送记录"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["webhook", "place"], name="webhook_event_once")]
        indexes = [
            models.Index(fields=["webhook", "case_code"], condition=Q(sent_at=None), name="webhook_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_code}"

    @property
    def key(self) -> str:
        """Of its message in the outbox."""
        return f"webhook:{self.uid}:{self.resent}"


class StandardText(models.Model):
    """A text under a name, put into fields with its variables filled: one's own, or shared with an organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=20)
    text = models.TextField("内容", max_length=2000)
    shared_with = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name="共享给"
    )

    class Meta:
        verbose_name = "常用语"
        verbose_name_plural = "常用语"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="standard_text_name_once")]

    def __str__(self) -> str:
        return self.name


def webhook_aad(uid: object) -> str:
    """What the sealed secrets of a webhook are bound to."""
    return f"workbench.webhook:{uid}"
