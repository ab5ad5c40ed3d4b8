"""Agreements: written or oral, signed and sealed on days; obligations that fall due, are performed or broken."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models import Party, Road
from mediation.lifecycle import AgreementState
from mediation.models.bodies import Mediator
from mediation.models.mediation import Mediation
from mediation.models.triggers import ADD_UP, LOOKED_AT, TO_CONFIRM
from zhongzhi.files.models import StoredFile
from zhongzhi.printing.models import SignedPaper
from zhongzhi.rows.marks import marked
from zhongzhi.rows.triggers import Trigger


class AgreementForm(models.TextChoices):
    WRITTEN = "written", "书面协议"
    ORAL = "oral", "口头协议"


class Agreement(models.Model):
    """What the parties agreed. A written one is in force when all have signed and it is sealed (人民调解法 art. 29),
    an oral one on the day it is reached (art. 30)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="agreements")
    form = models.CharField("形式", max_length=8, choices=AgreementForm, default=AgreementForm.WRITTEN)
    status = models.CharField("状态", max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    number = models.CharField("编号", max_length=60, null=True, unique=True)
    facts = models.TextField("纠纷主要事实、争议事项", max_length=5000)
    terms = models.TextField("协议内容", max_length=5000)
    manner = models.TextField("履行方式、地点", max_length=1000, blank=True)
    about_status = models.BooleanField("涉及确认婚姻、收养等身份关系", default=False)
    reached_on = models.DateField("达成日期")
    in_force_on = models.DateField("生效日期", null=True)
    confirm_by = models.DateField("申请司法确认的最后一日", null=True)
    confirm_next_on = models.DateField("下次提醒", null=True)
    confirmed = models.BooleanField("已司法确认", default=False)
    paper = models.OneToOneField(SignedPaper, null=True, on_delete=models.PROTECT, related_name="+")
    road = models.CharField("逾期未履行后的途径", max_length=20, choices=Road, blank=True)
    road_note = models.CharField("途径说明", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("起草时间", auto_now_add=True)

    class Meta:
        verbose_name = "调解协议"
        verbose_name_plural = "调解协议"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"],
                condition=~Q(status=AgreementState.REPLACED),
                name="one_current_agreement_per_mediation",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[AgreementState.DRAFT, AgreementState.REPLACED])
                | Q(in_force_on__isnull=False, number__isnull=False),
                name="agreement_in_force_is_dated_and_numbered",
            ),
        ]
        indexes = [
            models.Index(fields=["confirm_next_on"], condition=LOOKED_AT, name="agreement_confirm_next"),
            models.Index(fields=["confirm_by"], condition=TO_CONFIRM, name="agreement_to_confirm"),
        ]
        triggers = marked(
            "agreement",
            *("mediation", "form", "number", "facts", "terms", "manner", "about_status", "reached_on", "in_force_on"),
            *("confirm_by", "confirmed", "road", "created_by"),
            while_="{row}.in_force_on IS NOT NULL",
            by_acts=True,
        )

    def __str__(self) -> str:
        return self.number or f"协议草稿 {self.pk}"


class SigningKind(models.TextChoices):
    PARTY = "party", "当事人签名"
    MEDIATOR = "mediator", "调解员签名"
    SEAL = "seal", "调解组织盖章"


class Signing(models.Model):
    """One signature, fingerprint or seal, with its day."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signings")
    kind = models.CharField("类别", max_length=10, choices=SigningKind)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    mediator = models.ForeignKey(Mediator, null=True, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(
        Party, verbose_name="法定代理人", null=True, on_delete=models.PROTECT, related_name="+", help_text="代为签字的"
    )
    signed_on = models.DateField("日期")
    how = models.CharField("方式", max_length=40, default="签名", help_text="签名、盖章、按指印；代签的写明代理人")
    drawing = models.OneToOneField(
        StoredFile, verbose_name="手写签名", null=True, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField("手写时间", null=True)
    device = models.CharField("手写设备", max_length=200, blank=True)
    code_sent_to = models.CharField("验证码发往", max_length=20, blank=True, help_text="尾号")

    class Meta:
        verbose_name = "签署"
        verbose_name_plural = "签署"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "party", "mediator"], nulls_distinct=False, name="signing_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=SigningKind.PARTY, party__isnull=False, mediator__isnull=True)
                | Q(kind=SigningKind.MEDIATOR, party__isnull=True, mediator__isnull=False)
                | Q(kind=SigningKind.SEAL, party__isnull=True, mediator__isnull=True),
                name="signing_is_by_one",
            ),
            models.CheckConstraint(
                condition=Q(drawing__isnull=True, drawn_at__isnull=True)
                | Q(drawing__isnull=False, drawn_at__isnull=False, kind=SigningKind.PARTY) & ~Q(device=""),
                name="signing_by_hand_is_proven",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind}"


class SigningCode(models.Model):
    """A code that was sent to the phone of who signs on a screen: proof that the phone was at hand. Its hash is kept,
    with how often it was tried."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signing_codes")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    code_hash = models.BinaryField(editable=False)
    sent_to = models.CharField("发往", max_length=20, help_text="尾号")
    sent_at = models.DateTimeField("发出时间")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "签署验证码"
        verbose_name_plural = "签署验证码"
        constraints = [models.UniqueConstraint(fields=["agreement", "party"], name="one_signing_code")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.party_id}"


