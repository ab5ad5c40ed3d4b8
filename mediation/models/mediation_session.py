"""Sessions: when and where, who was asked and came, what was said, measured and agreed; and what is booked for them."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from intake.models import Party
from mediation.models.bodies import Mediator, Room
from mediation.models.mediation import Mediation
from zhongzhi.rows.periods import TimePeriod, period_of_time


class SessionKind(models.TextChoices):
    MEETING = "meeting", "调解会"
    SURVEY = "survey", "现场勘查"
    BACK_TO_BACK = "back_to_back", "背靠背谈话"


class SessionState(models.TextChoices):
    PLANNED = "planned", "已安排"
    HELD = "held", "已举行"
    ADJOURNED = "adjourned", "已延期"
    CANCELLED = "cancelled", "已取消"


class SessionResult(models.TextChoices):
    AGREED = "agreed", "达成一致"
    GO_ON = "go_on", "继续调解"
    NO_AGREEMENT = "no_agreement", "未达成一致"
    FACTS = "facts", "查明事实"


class Session(TimePeriod):
    """One meeting of a mediation, or one visit to the place."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField("类型", max_length=12, choices=SessionKind, default=SessionKind.MEETING)
    room = models.ForeignKey(
        Room, verbose_name="调解室", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    place = models.CharField("地点", max_length=120, blank=True, help_text="不在调解室时填写")
    status = models.CharField("状态", max_length=10, choices=SessionState, default=SessionState.PLANNED)
    record = models.TextField("笔录", max_length=20000, blank=True)
    facts = models.TextField("查明的事实", max_length=5000, blank=True)
    result = models.CharField("结果", max_length=12, choices=SessionResult, blank=True)
    result_note = models.CharField("结果说明", max_length=1000, blank=True)
    recorder = models.CharField("记录人", max_length=40, blank=True)
    adjourned_to = models.OneToOneField(
        "self", verbose_name="改期至", null=True, on_delete=models.PROTECT, related_name="adjourned_from"
    )
    planned_for = models.DateTimeField("原定时间", null=True, help_text="提前举行的，原来安排的时间")
    entered_at = models.DateTimeField("补录时间", null=True, help_text="事后补录的，录入的时间")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "调解活动"
        verbose_name_plural = "调解活动"
        ordering = ["starts_at", "pk"]
        constraints = [
            period_of_time("session_ends_after_start"),
            models.CheckConstraint(condition=Q(room__isnull=False) | ~Q(place=""), name="session_has_a_place"),
            models.CheckConstraint(
                condition=~Q(status=SessionState.HELD) | (~Q(record="") & ~Q(result="")),
                name="session_held_has_record",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True) | Q(entered_at__gte=F("ends_at")), name="session_entered_after_it"
            ),
        ]
        indexes = [models.Index(fields=["mediation", "starts_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def where(self) -> str:
        """Where it is held, in words."""
        return self.room.name if self.room else self.place


class Booking(models.Model):
    """A mediator's or a room's time that a session takes: two that overlap cannot both be."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="bookings")
    mediator = models.ForeignKey(Mediator, null=True, on_delete=models.PROTECT, related_name="bookings")
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="bookings")
    period = DateTimeRangeField("时段")

    class Meta:
        verbose_name = "占用"
        verbose_name_plural = "占用"
        constraints = [
            ExclusionConstraint(
                name="mediator_booked_once_at_a_time",
                expressions=[("mediator", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(mediator__isnull=False),
            ),
            ExclusionConstraint(
                name="room_booked_once_at_a_time",
                expressions=[("room", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(room__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(mediator__isnull=False, room__isnull=True) | Q(mediator__isnull=True, room__isnull=False),
                name="booking_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.period}"


class Attendee(models.Model):
    """Somebody asked to a session: a party of the case, or another by name and capacity; and whether he came."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendees")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=40, blank=True)
    capacity = models.CharField("身份", max_length=60, blank=True)
    invited_at = models.DateTimeField("通知时间", null=True)
    came = models.BooleanField("到场", null=True)

    class Meta:
        verbose_name = "参加人"
        verbose_name_plural = "参加人"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "party"], condition=Q(party__isnull=False), name="attendee_once_per_session"
            ),
            models.CheckConstraint(condition=Q(party__isnull=False) | ~Q(name=""), name="attendee_is_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.pk}"

    @property
    def shown_name(self) -> str:
        return self.party.shown_name if self.party else self.name


class Measurement(models.Model):
    """What was measured on the spot, beside what the ledger says (story 2: ridges by the land register)."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="measurements")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField("测量项目", max_length=60)
    by_ledger = models.DecimalField("台账数", max_digits=12, decimal_places=3, null=True, blank=True)
    measured = models.DecimalField("实测数", max_digits=12, decimal_places=3)
    unit = models.CharField("单位", max_length=10)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "测量"
        verbose_name_plural = "测量"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.measured}{self.unit}"
