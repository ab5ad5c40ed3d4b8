"""The installation's signature (SM2) under a signed document."""

from django.db import models
from django.utils import timezone

from referrals.models.document import Document
from referrals.models.triggers import REFUSE
from zhongzhi.rows import triggers as database


class DocumentSignature(models.Model):
    """Made with the document's number and paper, never changed; `signature` names its key."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="signature")
    signature = models.CharField("签名", max_length=200)
    made_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "公文签名"
        verbose_name_plural = "公文签名"
        triggers = database.append_only("referrals_documentsignature", REFUSE)

    def __str__(self) -> str:
        return f"{self.document_id} {self.signature.partition(':')[0]}"
