"""The way of a case through the tiers: every move up or down, with its cause."""

from django.db import models

from grids.models import Organisation
from intake.models.case import Case, Tier
from intake.models.triggers import REFUSE
from zhongzhi.rows.marks import mark_of
from zhongzhi.rows.steps import Step
from zhongzhi.rows.triggers import append_only


class MoveCause(models.TextChoices):
    DECISION = "decision", "决定上提"
    CLOCK = "clock", "层级时限届满"
    RISK = "risk", "红色风险"
    CATEGORY = "category", "类别超出本级"
    SUPERVISION = "supervision", "督办逾期未答复"
    HAND_DOWN = "hand_down", "交由下级"


class TierMove(Step):
    """One move between two centres."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tier_moves")
    cause = models.CharField("原因", max_length=12, choices=MoveCause)
    from_tier = models.CharField("原层级", max_length=10, choices=Tier)
    to_tier = models.CharField("现层级", max_length=10, choices=Tier)
    from_centre = models.ForeignKey(
        Organisation, verbose_name="移出中心", on_delete=models.PROTECT, related_name="tier_moves_out", db_index=False
    )
    to_centre = models.ForeignKey(
        Organisation, verbose_name="移入中心", on_delete=models.PROTECT, related_name="tier_moves_in", db_index=False
    )

    class Meta(Step.Meta):
        verbose_name = "层级流转"
        verbose_name_plural = "层级流转"
        indexes = [
            models.Index(fields=["from_centre", "-id"]),
            models.Index(fields=["to_centre", "-id"]),
        ]
        triggers = [
            *append_only("tier_move", REFUSE),
            mark_of(
                "tier_move",
                "case",
                "cause",
                "from_tier",
                "to_tier",
                "from_centre",
                "to_centre",
                "actor",
                "reason",
                "at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.from_tier}→{self.to_tier}"
