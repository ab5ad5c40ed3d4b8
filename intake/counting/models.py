"""Roll-ups of the cases: what was counted where and when, and what was counted since the last fold."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Grain(models.TextChoices):
    DAY = "d", "日"
    MONTH = "m", "月"


class Tally(models.Model):
    """How many cases of one measure a place had on a day, or in the month that begins with it.

    `axis` and `key` say of which part (`category` `07`); both are empty for all. Places are counties, towns and, for
    all only, villages.
    """

    pk = models.CompositePrimaryKey("place", "axis", "grain", "measure", "day", "key")
    place = models.CharField(max_length=12, db_collation="C")
    axis = models.CharField(max_length=16, db_collation="C")
    grain = models.CharField(max_length=1, choices=Grain, db_collation="C")
    measure = models.CharField(max_length=16, db_collation="C")
    day = models.DateField()
    key = models.CharField(max_length=32, db_collation="C")
    n = models.BigIntegerField()

    class Meta:
        verbose_name = "统计汇总"
        verbose_name_plural = "统计汇总"

    def __str__(self) -> str:
        return f"{self.place} {self.day} {self.measure} {self.axis}={self.key}: {self.n}"


class TallyDelta(models.Model):
    """One case more or less in a measure, written by the database in the transaction that changed the case."""

    measure = models.CharField(max_length=16, db_collation="C")
    place = models.CharField(max_length=15, db_collation="C")
    day = models.DateField()
    axes = ArrayField(models.CharField(max_length=16))
    keys = ArrayField(models.CharField(max_length=32, null=True))
    n = models.BigIntegerField()

    class Meta:
        verbose_name = "统计变动"
        verbose_name_plural = "统计变动"

    def __str__(self) -> str:
        return f"{self.place} {self.day} {self.measure}: {self.n:+}"
