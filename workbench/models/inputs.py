"""What was typed and not sent, and texts that are typed again and again."""

from django.conf import settings
from django.db import models

from grids.models import Organisation
from zhongzhi.core import ciphers


class KeptInput(models.Model):
    """A form as typed so far, sealed: kept while one types, gone when it is sent or thrown away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField("表单", max_length=200)
    sealed = models.BinaryField(editable=False)
    updated_at = models.DateTimeField("最近保存", auto_now=True)

    class Meta:
        verbose_name = "未提交的填写内容"
        verbose_name_plural = "未提交的填写内容"
        ordering = ["-updated_at"]
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="kept_input_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.place}"

    @property
    def text(self) -> str:
        """The form as it would be sent, encoded like an address."""
        return ciphers.unseal(bytes(self.sealed), aad=kept_aad(self.user_id, self.place))


def kept_aad(user_id: int, place: str) -> str:
    """What the sealed text is bound to."""
    return f"workbench.kept:{user_id}:{place}"


class StandardText(models.Model):
    """A text under a name, put into fields with its variables filled: one's own, or shared with an organisation. With
    an act it is a macro (办法): the dialog of that act, filled in as it once was."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=20)
    text = models.TextField("内容", max_length=2000)
    shared_with = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name="共享给"
    )
    act = models.SlugField("事项", max_length=40, blank=True, default="", db_default="")
    fields = models.TextField(
        "填好的内容", max_length=8000, blank=True, default="", db_default="", help_text="表单编码；空表示只是一段话"
    )

    class Meta:
        verbose_name = "常用语"
        verbose_name_plural = "常用语"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="standard_text_name_once")]

    def __str__(self) -> str:
        return self.name
