"""Parties of a case: persons and organisations on either side, their agents and guardians.

Identity numbers, phones and addresses are stored sealed (authenticated encryption, bound to this row); a
keyed hash of the normalised value beside them answers "the same person again?" without opening any.
"""

import uuid
from itertools import zip_longest

from django.conf import settings
from django.db import models
from django.db.models import Q

from grids.models import Organisation
from intake.models.case import Case
from intake.models.merging import Merger
from zhongzhi.core import ciphers
from zhongzhi.core.idnumbers import first_phone
from zhongzhi.rows.marks import marked


class PartySide(models.TextChoices):
    APPLICANT = "applicant", "申请人"
    RESPONDENT = "respondent", "被申请人"
    THIRD = "third", "第三人"


class PartyKind(models.TextChoices):
    PERSON = "person", "自然人"
    ORGANISATION = "organisation", "单位"


class PartyRole(models.TextChoices):
    PRINCIPAL = "principal", "当事人"
    AGENT = "agent", "委托代理人"
    GUARDIAN = "guardian", "监护人"
    ACCUSED = "accused", "被反映人"
    MEMBER = "member", "群体成员"


class Capacity(models.TextChoices):
    """Whose acts count by themselves (民法典 art. 17-24); without a word it goes by age."""

    FULL = "full", "完全民事行为能力（满 16 周岁、以自己劳动收入为主要生活来源）"
    LIMITED = "limited", "限制民事行为能力"
    NONE = "none", "无民事行为能力"


FOR_THEMSELVES = (PartyRole.PRINCIPAL, PartyRole.ACCUSED, PartyRole.MEMBER)
"""Roles of those who stand for nobody else."""
TYPED_ROLES = [(role.value, role.label) for role in PartyRole if role != PartyRole.MEMBER]
"""Roles that an entry gives; members come by the list of their group."""


class PaperKind(models.TextChoices):
    RESIDENT_ID = "resident_id", "居民身份证"
    CREDIT_CODE = "credit_code", "统一社会信用代码"
    PASSPORT = "passport", "护照"
    OTHER = "other", "其他证件"


PAPER_PURPOSE, PHONE_PURPOSE, TAIL_PURPOSE = "party.paper", "party.phone", "party.phone.tail"
TAIL_DIGITS = 4
MARKED = (
    *("case", "side", "kind", "role", "represents", "name", "name_withheld", "sex", "birth_date", "ethnic"),
    *("paper_kind", "paper_sealed", "phone_sealed", "address_sealed", "merger"),
)


class StandingParties(models.Manager["Party"]):
    """The parties whom a case is handled with; the members of a group are not among them but in a list of their own."""

    def get_queryset(self) -> "models.QuerySet[Party]":
        """Without members."""
        return super().get_queryset().exclude(role=PartyRole.MEMBER)


