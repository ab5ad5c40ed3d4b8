"""The case: one dispute, one code, from the window to the archived file."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse

from grids.models import Organisation, OutsideOrganisation, Territory
from intake.lifecycle import OPEN_STATES, State
from intake.models.category import Category
from intake.models.triggers import NOTE_CASE_CHANGE
from zhongzhi.rows.triggers import Trigger


class Channel(models.TextChoices):
    WINDOW = "01", "窗口来访"
    PATROL = "02", "网格排查"
    FIELD = "03", "村屯群/移动上报"
    HOTLINE = "04", "12345转办"
    PETITION = "05", "信访转办"
    POLICE_CALL = "06", "110非警务警情"
    COURT = "07", "法院委派/委托"
    DEPARTMENT = "08", "部门移送"
    SUPERIOR = "09", "上级交办"
    ONLINE = "10", "自助/网上"
    INTERFACE = "11", "接口"


class Scale(models.TextChoices):
    INDIVIDUAL = "01", "个体"
    GROUP = "02", "一般群体"
    MAJOR_GROUP = "03", "重大群体"


class Complexity(models.TextChoices):
    SIMPLE = "simple", "简单"
    ORDINARY = "ordinary", "一般"
    COMPLEX = "complex", "复杂"
    HARD = "hard", "疑难"


class Risk(models.TextChoices):
    RED = "red", "红"
    ORANGE = "orange", "橙"
    YELLOW = "yellow", "黄"
    BLUE = "blue", "蓝"


class Tier(models.TextChoices):
    VILLAGE = "village", "村级"
    TOWN = "town", "镇级"
    COUNTY = "county", "县级"


class Outcome(models.TextChoices):
    """How the dispute ended: the ways of settlement, or not settled."""

    JUDICIAL_MEDIATION = "judicial_mediation", "司法调解"
    ADMINISTRATIVE_MEDIATION = "administrative_mediation", "行政调解"
    PEOPLES_MEDIATION = "peoples_mediation", "人民调解"
    ARBITRAL_MEDIATION = "arbitral_mediation", "仲裁调解"
    COMMERCIAL_MEDIATION = "commercial_mediation", "商事调解"
    INDUSTRY_MEDIATION = "industry_mediation", "行业调解"
    LAWYER_MEDIATION = "lawyer_mediation", "律师调解"
    CIVIL_ARBITRATION = "civil_arbitration", "民商事仲裁"
    LAND_ARBITRATION = "land_arbitration", "土地承包仲裁"
    LABOUR_ARBITRATION = "labour_arbitration", "劳动人事仲裁"
    RECONSIDERATION = "reconsideration", "行政复议"
    ADMINISTRATIVE_RULING = "administrative_ruling", "行政裁决"
    LITIGATION = "litigation", "诉讼"
    SETTLEMENT = "settlement", "协商和解"
    OTHER = "other", "其他"
    UNRESOLVED = "unresolved", "未化解"


class Road(models.TextChoices):
    """The legal road an unresolved dispute was led to (法治化路线图)."""

    MEDIATION = "mediation", "调解"
    ADMINISTRATIVE = "administrative", "行政处理"
    ARBITRATION = "arbitration", "仲裁"
    RECONSIDERATION = "reconsideration", "行政复议"
    LITIGATION = "litigation", "诉讼"
    PETITION = "petition", "信访"
    PROTECTION_ORDER = "protection_order", "人身安全保护令"


class Case(models.Model):
    """One dispute. `status` is moved by the lifecycle only; `version` grows with every act."""

    lacks: frozenset[str] = frozenset()
    """Of a case that was read whole: what hangs on nothing of what hangs on it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("编号", max_length=24, null=True, unique=True, editable=False)
    status = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    title = models.CharField("标题", max_length=100, blank=True)
    narrative = models.TextField("事情经过", max_length=5000, blank=True)
    request = models.TextField("诉求", max_length=2000, blank=True)
    category = models.ForeignKey(
        Category, verbose_name="类别", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    channel = models.CharField("来源渠道", max_length=2, choices=Channel, default=Channel.WINDOW)
    territory = models.ForeignKey(
        Territory,
        verbose_name="发生地",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases",
        db_index=False,  # the first of an index below
    )
    place_detail = models.CharField("详细地点", max_length=200, blank=True)
    occurred_on = models.DateField("发生日期", null=True, blank=True)
    amount = models.DecimalField("涉及金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    people_count = models.PositiveIntegerField("涉及人数", null=True, blank=True)
    scale = models.CharField("规模", max_length=2, choices=Scale, default=Scale.INDIVIDUAL)
    complexity = models.CharField("难易程度", max_length=10, choices=Complexity, default=Complexity.SIMPLE)
    risk = models.CharField("风险等级", max_length=10, choices=Risk, default=Risk.BLUE)
    internal_number = models.CharField("内部编号", max_length=40, blank=True, help_text="本单位自己的编号，不要求唯一")

    centre = models.ForeignKey(
        Organisation,
        verbose_name="负责中心",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases_answered",
        db_index=False,  # the first of an index below
    )
    tier = models.CharField("办理层级", max_length=10, choices=Tier, blank=True)
    holder = models.ForeignKey(
        Organisation,
        verbose_name="当前办理单位",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases_held",
        db_index=False,  # the first of an index below
    )
    status_before = models.CharField("原状态", max_length=12, choices=State, blank=True, editable=False)

    outcome = models.CharField("结果", max_length=30, choices=Outcome, blank=True)
    outcome_note = models.TextField("办理情况", max_length=5000, blank=True)
    road = models.CharField("引导途径", max_length=20, choices=Road, blank=True)
    solved_tier = models.CharField("化解层级", max_length=10, choices=Tier, blank=True)
    accepted_tier = models.CharField("受理层级", max_length=10, choices=Tier, blank=True)
    concluded_by = models.ForeignKey(
        Organisation,
        verbose_name="办理完成单位",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases_concluded",
    )
    in_time = models.BooleanField("按期", null=True, help_text="办理完成时的结论：各办理时限均未超期；未办理完成时为空")
    is_past_limit = models.BooleanField(
        "办理已超期", default=False, db_default=False, help_text="主办单位现在的办理时限已过；换了主办或重办的重新计算"
    )
    satisfaction = models.PositiveSmallIntegerField("满意度", null=True, help_text="最近一次回访或群众评价，1 至 5")
    rated_at = models.DateTimeField("评价时间", null=True)
    is_repeat = models.BooleanField("重复诉求", default=False)
    guided_to = models.ForeignKey(
        Organisation,
        verbose_name="导引至",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases_guided",
    )
    guided_outside = models.ForeignKey(
        OutsideOrganisation,
        verbose_name="导引至外单位",
        null=True,
        on_delete=models.PROTECT,
        related_name="cases_guided",
    )
    merged_into = models.ForeignKey(
        "self", verbose_name="并入案件", null=True, on_delete=models.PROTECT, related_name="merged_cases"
    )
    is_fast_track = models.BooleanField("快速处置", default=False)
    is_restricted = models.BooleanField("限制知悉", default=False, db_default=False, help_text="只有指定的人员可以查看")

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField("录入时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    registered_at = models.DateTimeField("登记时间", null=True)
    accepted_at = models.DateTimeField("受理时间", null=True)
    concluded_at = models.DateTimeField("办理完成时间", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        verbose_name = "案件"
        verbose_name_plural = "案件"
        constraints = [
            models.CheckConstraint(
                condition=Q(status=State.DRAFT)
                | Q(
                    code__isnull=False,
                    territory__isnull=False,
                    centre__isnull=False,
                    holder__isnull=False,
                    registered_at__isnull=False,
                )
                & ~Q(title="")
                & ~Q(narrative="")
                & ~Q(tier=""),
                name="case_registered_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[State.CONCLUDED, State.CLOSED, State.ARCHIVED])
                | (~Q(outcome="") & Q(concluded_at__isnull=False)),
                name="case_concluded_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status=State.GUIDED) | Q(guided_to__isnull=False) | Q(guided_outside__isnull=False),
                name="case_guided_has_receiver",
            ),
            models.CheckConstraint(
                condition=Q(status=State.MERGED, merged_into__isnull=False) | ~Q(status=State.MERGED),
                name="case_merged_has_target",
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True, rated_at__isnull=True)
                | Q(satisfaction__range=(1, 5), rated_at__isnull=False),
                name="case_rated_with_time",
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="case_amount"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="case_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"]),
            models.Index(fields=["territory", "-id"]),
            models.Index(fields=["territory", "registered_at"], include=["id"], name="case_at_since"),
            models.Index(fields=["centre", "status"]),
            models.Index(fields=["holder", "status"]),
            models.Index(fields=["created_by", "-id"]),
            models.Index(fields=["created_by"], condition=Q(status__in=OPEN_STATES), name="case_open_of"),
            models.Index(fields=["status"], condition=Q(risk=Risk.RED), name="case_red"),
            models.Index(OpClass(Reverse("code"), name="text_pattern_ops"), name="case_code_reversed"),
            models.Index(fields=["internal_number"], condition=~Q(internal_number=""), name="case_internal_number"),
        ]
        triggers = [
            Trigger(
                name="case_change",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                function=NOTE_CASE_CHANGE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code or '草稿'} {self.title}".strip()

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.status in OPEN_STATES


class ExternalReference(models.Model):
    """The number of a case in another system (12345, petitions, police call), so that repeats are recognised."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="external_references")
    system = models.CharField("来源系统", max_length=30)
    number = models.CharField("来源编号", max_length=60)

    class Meta:
        verbose_name = "外部编号"
        verbose_name_plural = "外部编号"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "number"],
                name="external_number_once",
                violation_error_message="该来源编号已登记过。",
            )
        ]
        indexes = [
            models.Index(OpClass(Reverse("number"), name="text_pattern_ops"), name="external_number_reversed"),
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.number}"
