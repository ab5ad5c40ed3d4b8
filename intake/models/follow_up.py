"""Following up after a case is closed: was it kept, are they satisfied, is anything brewing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.case import Case


class ContactWay(models.TextChoices):
    PHONE = "phone", "电话"
    VISIT = "visit", "上门"
    WINDOW = "window", "来访"
    MESSAGE = "message", "短信或微信"


class Performance(models.TextChoices):
    """How far what was agreed has been done."""

    DONE = "done", "已全部履行"
    PARTLY = "partly", "部分履行"
    NOT_YET = "not_yet", "履行期未到"
    NOT = "not", "未履行"
    NONE = "none", "无履行内容"


class Satisfaction(models.IntegerChoices):
    VERY_POOR = 1, "很不满意"
    POOR = 2, "不满意"
    FAIR = 3, "一般"
    GOOD = 4, "满意"
    VERY_GOOD = 5, "很满意"


class FollowUp(models.Model):
    """One follow-up: who was asked and what they said; or an attempt that reached nobody."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    way = models.CharField("方式", max_length=10, choices=ContactWay)
    reached = models.BooleanField("是否联系上")
    performance = models.CharField("履行情况", max_length=10, choices=Performance, blank=True)
    satisfaction = models.PositiveSmallIntegerField("满意度", choices=Satisfaction, null=True)
    escalating = models.BooleanField("有激化苗头", default=False)
    note = models.TextField("回访记录", max_length=2000, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("回访时间")

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = "回访"
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reached=False, performance="", satisfaction__isnull=True)
                | (Q(reached=True, satisfaction__isnull=False) & ~Q(performance="")),
                name="follow_up_says_what_was_heard",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="follow_up_satisfaction"
            ),
        ]
        indexes = [models.Index(fields=["case", "made_at"])]

    def __str__(self) -> str:
        return f"{self.case_id} {self.made_at:%Y-%m-%d}"
