"""What belongs to one person at the desk: typed text that was not yet sent, and views of the list."""

from uuid import UUID

from django.conf import settings
from django.db import models

from zhongzhi.core import ciphers


class EntryAutosave(models.Model):
    """The register page as typed so far, sealed: kept while one types, gone once the case is registered.

    Half a number is kept too, which no draft of a case could hold.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField("录入号")
    sealed = models.BinaryField(editable=False)
    created_at = models.DateTimeField("开始录入", auto_now_add=True)
    updated_at = models.DateTimeField("最近保存", auto_now=True)

    class Meta:
        verbose_name = "未提交的录入"
        verbose_name_plural = "未提交的录入"
        ordering = ["-updated_at"]
        constraints = [models.UniqueConstraint(fields=["user", "uid"], name="typed_entry_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.uid}"

    @property
    def text(self) -> str:
        """The form as it was sent, encoded like an address."""
        return ciphers.unseal(bytes(self.sealed), aad=autosave_aad(self.user_id, self.uid))


def autosave_aad(user_id: int, uid: UUID) -> str:
    """What the sealed text is bound to."""
    return f"intake.typed:{user_id}:{uid}"


class SavedView(models.Model):
    """A view of the list of cases under a name: filters, order and columns as they stand in the address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=20)
    address = models.CharField("条件", max_length=1000, blank=True)

    class Meta:
        verbose_name = "保存的视图"
        verbose_name_plural = "保存的视图"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="view_name_once", violation_error_message="已有同名的视图。"
            )
        ]

    def __str__(self) -> str:
        return self.name
