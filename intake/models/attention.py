"""Attention beside the road: the leader in charge of a red case, rests with their day of review, urgings."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models.case import Case


class LeaderInCharge(models.Model):
    """领导包案: who leads a red case, since when, until when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="leaders_in_charge")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="包案领导", on_delete=models.PROTECT, related_name="cases_in_charge"
    )
    reason = models.TextField("说明", max_length=1000)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="指定人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)

    class Meta:
        verbose_name = "领导包案"
        verbose_name_plural = "领导包案"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(until__isnull=True), name="one_leader_in_charge_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.leader}"


class SuspensionKind(models.TextChoices):
    SUSPENDED = "suspended", "中止"
    HUNG_UP = "hung_up", "挂账"


class Suspension(models.Model):
    """A time in which a suspended case rests. One that is hung up (挂账) has a day on which it is looked at again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions")
    kind = models.CharField("方式", max_length=10, choices=SuspensionKind)
    reason = models.TextField("理由", max_length=1000)
    review_on = models.DateField("复核日期", null=True)
    rested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("起")
    until = models.DateTimeField("止", null=True)

    class Meta:
        db_table = "intake_rest"
        verbose_name = "中止与挂账"
        verbose_name_plural = "中止与挂账"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until__isnull=True), name="one_rest_at_a_time"),
            models.CheckConstraint(
                condition=~Q(kind=SuspensionKind.HUNG_UP) | Q(review_on__isnull=False),
                name="hung_up_with_a_day_of_review",
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_on"], condition=Q(until__isnull=True, kind=SuspensionKind.HUNG_UP), name="rest_hung_up"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_kind_display()}"


class Urging(models.Model):
    """催办: a centre reminded the organisation in charge; once a working day at most, whichever centre does it.

    `working_day` is the day itself, or the working day before where it was done on a day off.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="urgings")
    organisation = models.ForeignKey(
        Organisation, verbose_name="被催办单位", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField("催办理由", max_length=1000)
    working_day = models.DateField("工作日")
    urged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="催办人", on_delete=models.PROTECT, related_name="+"
    )
    urged_at = models.DateTimeField("催办时间")

    class Meta:
        verbose_name = "催办"
        verbose_name_plural = "催办"
        ordering = ["urged_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "working_day"], name="one_urging_a_working_day")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.working_day}"
