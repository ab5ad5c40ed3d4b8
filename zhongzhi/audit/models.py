"""The trail: who did what, in chains that show every later change, and the seals over their ends.

A chain belongs to one subject (one case, one posting), so that writers of different subjects never wait for each
other. Chain names are sorted by bytes (collation C), as Python sorts them. Entries, seals and what was sealed are
append-only: the database refuses to change or delete them.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from zhongzhi.rows.triggers import Function, Trigger, append_only, not_emptied

CHAIN_LENGTH = 100
VOUCHED = [("entry", "留痕"), ("seal", "封存"), ("voucher", "担保")]
VERB_LENGTH = 60
REFUSE = Function(
    "audit_refuse_change",
    """
    RAISE EXCEPTION 'the trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'write a further entry instead';
""",
)
MOVE_ON = Function(
    "audit_refuse_turning_back",
    """
    IF NEW.chain <> OLD.chain OR NEW.seq < OLD.seq THEN
        RAISE EXCEPTION 'the head of a chain only moves on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
""",
)
GATHER = Function(
    "audit_mark_gathered_once",
    """
    IF OLD.block IS NOT NULL OR NEW.block IS NULL
       OR (NEW.id, NEW.subject, NEW.row, NEW.event, NEW.xact, NEW.at) IS DISTINCT FROM
          (OLD.id, OLD.subject, OLD.row, OLD.event, OLD.xact, OLD.at) OR NEW.digest IS DISTINCT FROM OLD.digest THEN
        RAISE EXCEPTION 'a mark is kept as it was made' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
