"""Who mediates: committees, branded and other rooms, their mediators and meeting rooms, teams, the hall's roster."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from grids.models import Organisation, Posting
from mediation.models.triggers import ADMINISTRATORS_APART, MEDIATORS_APART
from zhongzhi.rows.periods import DatePeriod, period_of_days
from zhongzhi.rows.remembered import remembered_table
from zhongzhi.rows.triggers import Trigger


class BodyKind(models.TextChoices):
    VILLAGE = "village", "村（社区）人民调解委员会"
    TOWN = "town", "乡镇（街道）人民调解委员会"
    COUNTY = "county", "县级人民调解委员会"
    BRANDED = "branded", "品牌（个人）调解室"
    INDUSTRY = "industry", "行业性专业性调解组织"
    MASS = "mass", "群团调解室"
    ADMINISTRATIVE = "administrative", "行政调解机构"
    JUDICIAL = "judicial", "法院（法庭）调解室"
    LAWYER = "lawyer", "律师调解工作室"


class Mode(models.TextChoices):
    PEOPLES = "peoples", "人民调解"
    ADMINISTRATIVE = "administrative", "行政调解"
    JUDICIAL = "judicial", "司法调解"
    INDUSTRY = "industry", "行业专业调解"
    MASS = "mass", "群团调解"
    BRANDED = "branded", "品牌室调解"
    LAWYER = "lawyer", "律师调解"


class Body(DatePeriod):
    """An organisation that mediates. `seal` is the wording of the seal that agreements carry."""

    organisation = models.OneToOneField(
        Organisation, verbose_name="机构", on_delete=models.PROTECT, related_name="mediation_body"
    )
    kind = models.CharField("类型", max_length=16, choices=BodyKind)
    seal = models.CharField("印章全称", max_length=80)
    doc_mark = models.CharField("文书代字", max_length=20, help_text="协议编号用，如 巨日合调")
    introduction = models.TextField("简介", max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "调解组织"
        verbose_name_plural = "调解组织"
        ordering = ["organisation__territory__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["doc_mark"], name="mediation_body_mark_once"),
            period_of_days("mediation_body_period", starts="设立日期", ends="撤销日期"),
        ]
        triggers = remembered_table("mediation_body")

    def __str__(self) -> str:
        return self.organisation.name


class Room(models.Model):
    """A room that sessions are held in; booked by one session at a time."""

    body = models.ForeignKey(Body, verbose_name="调解组织", on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField("名称", max_length=40)
    place = models.CharField("位置", max_length=80, blank=True)
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "调解室"
        verbose_name_plural = "调解室"
        ordering = ["body", "name"]
        constraints = [models.UniqueConstraint(fields=["body", "name"], name="mediation_room_name_once")]

    def __str__(self) -> str:
        return self.name


class MediatorKind(models.TextChoices):
    FULL_TIME = "full_time", "专职"
    PART_TIME = "part_time", "兼职"
    EXPERT = "expert", "专家库成员"
    INVITED = "invited", "特邀调解员"


class Mediator(DatePeriod):
    """A person who mediates for a body; experts and villagers need no account."""

    body = models.ForeignKey(Body, verbose_name="调解组织", on_delete=models.PROTECT, related_name="mediators")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="账号", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("姓名", max_length=40)
    kind = models.CharField("类别", max_length=10, choices=MediatorKind, default=MediatorKind.PART_TIME)
    certificate = models.CharField("调解员证号", max_length=40, blank=True)
    qualified_until = models.DateField("资格有效期至", null=True, blank=True)
    specialities = ArrayField(models.CharField(max_length=4), verbose_name="擅长类别", default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "调解员"
        verbose_name_plural = "调解员"
        ordering = ["body", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "user"],
                condition=Q(ends_on__isnull=True, user__isnull=False),
                name="mediator_once_per_body",
            ),
            period_of_days("mediator_period", starts="聘任日期", ends="解聘日期"),
        ]
        triggers = [
            Trigger(
                name="mediation_mediator_administrators_apart",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                function=ADMINISTRATORS_APART,
            ),
            *remembered_table("mediation_mediator"),
        ]

    def __str__(self) -> str:
        return self.name


class MediatorPosting(Posting):
    """A post as mediation sees it: whoever mediates takes none of the three administrators'."""

    class Meta:
        proxy = True
        triggers = [
            Trigger(
                name="mediation_posting_mediators_apart",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                function=MEDIATORS_APART,
            )
        ]


class Team(models.Model):
    """A named linkage (四所一庭一公证, 法院+政协+人大 …): which kinds of organisation join, as a template."""

    name = models.CharField("名称", max_length=40, unique=True)
    members = ArrayField(models.CharField(max_length=40), verbose_name="参与方")
    use = models.CharField("适用", max_length=200, blank=True)
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "联动调解模式"
        verbose_name_plural = "联动调解模式"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """Who of an organisation is at which window of the hall on which day (轮驻), or on call (随驻)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(
        Organisation, verbose_name="综治中心", on_delete=models.PROTECT, related_name="hall_duties"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="入驻单位", on_delete=models.PROTECT, related_name="duties"
    )
    day = models.DateField("日期")
    window = models.CharField("窗口", max_length=20, blank=True, help_text="随驻单位填“随叫随到”或留空")
    person = models.CharField("值守人员", max_length=40)
    phone = models.CharField("联系电话", max_length=30, blank=True)

    class Meta:
        verbose_name = "大厅值守"
        verbose_name_plural = "大厅值守"
        ordering = ["day", "window", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "organisation", "day"],
                name="hall_duty_once_a_day",
                violation_error_message="该单位这一天已有值守安排。",
            ),
            models.UniqueConstraint(
                fields=["centre", "day", "window"],
                condition=~Q(window=""),
                name="hall_window_once_a_day",
                violation_error_message="这个窗口这一天已安排给其他单位。",
            ),
        ]
        triggers = remembered_table("mediation_duty")

    def __str__(self) -> str:
        return f"{self.day} {self.organisation}"
