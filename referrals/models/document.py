"""Documents: drafted, signed with a number, issued, signed for, answered. What was signed never changes."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models import Case, Handling
from intake.models.request import AskedAndDecided
from referrals.lifecycle import UNSIGNED, Event, State
from referrals.models.kind import DocumentKind, Trigger
from referrals.models.triggers import KEEP_ANSWER, KEEP_DOCUMENT, REFUSE
from zhongzhi.files.models import StoredFile
from zhongzhi.printing.models import SignedPaper
from zhongzhi.rows import triggers as database
from zhongzhi.rows.marks import mark_of
from zhongzhi.rows.steps import StatusStep


class Level(models.TextChoices):
    YELLOW = "yellow", "黄"
    RED = "red", "红"


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")


SIGNED_CONTENT = (
    *("uid", "kind", "case", "issuer", "addressee", "party_name", "level", "subject", "body", "copied_to"),
    *("number", "year", "serial", "series", "signed_by", "signed_at", "file", "sm3"),
    *("issued_at", "received_at", "received_by"),
)


class Document(models.Model):
    """One slip or letter. `occasion` names what caused it, so that the clock never causes it twice;
    what is void counts for none."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.ForeignKey(DocumentKind, verbose_name="文种", on_delete=models.PROTECT, related_name="documents")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="documents")
    handling = models.ForeignKey(Handling, null=True, on_delete=models.PROTECT, related_name="documents")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    issuer = models.ForeignKey(
        Organisation, verbose_name="发文机关", on_delete=models.PROTECT, related_name="documents_issued"
    )
    addressee = models.ForeignKey(
        Organisation, verbose_name="主送", null=True, on_delete=models.PROTECT, related_name="documents_received"
    )
    party_name = models.CharField("当事人", max_length=80, blank=True)
    level = models.CharField("级别", max_length=6, choices=Level, blank=True)
    trigger = models.CharField("起因", max_length=30, choices=Trigger, default=Trigger.MANUAL)
    occasion = models.CharField(max_length=120, null=True, editable=False)
    status = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    subject = models.CharField("标题", max_length=200)
    body = models.TextField("正文", max_length=10000)
    copied_to = models.CharField("抄送", max_length=300, blank=True)
    by_system = models.BooleanField("系统拟制", default=False)
    drafted_by = _person()
    drafted_at = models.DateTimeField("拟制时间")
    reviewed_by = _person()
    reviewed_at = models.DateTimeField("审核时间", null=True)

    number = models.CharField("发文字号", max_length=60, null=True, unique=True)
    year = models.PositiveSmallIntegerField("年份", null=True)
    serial = models.PositiveIntegerField("序号", null=True)
    series = models.CharField("编号序列", max_length=80, blank=True)
    signed_by = _person()
    signed_at = models.DateTimeField("签发时间", null=True)
    file = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    sm3 = models.CharField("SM3 摘要", max_length=64, blank=True)
    paper = models.OneToOneField(SignedPaper, null=True, on_delete=models.PROTECT, related_name="+")

    issued_at = models.DateTimeField("印发时间", null=True)
    receipt_due_at = models.DateTimeField("签收期限", null=True)
    received_at = models.DateTimeField("签收时间", null=True)
    received_by = _person()
    answer_due_at = models.DateTimeField("答复期限", null=True)
    extended = models.PositiveSmallIntegerField("已延长次数", default=0)
    answered_at = models.DateTimeField("答复时间", null=True)
    ended_at = models.DateTimeField("办毕时间", null=True)
    service_note = models.CharField("送达情况", max_length=300, blank=True)

    class Meta:
        verbose_name = "公文"
        verbose_name_plural = "公文"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[*UNSIGNED, State.DISCARDED], signed_at__isnull=True, number__isnull=True)
                | Q(signed_at__isnull=False, number__isnull=False, serial__isnull=False, file__isnull=False)
                & ~Q(sm3="")
                & ~Q(status__in=[*UNSIGNED, State.DISCARDED]),
                name="document_signed_is_complete",
            ),
            models.UniqueConstraint(fields=["series", "serial"], name="document_serial_once"),
            models.UniqueConstraint(
                fields=["occasion"], condition=~Q(status=State.VOID), name="document_once_on_an_occasion"
            ),
            models.CheckConstraint(
                condition=Q(addressee__isnull=False) | ~Q(party_name=""), name="document_has_addressee"
            ),
            models.CheckConstraint(condition=Q(extended__lte=2), name="document_two_extensions"),
        ]
        indexes = [
            models.Index(fields=["addressee", "status", "answer_due_at"]),
            models.Index(fields=["issuer", "status", "-id"]),
            models.Index(fields=["case", "id"]),
            models.Index(fields=["handling"]),
            models.Index(fields=["id"], condition=Q(status=State.DRAFT, by_system=True), name="document_of_the_clock"),
        ]
        triggers = [
            database.Trigger(
                name="referrals_document_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                function=KEEP_DOCUMENT,
            ),
            database.not_emptied("referrals_document", KEEP_DOCUMENT),
            mark_of("referrals_document", *SIGNED_CONTENT, while_="{row}.signed_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.number or '未编号'} {self.subject}"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None

    @property
    def addressee_name(self) -> str:
        """To whom it goes, in words."""
        return self.addressee.name if self.addressee else self.party_name


class DocumentStep(StatusStep):
    """One step of a document; the first is that it was drafted."""

    events, states = Event, State

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="steps")

    class Meta(StatusStep.Meta):
        verbose_name = "公文流转"
        verbose_name_plural = "公文流转"
        triggers = [
            *database.append_only("referrals_step", REFUSE),
            mark_of("referrals_step", "document", "event", "from_status", "to_status", "actor", "reason", "at"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.event}"


class Adoption(models.TextChoices):
    FULL = "full", "采纳"
    PART = "part", "部分采纳"
    NONE = "none", "不采纳"


class DocumentAnswer(models.Model):
    """One answer to a document, accepted or refused by the side that issued it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="answers")
    adoption = models.CharField("采纳情况", max_length=4, choices=Adoption, blank=True)
    text = models.TextField("答复内容", max_length=5000)
    late = models.BooleanField("逾期", default=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复时间")
    accepted = models.BooleanField("认可", null=True)
    decided_by = _person()
    decided_at = models.DateTimeField("决定时间", null=True)
    decision_note = models.TextField("意见", max_length=1000, blank=True)

    class Meta:
        verbose_name = "公文答复"
        verbose_name_plural = "公文答复"
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(accepted__isnull=True), name="one_open_answer_per_document"
            )
        ]
        triggers = [
            database.Trigger(
                name="referrals_answer_kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                function=KEEP_ANSWER,
            ),
            database.not_emptied("referrals_answer", KEEP_ANSWER),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} 答复"


class DocumentExtension(AskedAndDecided):
    """More time for an answer, asked before it is due and decided by the side that issued it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="extensions")

    class Meta:
        verbose_name = "公文延期"
        verbose_name_plural = "公文延期"
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(granted__isnull=True), name="one_open_extension_per_document"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} 延期"
