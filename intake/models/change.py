"""The feed of changes: one row for each case that a transaction changed, written by the database itself."""

from django.db import models

from intake.models.case import Case


class CaseChange(models.Model):
    """That a transaction created or changed a case. Rows come from a trigger, so no way of writing forgets one.

    `xid` is the transaction's number: a row is shown only when every older transaction has ended, and so no reader
    that keeps its place ever misses one. What stood before is kept where it decides who may see the case.
    """

    pk = models.CompositePrimaryKey("xid", "case_id")
    xid = models.BigIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    created = models.BooleanField("新登记")
    place_before = models.CharField("原发生地代码", max_length=15, blank=True)
    places_gone = models.TextField("不再涉及的地方的代码", blank=True, db_default="", help_text="以空格分开")
    centre_before = models.BigIntegerField("原负责中心", null=True)
    holder_before = models.BigIntegerField("原办理单位", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "案件变更"
        verbose_name_plural = "案件变更"
        indexes = [models.Index(fields=["at"], include=["case"], name="case_change_at")]

    def __str__(self) -> str:
        return f"{self.xid}:{self.case_id}"


class FeedEpoch(models.Model):
    """That the feed began anew, as after a restore: places given out before are no longer taken.

    The newest row counts; without any the feed is as it was first made. The name is random, because an archive may be
    restored more than once.
    """

    name = models.CharField("名称", max_length=16, unique=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "变更流起点"
        verbose_name_plural = "变更流起点"

    def __str__(self) -> str:
        return self.name
