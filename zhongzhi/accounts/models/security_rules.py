"""Rules of security as rows: what is set here takes the place of the value of the installation."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from zhongzhi.rows.triggers import append_only, refusal


class SecurityRule(models.Model):
    """What a rule is from now on, who set it and why. The last line of a name is in force; none is ever changed."""

    name = models.CharField("规则", max_length=40)
    numbers = models.IntegerField("数值", null=True)
    networks = ArrayField(models.CharField(max_length=43), verbose_name="地址段", default=list)
    reason = models.CharField("理由", max_length=150)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "安全规则"
        verbose_name_plural = "安全规则"
        indexes = [models.Index(fields=["name", "-id"], name="accounts_rule_in_force")]
        triggers = append_only("accounts_securityrule", refusal("accounts_securityrule_refuse"))

    def __str__(self) -> str:
        return self.name


class DormancyDecision(models.TextChoices):
    """What becomes of an account that nobody uses."""

    KEEP = "keep", "保留"
    CLOSE = "close", "停用"


class DormancyReview(models.Model):
    """What was decided about an account that nobody had used for long; kept accounts come up again later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dormancy_reviews")
    decision = models.CharField("处理", max_length=10, choices=DormancyDecision)
    reason = models.CharField("理由", max_length=150)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "长期未用账号复核"
        verbose_name_plural = "长期未用账号复核"
        indexes = [models.Index(fields=["user", "-id"], name="accounts_dormancy_by_user")]
        triggers = append_only("accounts_dormancyreview", refusal("accounts_dormancyreview_refuse"))

    def __str__(self) -> str:
        return f"{self.user_id} {self.decision}"
