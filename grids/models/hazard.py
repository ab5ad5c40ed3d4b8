"""Hazards: what is found in the field, and who came."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.lifecycle import UNSETTLED, HazardEvent, HazardState
from grids.models.territory import Territory
from zhongzhi.core import ciphers
from zhongzhi.files.models import StoredFile
from zhongzhi.rows.marks import mark_of
from zhongzhi.rows.steps import StatusStep
from zhongzhi.rows.triggers import append_only, refusal


class HazardKind(models.TextChoices):
    DISPUTE = "dispute", "矛盾纠纷"
    SAFETY = "safety", "治安风险隐患"


class HazardLevel(models.TextChoices):
    """The same four colours as the risk of a case."""

    RED = "red", "红"
    ORANGE = "orange", "橙"
    YELLOW = "yellow", "黄"
    BLUE = "blue", "蓝"


class HazardSource(models.TextChoices):
    PATROL = "patrol", "走访巡查发现"
    VILLAGER = "villager", "群众反映"
    GROUP = "group", "村屯群上报"


class Hazard(models.Model):
    """One thing found. `is_urgent` asks officer and cadres to come; the time of the first who came is a measure,
    no duty. A report carries the number that the phone gave it, so that it is taken once however often it is sent.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territory = models.ForeignKey(Territory, verbose_name="网格", on_delete=models.PROTECT, related_name="hazards")
    kind = models.CharField("类别", max_length=10, choices=HazardKind)
    level = models.CharField("等级", max_length=10, choices=HazardLevel, default=HazardLevel.BLUE)
    source = models.CharField("来源", max_length=10, choices=HazardSource, default=HazardSource.PATROL)
    status = models.CharField("状态", max_length=12, choices=HazardState, default=HazardState.OPEN, editable=False)
    narrative = models.TextField("情况", max_length=2000)
    place_detail = models.CharField("具体位置", max_length=200, blank=True)
    reporter_name = models.CharField("反映人", max_length=80, blank=True)
    reporter_phone_sealed = models.BinaryField(null=True, editable=False)
    other_side = models.CharField("对方当事人", max_length=80, blank=True)
    is_urgent = models.BooleanField("请马上到场", default=False)
    is_demo = models.BooleanField("演示数据", default=False)
    found_at = models.DateTimeField("发现时间")
    reported_at = models.DateTimeField("收到时间", default=timezone.now)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上报人", on_delete=models.PROTECT, related_name="+"
    )
    first_on_spot_at = models.DateTimeField("最先到场时间", null=True)
    result = models.TextField("处置情况", max_length=2000, blank=True)
    watch_until = models.DateField("关注至", null=True)
    case_code = models.CharField("案件编号", max_length=24, blank=True)
    ended_at = models.DateTimeField("处置时间", null=True)

    class Meta:
        verbose_name = "隐患（排查发现）"
        verbose_name_plural = "隐患（排查发现）"
        constraints = [
            models.CheckConstraint(condition=~Q(narrative=""), name="hazard_says_what"),
            models.CheckConstraint(
                condition=Q(status=HazardState.HANDED_ON) & ~Q(case_code="")
                | ~Q(status=HazardState.HANDED_ON) & Q(case_code=""),
                name="hazard_handed_on_names_its_case",
            ),
            models.CheckConstraint(
                condition=Q(status=HazardState.SOLVED) & ~Q(result="") | ~Q(status=HazardState.SOLVED),
                name="hazard_solved_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "-id"], name="hazard_at"),
            models.Index(fields=["reported_by", "-id"], name="hazard_by"),
            models.Index(fields=["status", "-id"], name="hazard_status"),
            models.Index(fields=["territory"], condition=Q(status__in=UNSETTLED), name="hazard_unsettled"),
        ]

    def __str__(self) -> str:
        return f"隐患 {self.pk}"

    @property
    def reporter_phone(self) -> str:
        """The phone of who told it, in the clear; whoever calls this has been permitted to."""
        sealed = self.reporter_phone_sealed
        return ciphers.unseal(bytes(sealed), aad=self._aad) if sealed else ""

    def seal_reporter_phone(self, number: str) -> None:
        """Keep a normalised phone number; empty takes it away."""
        self.reporter_phone_sealed = ciphers.seal(number, aad=self._aad) if number else None

    @property
    def minutes_to_spot(self) -> int | None:
        """Whole minutes from the report's arrival to the first who came."""
        if self.first_on_spot_at is None:
            return None
        return max(0, int((self.first_on_spot_at - self.reported_at).total_seconds() // 60))

    @property
    def _aad(self) -> str:
        return f"grids.hazard.reporter_phone:{self.uid}"


class HazardStep(StatusStep):
    """One step of a hazard."""

    events, states = HazardEvent, HazardState

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="steps")

    class Meta(StatusStep.Meta):
        verbose_name = "隐患处置步骤"
        verbose_name_plural = "隐患处置步骤"
        triggers = [
            *append_only("hazard_step", refusal("grids_refuse_change")),
            mark_of("hazard_step", "hazard", "event", "from_status", "to_status", "actor", "reason", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.event}"


class HazardFile(models.Model):
    """A photo or video of a report, under the number that the phone gave it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hazard = models.ForeignKey(Hazard, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "隐患附件"
        verbose_name_plural = "隐患附件"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.uid)


class Arrival(models.Model):
    """到场: somebody pressed "on the spot"; once per person and report. No position is kept."""

    hazard = models.ForeignKey(Hazard, on_delete=models.CASCADE, related_name="arrivals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("到场时间", default=timezone.now)

    class Meta:
        verbose_name = "到场"
        verbose_name_plural = "到场"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["hazard", "user"], name="arrival_once")]

    def __str__(self) -> str:
        return f"{self.hazard_id} {self.user_id}"
