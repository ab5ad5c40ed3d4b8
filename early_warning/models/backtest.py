"""What a rule would have done in the past, in one form of it: kept, so that two forms are compared."""

from django.db import models
from django.utils import timezone


class BacktestRun(models.Model):
    """One run over past data. `right` of `raised` warnings were followed by what they warn of, after `lead_days`
    (median); of `bad` matters with an earlier sign `foreseen` had been warned of."""

    slug = models.SlugField("规则", max_length=30)
    window_days = models.PositiveSmallIntegerField("时段（天）")
    threshold = models.PositiveSmallIntegerField("件数")
    since = models.DateField("从")
    until = models.DateField("到")
    matters = models.PositiveIntegerField("案件")
    raised = models.PositiveIntegerField("预警")
    right = models.PositiveIntegerField("应验")
    bad = models.PositiveIntegerField("恶化事项")
    foreseen = models.PositiveIntegerField("事先预警")
    lead_days = models.PositiveIntegerField("提前天数", null=True)
    run_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "预警回测"
        verbose_name_plural = "预警回测"
        ordering = ["slug", "-run_at"]

    def __str__(self) -> str:
        return f"{self.slug} {self.window_days}/{self.threshold}"

    @property
    def a_week(self) -> float:
        """How many it raised in a week."""
        return self.raised / max((self.until - self.since).days / 7, 1)

    @property
    def precision(self) -> float | None:
        """Which share of the warnings was right; None without any."""
        return self.right / self.raised if self.raised else None

    @property
    def recall(self) -> float | None:
        """Which share of what went bad had been warned of; None where nothing did."""
        return self.foreseen / self.bad if self.bad else None