class Party(models.Model):
    """One person or organisation in one case. Members of a group, for whom representatives act, may be thousands:
    `objects` and `case.parties` leave them out, whoever looks for persons asks `everyone`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    ordinal = models.PositiveSmallIntegerField("顺序", default=1)
    side = models.CharField("当事方", max_length=12, choices=PartySide, default=PartySide.APPLICANT)
    kind = models.CharField("类型", max_length=12, choices=PartyKind, default=PartyKind.PERSON)
    role = models.CharField("身份", max_length=10, choices=PartyRole, default=PartyRole.PRINCIPAL)
    represents = models.ForeignKey(
        "self",
        verbose_name="代表",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="represented_by",
    )
    works_at = models.ForeignKey(
        Organisation,
        verbose_name="被反映人所在单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="被反映的是单位时，即该单位",
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    name = models.CharField("姓名或名称", max_length=80, blank=True)
    name_withheld = models.BooleanField("不愿透露姓名", default=False)
    sex = models.CharField("性别", max_length=6, blank=True, choices=[("male", "男"), ("female", "女")])
    birth_date = models.DateField("出生日期", null=True, blank=True)
    ethnic = models.CharField("民族", max_length=2, blank=True)
    capacity = models.CharField("行为能力", max_length=8, choices=Capacity, blank=True, db_default="")
    paper_kind = models.CharField("证件类型", max_length=12, choices=PaperKind, blank=True)
    paper_sealed = models.BinaryField(null=True, editable=False)
    paper_hash = models.BinaryField(max_length=ciphers.CODE_BYTES, null=True, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.BinaryField(max_length=ciphers.CODE_BYTES, null=True, editable=False)
    phone_tail = models.BinaryField(max_length=ciphers.CODE_BYTES, null=True, editable=False)
    address_sealed = models.BinaryField(null=True, editable=False)
    initials = models.CharField("拼音首字母", max_length=80, blank=True, editable=False)
    merger = models.ForeignKey(
        Merger, verbose_name="随并案并入", null=True, on_delete=models.PROTECT, related_name="parties", editable=False
    )

    objects = StandingParties()
    everyone: "models.Manager[Party]" = models.Manager()

    class Meta:
        verbose_name = "当事人"
        verbose_name_plural = "当事人"
        ordering = ["case", "ordinal", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name_withheld=True, name="") | (Q(name_withheld=False) & ~Q(name="")),
                name="party_named_or_withheld",
                violation_error_message="请填写姓名，或勾选“不愿透露姓名”。",
            ),
            models.CheckConstraint(
                condition=Q(role__in=FOR_THEMSELVES, represents__isnull=True)
                | (~Q(role__in=FOR_THEMSELVES) & Q(represents__isnull=False)),
                name="party_agent_represents",
                violation_error_message="代理人、监护人须注明代表哪位当事人。",
            ),
            models.CheckConstraint(
                condition=(Q(role=PartyRole.ACCUSED) & Q(works_at__isnull=False))
                | (~Q(role=PartyRole.ACCUSED) & Q(works_at__isnull=True, account__isnull=True)),
                name="party_accused_works_at",
                violation_error_message="被反映人须注明所在单位。",
            ),
            models.CheckConstraint(
                condition=Q(paper_sealed__isnull=True, paper_hash__isnull=True)
                | Q(paper_sealed__isnull=False, paper_hash__isnull=False),
                name="party_paper_sealed_and_hashed",
            ),
        ]
        indexes = [
            models.Index(fields=["paper_hash"], condition=Q(paper_hash__isnull=False), name="party_paper_hash"),
            models.Index(fields=["phone_hash"], condition=Q(phone_hash__isnull=False), name="party_phone_hash"),
            models.Index(fields=["phone_tail"], condition=Q(phone_tail__isnull=False), name="party_phone_tail"),
            models.Index(fields=["name"], name="party_name"),
            models.Index(fields=["works_at", "name"], condition=Q(role="accused"), name="party_accused"),
            models.Index(fields=["initials", "case"], condition=~Q(initials=""), name="party_initials_case"),
        ]
        triggers = marked("party", *MARKED, by_acts=True)

    def __str__(self) -> str:
        return f"当事人 {self.pk}"

    @property
    def shown_name(self) -> str:
        """The name as those who handle the case see it."""
        return "（不愿透露）" if self.name_withheld else self.name

    @property
    def paper_number(self) -> str:
        """The identity number or credit code in the clear; whoever calls this has been permitted to."""
        return self._open("paper", self.paper_sealed)

    @property
    def phone(self) -> str:
        return self._open("phone", self.phone_sealed)

    @property
    def address(self) -> str:
        return self._open("address", self.address_sealed)

    def seal_paper(self, number: str) -> None:
        """Keep a normalised identity number or credit code; empty takes it away."""
        self.paper_sealed = self._sealed("paper", number)
        self.paper_hash = paper_hash(number) if number else None

    def seal_phone(self, number: str) -> None:
        """Keep a phone; of several numbers the first answers whose it is."""
        self.phone_sealed = self._sealed("phone", number)
        self.phone_hash = phone_hash(first_phone(number) or number) if number else None
        self.phone_tail = phone_tail(first_phone(number)) if number else None

    @property
    def hashes_alike(self) -> list[tuple[bytes, bytes]]:
        """The hashes of paper and phone (empty for none) that other rows of this person may carry: while a new hash key
        takes the place of another, those of each key, the newest first."""
        if not ciphers.has_older_hash_keys():
            return [(bytes(self.paper_hash or b""), bytes(self.phone_hash or b""))]
        papers = paper_hashes(self.paper_number) if self.paper_hash else []
        phones = phone_hashes(first_phone(self.phone) or self.phone) if self.phone_hash else []
        return list(zip_longest(papers, phones, fillvalue=b""))

    def fresh_hash(self, column: str) -> bytes | None:
        """The hash of paper, phone or tail, made of the sealed number under the newest key."""
        if column == "tail":
            return phone_tail(first_phone(self.phone)) if self.phone_sealed else None
        if column == "paper":
            return paper_hash(self.paper_number) if self.paper_sealed else None
        return phone_hash(first_phone(self.phone) or self.phone) if self.phone_sealed else None

    def seal_address(self, address: str) -> None:
        self.address_sealed = self._sealed("address", address)

    def _sealed(self, column: str, value: str) -> bytes | None:
        return ciphers.seal(value, aad=self._aad(column)) if value else None

    def _open(self, column: str, sealed: bytes | memoryview | None) -> str:
        return ciphers.unseal(bytes(sealed), aad=self._aad(column)) if sealed else ""

    def _aad(self, column: str) -> str:
        return f"intake.party.{column}:{self.uid}"


def paper_hash(number: str) -> bytes:
    """Equality hash of a normalised identity number or credit code."""
    return ciphers.keyed_hash(number, purpose=PAPER_PURPOSE)


def paper_hashes(number: str) -> list[bytes]:
    """What the equality hash of a paper's number may be in the rows that are looked for."""
    return ciphers.keyed_hashes(number, purpose=PAPER_PURPOSE)


def phone_hash(number: str) -> bytes:
    """Equality hash of a normalised phone number."""
    return ciphers.keyed_hash(number, purpose=PHONE_PURPOSE)


def phone_hashes(number: str) -> list[bytes]:
    """What the equality hash of a phone may be in the rows that are looked for."""
    return ciphers.keyed_hashes(number, purpose=PHONE_PURPOSE)


def phone_tail(number: str) -> bytes | None:
    """Equality hash of the last four digits of a normalised phone number, its extension left out; None for none."""
    digits = "".join(number.split("-")[:2])
    return ciphers.keyed_hash(digits[-TAIL_DIGITS:], purpose=TAIL_PURPOSE) if len(digits) >= TAIL_DIGITS else None


def phone_tails(tail: str) -> list[bytes]:
    """What the equality hash of four last digits may be in the rows that are looked for."""
    return ciphers.keyed_hashes(tail, purpose=TAIL_PURPOSE)
