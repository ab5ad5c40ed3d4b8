"""Duty: who is on call at a centre, at a window of the hall or for a grid, from when to when."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models.organisation import Organisation
from grids.models.person import RosterPerson
from grids.models.territory import Territory
from zhongzhi.rows.periods import MOMENTS, TimePeriod, period_of_time


class Shift(TimePeriod):
    """One turn of duty of one person at an organisation (a window where it has one) or for a grid."""

    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="shifts")
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="shifts")
    person = models.ForeignKey(RosterPerson, on_delete=models.PROTECT, related_name="shifts")
    window = models.CharField("窗口", max_length=30, blank=True)
    leads = models.BooleanField("带班", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "值班"
        verbose_name_plural = "值班"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, territory__isnull=True)
                | Q(organisation__isnull=True, territory__isnull=False),
                name="shift_at_one_place",
            ),
            period_of_time("shift_period"),
            ExclusionConstraint(
                name="shift_person_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (MOMENTS, RangeOperators.OVERLAPS),
                ],
                violation_error_message="该人员在这段时间已有值班。",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "ends_at"], name="shift_of_organisation"),
            models.Index(fields=["territory", "ends_at"], name="shift_of_grid"),
        ]

    def __str__(self) -> str:
        return f"值班 {self.pk}"

    @property
    def place_name(self) -> str:
        """Where the turn is: the organisation's short name, or the grid's."""
        if self.organisation is not None:
            return self.organisation.short_name
        return self.territory.full_name if self.territory else ""
