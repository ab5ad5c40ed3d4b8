"""The daily coordination meeting (碰头会) and the joint analysis of a week or month (研判会): the agenda, and what was
decided on each item."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models.case import Case


class MeetingKind(models.TextChoices):
    """How wide a sitting looks: at its own centre's day, or at all that brews in the territory."""

    DAILY = "daily", "碰头会"
    WEEKLY = "weekly", "周研判会"
    MONTHLY = "monthly", "月研判会"


class AgendaReason(models.TextChoices):
    """Why a case stands on the agenda."""

    IMPORTED = "imported", "新转入"
    REPORTED = "reported", "群众上报"
    UNSORTED = "unsorted", "待研判"
    RETURNED = "returned", "待重新分流"
    OVERDUE = "overdue", "已超期"
    HARD = "hard", "疑难复杂"
    RISK = "risk", "红橙风险"
    ADDED = "added", "提请会商"
    WARNED = "warned", "预警"
    HUNG_UP = "hung_up", "挂起"
    LAPSED = "lapsed", "本期超期"


class Decision(models.TextChoices):
    """What a meeting decides; `MOOT` is what needs no decision any more, because the case came to rest meanwhile."""

    ACCEPT = "accept", "受理"
    DISPATCH = "dispatch", "交办"
    JOINT = "joint", "联动处置"
    MERGE = "merge", "并案"
    GUIDE = "guide", "导引"
    FOLLOW = "follow", "继续跟进"
    DEFER = "defer", "缓议"
    MOOT = "moot", "会外已办"


class CoordinationMeeting(models.Model):
    """One sitting of a kind of one centre on one day."""

    centre = models.ForeignKey(Organisation, verbose_name="综治中心", on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField("种类", max_length=8, choices=MeetingKind, default=MeetingKind.DAILY)
    held_on = models.DateField("日期")
    chair = models.CharField("主持人", max_length=50, blank=True)
    attendees = models.TextField("出席", max_length=1000, blank=True)
    absentees = models.TextField("请假", max_length=1000, blank=True)
    observers = models.TextField("列席", max_length=1000, blank=True)
    notes = models.TextField("会议议定其他事项", max_length=5000, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("开始时间")
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "碰头会"
        verbose_name_plural = "碰头会"
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["centre", "held_on", "kind"], name="one_meeting_a_day")]

    def __str__(self) -> str:
        return f"{self.centre} {self.held_on}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_analysis(self) -> bool:
        """Whether it looks at all of the territory."""
        return self.kind != MeetingKind.DAILY


class AgendaItem(models.Model):
    """One case on the agenda, and the decision on it."""

    meeting = models.ForeignKey(CoordinationMeeting, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agenda_items")
    ordinal = models.PositiveIntegerField("序号")
    reason = models.CharField("上会原因", max_length=10, choices=AgendaReason)
    decision = models.CharField("决定", max_length=10, choices=Decision, blank=True)
    lead = models.ForeignKey(
        Organisation, verbose_name="主办单位", null=True, on_delete=models.PROTECT, related_name="+"
    )
    co_handlers = models.ManyToManyField(Organisation, verbose_name="协办单位", related_name="+")
    target = models.ForeignKey(Case, verbose_name="并入", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField("决定意见", max_length=2000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)

    class Meta:
        verbose_name = "议题"
        verbose_name_plural = "议题"
        ordering = ["ordinal", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="case_once_on_an_agenda"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False))
                | Q(decision=Decision.MOOT, decided_at__isnull=False),
                name="agenda_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.ordinal}"

    @property
    def is_settled(self) -> bool:
        """Decided in a way that cannot be decided again: what was put off or only followed can."""
        return self.decision not in ("", Decision.DEFER, Decision.FOLLOW)