class ObligationKind(models.TextChoices):
    MONEY = "money", "给付金钱"
    LAND = "land", "返还土地"
    THING = "thing", "交付、返还物品"
    ACT = "act", "完成行为"
    APOLOGY = "apology", "赔礼道歉"


BOUNDS = {"east": "东至", "south": "南至", "west": "西至", "north": "北至"}
LAND_WORDS = {"parcel": "地块", **BOUNDS}
"""What is said of a parcel in words, by column."""


class Obligation(models.Model):
    """Who owes whom what. Money has an amount; its instalments add up to it (a trigger checks at commit). Land may have
    its parcel, and then its four bounds (四至) and area."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="obligations")
    ordinal = models.PositiveSmallIntegerField("序号")
    debtor = models.ForeignKey(Party, verbose_name="义务人", on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Party, verbose_name="权利人", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=10, choices=ObligationKind)
    what = models.CharField("内容", max_length=300)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    parcel = models.CharField(LAND_WORDS["parcel"], max_length=60, blank=True)
    east = models.CharField(LAND_WORDS["east"], max_length=60, blank=True)
    south = models.CharField(LAND_WORDS["south"], max_length=60, blank=True)
    west = models.CharField(LAND_WORDS["west"], max_length=60, blank=True)
    north = models.CharField(LAND_WORDS["north"], max_length=60, blank=True)
    area = models.DecimalField("面积（亩）", max_digits=8, decimal_places=2, null=True, blank=True)
    by_list = models.BooleanField("按群体名册", default=False, db_default=False)

    class Meta:
        verbose_name = "履行义务"
        verbose_name_plural = "履行义务"
        ordering = ["agreement", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "ordinal"], name="obligation_ordinal_once"),
            models.CheckConstraint(
                condition=Q(kind=ObligationKind.MONEY, amount__gt=0)
                | (~Q(kind=ObligationKind.MONEY) & Q(amount__isnull=True)),
                name="obligation_money_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(area__isnull=True, **dict.fromkeys(LAND_WORDS, ""))
                | Q(kind=ObligationKind.LAND, area__isnull=False, area__gt=0)
                & ~Q(*((name, "") for name in LAND_WORDS), _connector=Q.OR),
                name="obligation_parcel_is_whole",
            ),
        ]
        triggers = [
            Trigger(
                name="obligation_adds_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("amount"),
                timing=pgtrigger.Deferred,
                function=ADD_UP,
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def bounds(self) -> str:
        """The four bounds in one line; empty for what is no parcel."""
        return "，".join(f"{label}{getattr(self, name)}" for name, label in BOUNDS.items()) if self.parcel else ""


class Instalment(models.Model):
    """One date of an obligation. `next_at` is when the sweep must look again; empty when nothing is left to do."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="instalments")
    ordinal = models.PositiveSmallIntegerField("期次")
    due_on = models.DateField("履行期限")
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    next_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField("已提醒次数", default=0)
    performed_on = models.DateField("履行完毕日期", null=True)
    breached_at = models.DateTimeField("逾期时间", null=True)
    released_at = models.DateTimeField("转入其他途径时间", null=True)

    class Meta:
        verbose_name = "履行期次"
        verbose_name_plural = "履行期次"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "ordinal"], name="instalment_ordinal_once"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="instalment_amount"),
            models.CheckConstraint(
                condition=Q(next_at__isnull=True)
                | Q(performed_on__isnull=True, breached_at__isnull=True, released_at__isnull=True),
                name="instalment_next_only_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="instalment_next"),
            models.Index(
                fields=["due_on"],
                condition=Q(performed_on__isnull=True, released_at__isnull=True),
                name="instalment_open",
            ),
        ]
        triggers = [
            Trigger(
                name="instalments_add_up",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf("amount", "obligation_id"),
                timing=pgtrigger.Deferred,
                function=ADD_UP,
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}/{self.ordinal}"


class Performance(models.Model):
    """What was paid, given back or done, on a day; in part or whole."""

    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="performances")
    on = models.DateField("履行日期")
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.CharField("履行情况", max_length=500)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    shares_proof = models.ForeignKey(
        "self",
        verbose_name="同批凭证",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="凭证附在这一条",
    )

    class Meta:
        verbose_name = "履行记录"
        verbose_name_plural = "履行记录"
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="performance_amount")
        ]

    def __str__(self) -> str:
        return f"{self.instalment_id} {self.on}"


class ReminderRule(models.Model):
    """How many days before a date it is reminded of."""

    class Of(models.TextChoices):
        PERFORMANCE = "performance", "履行期限"
        CONFIRMATION = "confirmation", "申请司法确认期限"

    of = models.CharField("提醒事项", max_length=12, choices=Of)
    days_before = models.PositiveSmallIntegerField("提前天数")

    class Meta:
        verbose_name = "提醒规则"
        verbose_name_plural = "提醒规则"
        ordering = ["of", "-days_before"]
        constraints = [models.UniqueConstraint(fields=["of", "days_before"], name="reminder_rule_once")]

    def __str__(self) -> str:
        return f"{self.get_of_display()} 提前 {self.days_before} 天"
