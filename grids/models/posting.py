"""Postings: a person serves at an organisation in a role for a period."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from grids.models.organisation import Organisation
from grids.models.territory import Territory
from grids.models.triggers import administrators_apart
from zhongzhi.rows.marks import marked
from zhongzhi.rows.periods import DAYS, DatePeriod, period_of_days
from zhongzhi.rows.remembered import remembered_table


class Role(models.TextChoices):
    CLERK = "clerk", "窗口受理员"
    DISPATCHER = "dispatcher", "研判分流员"
    HANDLER = "handler", "部门经办人"
    MEDIATOR = "mediator", "调解员"
    MANAGER = "manager", "综治中心负责人"
    GRID_WORKER = "grid_worker", "网格员"
    LEADER = "leader", "领导"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"
    API_CLIENT = "api_client", "接口应用"


_SEPARATED_DUTY = models.Case(
    models.When(role=Role.SYSTEM_ADMIN, then=1),
    models.When(role=Role.SECURITY_ADMIN, then=2),
    models.When(role=Role.AUDITOR, then=3),
    default=0,
    output_field=models.SmallIntegerField(),
)


class Posting(DatePeriod):
    """Who serves where, as what, from when to when."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="postings"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="机构", on_delete=models.PROTECT, related_name="postings"
    )
    role = models.CharField("岗位", max_length=20, choices=Role)
    area = models.ForeignKey(
        Territory,
        verbose_name="责任区域",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="postings",
        help_text="网格员所负责的网格；其他岗位不填",
    )
    title = models.CharField("职务", max_length=40, blank=True)
    deputises_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代理",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="代谁履职；代理须有结束日期",
    )
    separated_duty = models.GeneratedField(
        expression=_SEPARATED_DUTY, output_field=models.SmallIntegerField(), db_persist=True
    )

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["user", "starts_on"]
        constraints = [
            period_of_days("posting_period", starts="任职日期", ends="离任日期"),
            ExclusionConstraint(
                name="posting_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                violation_error_message="该人员在此期间已在该机构担任同一岗位。",
            ),
            ExclusionConstraint(
                name="posting_three_administrators_apart",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("separated_duty", RangeOperators.NOT_EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                violation_error_message="系统管理员、安全管理员、审计员须由不同的人担任，且不兼业务岗位。",
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True) | Q(role=Role.GRID_WORKER),
                name="posting_area_is_for_grid_workers",
            ),
            models.CheckConstraint(
                condition=Q(deputises_for__isnull=True) | Q(ends_on__isnull=False),
                name="posting_deputy_for_a_time",
                violation_error_message="代理须填写结束日期。",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"])]
        triggers = [
            administrators_apart("grids_posting_administrators_apart"),
            *marked("posting", "user", "organisation", "role", "area", "title", "starts_on", "ends_on", by_acts=True),
            *remembered_table("grids_posting"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"


class PostProposal(DatePeriod):
    """A post that the security administrator has to confirm: it does not exist before, so nobody sees by it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="proposed_postings"
    )
    organisation = models.ForeignKey(Organisation, verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    role = models.CharField("岗位", max_length=20, choices=Role)
    title = models.CharField("职务", max_length=40, blank=True)
    deputises_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提请时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    granted = models.BooleanField("同意", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "任职复核"
        verbose_name_plural = "任职复核"
        ordering = ["-pk"]
        constraints = [
            period_of_days("post_proposal_period", starts="开始日期", ends="结束日期"),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(granted__isnull=True),
                name="post_proposed_once",
                violation_error_message="这个任职已提请复核，请等安全管理员确认。",
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_by__isnull=True)
                | (Q(granted__isnull=False) & ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user"))),
                name="post_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"
