"""The working calendar as a table: packages and announcements fill it, code only reads it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhongzhi.rows.remembered import remembered_table


class DayKind(models.TextChoices):
    ORDINARY = "ordinary", "平常日"
    STATUTORY = "statutory", "法定节假日"
    BRIDGE = "bridge", "调休放假"
    MAKE_UP = "make_up", "调休上班"


class CalendarDay(models.Model):
    """One day: worked or not, and how sure that is (announced, or our provisional reckoning)."""

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("工作日")
    kind = models.CharField("类别", max_length=10, choices=DayKind)
    name = models.CharField("名称", max_length=20, blank=True)
    source = models.CharField("来源", max_length=60)
    provisional = models.BooleanField("暂定", default=False)

    class Meta:
        verbose_name = "工作日历"
        verbose_name_plural = "工作日历"
        ordering = ["date"]
        triggers = remembered_table("intake_calendarday")

    def __str__(self) -> str:
        return f"{self.date} {'班' if self.is_workday else '休'}"


class OfficeHoursRow(models.Model):
    """Office hours from a day on, as pairs of times: `08:30-12:00`, `14:30-17:30`."""

    starts_on = models.DateField("启用日期", unique=True)
    periods = ArrayField(models.CharField(max_length=11), verbose_name="办公时段")

    class Meta:
        verbose_name = "办公时间"
        verbose_name_plural = "办公时间"
        ordering = ["starts_on"]
        triggers = remembered_table("intake_officehoursrow")

    def __str__(self) -> str:
        return f"{self.starts_on} {'、'.join(self.periods)}"
