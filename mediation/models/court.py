"""What goes back to the court that entrusted a mediation: its result, and the facts that nobody disputes."""

from django.conf import settings
from django.db import models

from mediation.models.mediation import Mediation


class ReturnWay(models.TextChoices):
    """How the result reached the court."""

    HAND = "hand", "当面移交"
    POST = "post", "邮寄"
    PLATFORM = "platform", "法院调解平台"


class UndisputedFacts(models.Model):
    """The facts that all sides agree on although they reached no agreement (无争议事实记载): with their consent written
    down and signed, so that nobody has to prove them in court (法发〔2016〕14号 art. 23)."""

    mediation = models.OneToOneField(Mediation, on_delete=models.PROTECT, related_name="undisputed")
    facts = models.TextField("无争议事实", max_length=5000)
    agreed_on = models.DateField("各方同意记载的日期")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "无争议事实记载"
        verbose_name_plural = "无争议事实记载"

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.agreed_on}"


class CourtReturn(models.Model):
    """The result of an entrusted mediation handed back to the court (法释〔2016〕14号): when, how, who took it."""

    mediation = models.OneToOneField(Mediation, on_delete=models.PROTECT, related_name="court_return")
    on = models.DateField("交回日期")
    way = models.CharField("交回方式", max_length=8, choices=ReturnWay)
    receiver = models.CharField("法院接收人", max_length=40)
    note = models.CharField("说明", max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "调解结果交回法院"
        verbose_name_plural = "调解结果交回法院"

    def __str__(self) -> str:
        return f"{self.mediation_id} {self.on}"