""",
)


class TrailEntry(models.Model):
    """One act. `facts` holds keys, codes and figures, never personal data: it cannot be taken back."""

    chain = models.CharField("链", max_length=CHAIN_LENGTH, db_collation="C")
    seq = models.BigIntegerField("序号")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="办理人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="空表示系统按时钟办理",
    )
    verb = models.CharField("动作", max_length=VERB_LENGTH)
    facts = models.JSONField("事实", default=dict)
    at = models.DateTimeField("时间")
    prev = models.BinaryField("前一条校验码")
    mac = models.BinaryField("校验码")
    xact = models.BigIntegerField("数据库事务", null=True, editable=False)

    class Meta:
        verbose_name = "留痕"
        verbose_name_plural = "留痕"
        ordering = ["chain", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_entry_chain_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_entry_seq_from_one"),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="audit_entry_by_time"),
            models.Index(fields=["verb", "at"], name="audit_entry_by_verb"),
            models.Index(fields=["xact"], name="audit_entry_xact", condition=models.Q(xact__isnull=False)),
        ]
        triggers = append_only("audit_trailentry", REFUSE)

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.verb}"


class ChainHead(models.Model):
    """The end of a chain: the number and the code of its last entry. Locked by who writes the next one.

    Every entry moves a head on; the database refuses to turn one back or to delete it.
    """

    chain = models.CharField("链", max_length=CHAIN_LENGTH, db_collation="C", primary_key=True)
    seq = models.BigIntegerField("最后序号")
    mac = models.BinaryField("最后校验码")
    unsealed = models.BooleanField("有新内容待封存", default=True)

    class Meta:
        verbose_name = "链尾"
        verbose_name_plural = "链尾"
        indexes = [
            models.Index(fields=["chain"], name="audit_head_unsealed", condition=models.Q(unsealed=True)),
        ]
        triggers = [
            Trigger(name="audit_chainhead_kept", when=pgtrigger.Before, operation=pgtrigger.Delete, function=REFUSE),
            Trigger(
                name="audit_chainhead_moves_on", when=pgtrigger.Before, operation=pgtrigger.Update, function=MOVE_ON
            ),
            not_emptied("audit_chainhead", REFUSE),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq}"


class TrailSeal(models.Model):
    """A seal over the ends of the chains that grew since the seal before; seals are a chain themselves."""

    seq = models.BigIntegerField("序号", unique=True)
    heads = models.PositiveIntegerField("链数")
    digest = models.CharField("摘要", max_length=64)
    at = models.DateTimeField("时间")
    prev = models.BinaryField("前一封校验码")
    mac = models.BinaryField("校验码")

    class Meta:
        verbose_name = "封存"
        verbose_name_plural = "封存"
        ordering = ["seq"]
        triggers = append_only("audit_trailseal", REFUSE)

    def __str__(self) -> str:
        return f"seal {self.seq}"


class SealedHead(models.Model):
    """The end of one chain as a seal saw it."""

    seal = models.ForeignKey(TrailSeal, on_delete=models.PROTECT, related_name="sealed")
    chain = models.CharField("链", max_length=CHAIN_LENGTH, db_collation="C")
    seq = models.BigIntegerField("序号")
    mac = models.BinaryField("校验码")

    class Meta:
        verbose_name = "封存的链尾"
        verbose_name_plural = "封存的链尾"
        ordering = ["chain", "seq"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_sealed_chain_seq")]
        triggers = append_only("audit_sealedhead", REFUSE)

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq}"


class TrailVoucher(models.Model):
    """Vouches under a newer hash key for rows of the trail whose codes are of an older one, which can then be dropped.

    Covers all rows of `subject` with keys (`pk`) from `first` to `last` whose codes are of another key than its own.
    """

    seq = models.BigIntegerField("序号", unique=True)
    subject = models.CharField("对象", max_length=10, choices=VOUCHED)
    first = models.BigIntegerField("起")
    last = models.BigIntegerField("止")
    rows = models.IntegerField("行数")
    digest = models.CharField("摘要", max_length=64)
    at = models.DateTimeField("时间", default=timezone.now)
    prev = models.BinaryField("前一份校验码")
    mac = models.BinaryField("校验码")

    class Meta:
        verbose_name = "留痕担保"
        verbose_name_plural = "留痕担保"
        ordering = ["seq"]
        indexes = [models.Index(fields=["subject", "first"], name="audit_voucher_range")]
        triggers = append_only("audit_trailvoucher", REFUSE)

    def __str__(self) -> str:
        return f"voucher {self.seq}"


class TrailCheck(models.Model):
    """One check of the whole trail: asked by somebody or by the clock, what it read and what it found.

    `faults` holds the first of them, each as place, code and sentence; `fault_count` all.
    """

    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    chains = models.BigIntegerField("链", default=0)
    entries = models.BigIntegerField("留痕", default=0)
    seals = models.BigIntegerField("封存", default=0)
    fault_count = models.BigIntegerField("问题", default=0)
    faults = models.JSONField("问题明细", default=list)

    class Meta:
        verbose_name = "留痕核对"
        verbose_name_plural = "留痕核对"
        indexes = [
            models.Index(fields=["asked_at"], name="audit_check_open", condition=models.Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class ContentMark(models.Model):
    """What a row of another table held from a moment on, as a digest; none where the row stopped to count.

    Triggers write marks beside every change (`zhongzhi.rows.marks`); each minute those that are new are gathered into a
    numbered block, whose digest is an entry of the trail.
    """

    subject = models.CharField("表", max_length=63, db_collation="C")
    row = models.BigIntegerField("行")
    digest = models.BinaryField("内容摘要", null=True)
    event = models.CharField("变动", max_length=6)
    xact = models.BigIntegerField("数据库事务")
    at = models.DateTimeField("时间", db_default=Now())
    block = models.BigIntegerField("批次", null=True)

    class Meta:
        verbose_name = "内容摘要"
        verbose_name_plural = "内容摘要"
        indexes = [
            models.Index(fields=["subject", "row", "-id"], name="audit_mark_of_row"),
            models.Index(fields=["id"], name="audit_mark_to_gather", condition=models.Q(block__isnull=True)),
            models.Index(fields=["block", "id"], name="audit_mark_block", condition=models.Q(block__isnull=False)),
        ]
        triggers = [
            Trigger(name="audit_contentmark_kept", when=pgtrigger.Before, operation=pgtrigger.Delete, function=REFUSE),
            Trigger(
                name="audit_contentmark_gathered",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                function=GATHER,
            ),
            not_emptied("audit_contentmark", REFUSE),
        ]

    def __str__(self) -> str:
        return f"{self.subject}:{self.row}"
