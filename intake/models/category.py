"""Dispute categories: the national two-level table and the county's own leaves (xx51-xx89)."""

from django.db import models
from django.db.models import Q

from zhongzhi.rows.remembered import remembered_table


class Category(models.Model):
    """One row of the table; a case carries a leaf. Loaded by `load_categories`, ended by date, never deleted."""

    code = models.CharField("代码", max_length=4, primary_key=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", verbose_name="大类", null=True, blank=True, on_delete=models.PROTECT, related_name="leaves"
    )
    is_local = models.BooleanField("本地增设", default=False)
    people_mediable = models.BooleanField(
        "可由人民调解", default=True, help_text="13 至 16 类不属民间纠纷，人民调解不予受理"
    )
    stat_code = models.CharField("人民调解统计代码", max_length=4, blank=True)
    default_lead = models.CharField("建议主办单位", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "纠纷类别"
        verbose_name_plural = "纠纷类别"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{2}(\d{2})?$"), name="category_code_shape"),
            models.CheckConstraint(
                condition=Q(is_local=False) | Q(code__regex=r"^\d{2}(5[1-9]|[67]\d|8[0-9])$"),
                name="category_local_codes",
                violation_error_message="本地增设的类别代码只能用 51 至 89。",
            ),
        ]
        triggers = remembered_table("intake_category")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
