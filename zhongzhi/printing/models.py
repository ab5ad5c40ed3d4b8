"""Signed papers: what was signed, as DOCX and as PDF, kept as it was at that moment."""

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Q

from zhongzhi.core import ciphers
from zhongzhi.files.models import StoredFile
from zhongzhi.rows import triggers as database

REFUSE = database.refusal("printing_refuse_change")


class SignedPaper(models.Model):
    """One paper of the moment it was signed or came into force. The signing act writes the row with its words or its
    DOCX, in its own transaction; the PDF is made of that a moment later, where nothing is locked, and then nothing
    of the row changes any more."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField("标题", max_length=300)
    signed_at = models.DateTimeField("签署时间")
    words_sealed = models.BinaryField(null=True, editable=False)
    writer = models.CharField("由谁写成", max_length=20, blank=True)
    document = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    stamps = models.JSONField("印章和签名", default=list)
    signature = models.CharField("SM2 签名", max_length=200, blank=True)
    next_at = models.DateTimeField("生成时间", null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "签署件"
        verbose_name_plural = "签署件"
        constraints = [
            models.CheckConstraint(
                condition=Q(pdf__isnull=True, next_at__isnull=False)
                | Q(pdf__isnull=False, document__isnull=False, next_at__isnull=True, words_sealed__isnull=True),
                name="signed_paper_is_made_or_due",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | Q(words_sealed__isnull=False), name="signed_paper_has_its_words"
            ),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="signed_paper_due")]
        triggers = [
            database.Trigger(
                name="printing_signedpaper_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__pdf__isnull=False),
                function=REFUSE,
            ),
            database.Trigger(
                name="printing_signedpaper_stays", when=pgtrigger.Before, operation=pgtrigger.Delete, function=REFUSE
            ),
            database.not_emptied("printing_signedpaper", REFUSE),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> str:
        """What its writer turns into a DOCX; empty when that was done."""
        return ciphers.unseal(bytes(self.words_sealed), aad=words_aad(self)) if self.words_sealed else ""


def words_aad(paper: SignedPaper) -> str:
    """What the sealed words are bound to."""
    return f"printing.paper.words:{paper.uid}"
