"""The file (卷宗): which forms it is made of, and when each must be there."""

from django.db import models


class Need(models.TextChoices):
    ALWAYS = "always", "必备"
    IF_APPLICABLE = "if_applicable", "有则必备"
    OPTIONAL = "optional", "可选"


class FileRule(models.Model):
    """One form of the file: its place, its name, whether archiving waits for it. `form` is the key of the form.

    Source: 司法部 2010 forms of people's mediation; an administrator may change name, place and need.
    """

    form = models.CharField("文书", max_length=20, unique=True)
    name = models.CharField("名称", max_length=40)
    ordinal = models.PositiveSmallIntegerField("顺序")
    need = models.CharField("要求", max_length=14, choices=Need)
    hint = models.CharField("缺少时怎么补", max_length=200)

    class Meta:
        verbose_name = "卷宗文书规则"
        verbose_name_plural = "卷宗文书规则"
        ordering = ["ordinal", "pk"]

    def __str__(self) -> str:
        return self.name
