"""Organisations that take part: centres, departments, police stations, courts, mediation rooms."""

from django.db import models
from django.db.models import Q

from grids.models.territory import Territory
from zhongzhi.rows.periods import DatePeriod, period_of_days
from zhongzhi.rows.remembered import remembered_table


class OrganisationKind(models.TextChoices):
    CENTRE = "centre", "综治中心"
    DEPARTMENT = "department", "部门"
    POLICE_STATION = "police_station", "派出所"
    JUSTICE_OFFICE = "justice_office", "司法所"
    COURT = "court", "法院（法庭）"
    PROCURATORATE = "procuratorate", "检察院"
    MEDIATION_COMMITTEE = "mediation_committee", "人民调解委员会"
    BRANDED_ROOM = "branded_room", "品牌调解室"
    LAW_FIRM = "law_firm", "律师事务所"
    LEGAL_SERVICE = "legal_service", "基层法律服务所"
    NOTARY = "notary", "公证处"
    MASS_ORGANISATION = "mass_organisation", "群团组织"
    ARBITRATION = "arbitration", "仲裁机构"
    PARTY_GROUP = "party_group", "网格党小组"
    TASK_FORCE = "task_force", "专班、领导小组"


NEVER_HANDLE = (OrganisationKind.PARTY_GROUP, OrganisationKind.TASK_FORCE)
"""They coordinate and lead nothing: work is handed to their members."""


class Presence(models.TextChoices):
    """How an organisation is present in the county hall."""

    NONE = "none", "不入驻"
    RESIDENT = "resident", "常驻"
    ROTATING = "rotating", "轮驻"
    ON_CALL = "on_call", "随驻"


class Organisation(DatePeriod):
    """One organisation at one place. A centre's tier is the level of its territory."""

    name = models.CharField("名称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=30)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind)
    territory = models.ForeignKey(
        Territory, verbose_name="所在区划", on_delete=models.PROTECT, related_name="organisations"
    )
    successor = models.ForeignKey(
        "self",
        verbose_name="由谁接替",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        help_text="撤并后接替其工作的机构；总是指向最后接替的一个",
    )
    presence = models.CharField("入驻方式", max_length=10, choices=Presence, default=Presence.NONE)
    answers_complaints = models.BooleanField(
        "办理对干部和单位的反映",
        default=False,
        db_default=False,
        help_text="旗县指定办理对干部、单位的反映的单位，如纪委监委",
    )
    phone = models.CharField("联系电话", max_length=30, blank=True)
    address = models.CharField(
        "地址", max_length=200, blank=True, db_default="", help_text="告知书、转送函写明的办公地点"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ["territory__code", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory"],
                condition=Q(kind=OrganisationKind.CENTRE, ends_on__isnull=True),
                name="one_centre_per_territory",
                violation_error_message="该区划已有综治中心。",
            ),
            period_of_days("organisation_period", may_be_empty=True),
        ]
        indexes = [models.Index(fields=["kind", "territory"])]
        triggers = remembered_table("grids_organisation")

    def __str__(self) -> str:
        return self.name

    @property
    def is_centre(self) -> bool:
        return self.kind == OrganisationKind.CENTRE
