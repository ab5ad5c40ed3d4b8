"""Territory: the administrative ladder from province to grid, told by its code.

Sources: GB/T 2260 (province, prefecture, county), GB/T 10114 (town), the statistical code of villages and
communities, and the three digits of a grid. Only significant digits are stored, so that a subtree is a prefix.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Left, Length
from django.db.models.lookups import Exact

from zhongzhi.rows.periods import DatePeriod, period_of_days
from zhongzhi.rows.remembered import remembered_table


class Level(models.IntegerChoices):
    """A level is the length of its code."""

    PROVINCE = 2, "省级"
    PREFECTURE = 4, "地级"
    COUNTY = 6, "县级"
    TOWN = 9, "乡级"
    VILLAGE = 12, "村级"
    GRID = 15, "网格"


_PARENT_CODE = models.Case(
    models.When(Exact(Length("code"), 4), then=Left("code", 2)),
    models.When(Exact(Length("code"), 6), then=Left("code", 4)),
    models.When(Exact(Length("code"), 9), then=Left("code", 6)),
    models.When(Exact(Length("code"), 12), then=Left("code", 9)),
    models.When(Exact(Length("code"), 15), then=Left("code", 12)),
    default=models.Value(None),
    output_field=models.CharField(),
)


class Territory(DatePeriod):
    """One place. Its key, not its code, is what others refer to; codes are retired, never used again.

    `current_code` is where the place counts today: its own code, or that of the place it was merged into. A subtree
    of today is a prefix of it, and so holds what was registered under codes that are retired.
    """

    code = models.CharField("区划代码", max_length=15, unique=True)
    name = models.CharField("名称", max_length=60)
    full_name = models.CharField("全称", max_length=120, help_text="县级以下的全称，如 巨日合镇五家子村")
    level = models.GeneratedField(
        expression=Length("code"), output_field=models.PositiveSmallIntegerField("层级"), db_persist=True
    )
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    parent_code = models.GeneratedField(
        expression=_PARENT_CODE, output_field=models.CharField(max_length=12, null=True), db_persist=True
    )
    successor = models.ForeignKey(
        "self",
        verbose_name="并入",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        help_text="撤并后由哪里接替；总是指向最后接替的一处",
    )
    successor_code = models.CharField("接替代码", max_length=15, null=True, blank=True, editable=False)
    current_code = models.GeneratedField(
        expression=Coalesce("successor_code", "code"),
        output_field=models.CharField(max_length=15),
        db_persist=True,
    )
    kind = models.CharField("类别", max_length=20, blank=True, help_text="镇、苏木/乡、嘎查村、社区、专属网格等")
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "区划"
        verbose_name_plural = "区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15})$"),
                name="territory_code_shape",
                violation_error_message="区划代码应为 2、4、6、9、12 或 15 位数字。",
            ),
            models.CheckConstraint(
                condition=Q(level__lte=Level.COUNTY) | Q(parent__isnull=False),
                name="territory_below_county_has_parent",
                violation_error_message="乡级及以下区划必须有上级。",
            ),
            period_of_days("territory_period"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True, successor_code__isnull=True)
                | Q(successor__isnull=False, successor_code__isnull=False, ends_on__isnull=False),
                name="territory_succeeded_is_retired",
            ),
        ]
        indexes = [models.Index(fields=["current_code"], name="territory_current", opclasses=["varchar_pattern_ops"])]
        triggers = remembered_table("grids_territory")

    def __str__(self) -> str:
        return self.full_name

    @property
    def code12(self) -> str:
        """The national 12-digit form, padded with zeros; a grid keeps its 15 digits."""
        return self.code if len(self.code) == 15 else self.code.ljust(12, "0")

    @property
    def level_label(self) -> str:
        return Level(len(self.code)).label
