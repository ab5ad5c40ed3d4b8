"""Where a case came from, when it was found in the field."""

from django.db import models

from grids.models import Hazard
from intake.models.case import Case


class HazardCase(models.Model):
    """A hazard and the case it became; a hazard whose case was withdrawn may become another."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="from_hazard")
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="became")

    class Meta:
        verbose_name = "排查转案件"
        verbose_name_plural = "排查转案件"

    def __str__(self) -> str:
        return f"{self.hazard_id} → {self.case_id}"
