"""Further places that a case concerns (涉及地): a dispute at a boundary lies in two towns, and one of them leads."""

import pgtrigger
from django.db import models

from grids.models import Territory
from intake.models.case import Case
from intake.models.merging import Merger
from intake.models.triggers import NOTE_PLACE_GONE
from zhongzhi.rows.triggers import Trigger


class CasePlace(models.Model):
    """One place beside the leading one, which the case itself names and where it is counted. Taken off it is gone; the
    correction that took it off keeps its name."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="places_concerned")
    territory = models.ForeignKey(Territory, verbose_name="涉及地", on_delete=models.PROTECT, related_name="+")
    merger = models.ForeignKey(
        Merger, verbose_name="随并案而来", null=True, on_delete=models.PROTECT, related_name="places_brought"
    )
    noted_at = models.DateTimeField("记入时间", null=True, help_text="草稿为空")

    class Meta:
        verbose_name = "涉及地"
        verbose_name_plural = "涉及地"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "territory"], name="case_place_named_once")]
        triggers = [
            Trigger(name="place_gone", when=pgtrigger.After, operation=pgtrigger.Delete, function=NOTE_PLACE_GONE)
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.territory_id}"


def other_places_of(case: Case) -> list[Territory]:
    """The places of a case beside the leading one, in the order they were named."""
    if case.pk is None:
        return []
    return [row.territory for row in case.places_concerned.select_related("territory").order_by("pk")]
