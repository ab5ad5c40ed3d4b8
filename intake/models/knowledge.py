"""What the county knows of kinds of disputes: articles of law, office rules, standard texts, examples."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class KnowledgeKind(models.TextChoices):
    ARTICLE = "article", "法条"
    OFFICE_RULE = "rule", "办事规定"
    STANDARD_TEXT = "text", "范本"
    EXAMPLE = "example", "案例"


class Knowledge(models.Model):
    """One piece, with its source and date; an ended one stays for those who look back."""

    kind = models.CharField("种类", max_length=10, choices=KnowledgeKind)
    title = models.CharField("标题", max_length=100)
    text = models.TextField("内容", max_length=5000)
    source = models.CharField("来源", max_length=200)
    dated_on = models.DateField("日期", help_text="施行、发布或办结的日期")
    categories = models.CharField(
        "纠纷类别", max_length=100, blank=True, help_text="类别代码或其前两位，用逗号分开；不填为各类"
    )
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("更新时间", default=timezone.now)
    ended_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "知识"
        verbose_name_plural = "知识"
        ordering = ["kind", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "title"],
                condition=Q(ended_at__isnull=True),
                name="knowledge_once",
                violation_error_message="已有这一条。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The categories it belongs to; none for all."""
        return tuple(part for part in self.categories.split(",") if part)

    def concerns(self, category: str) -> int:
        """How closely it belongs to a category: digits in common, 0 for all kinds, -1 for none of it."""
        if not self.prefixes:
            return 0
        return max((len(one) for one in self.prefixes if category.startswith(one)), default=-1)
