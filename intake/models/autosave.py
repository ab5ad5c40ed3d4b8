"""What one person typed into the entry of a case and has not sent yet."""

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
        db_table = "intake_typedentry"
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
