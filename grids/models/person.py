"""People of the rosters: those who know the place, with or without an account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from grids.models.organisation import Organisation
from grids.models.territory import Territory
from grids.models.triggers import administrators_apart
from zhongzhi.core import ciphers
from zhongzhi.rows.remembered import remembered_table


class RosterPerson(models.Model):
    """One person of the rosters. Phone and identity number are sealed; `public_phone` hangs on the notice board."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=50)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="roster_person",
    )
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.BinaryField(max_length=ciphers.CODE_BYTES, null=True, editable=False)
    paper_sealed = models.BinaryField(null=True, editable=False)
    paper_hash = models.BinaryField(max_length=ciphers.CODE_BYTES, null=True, editable=False)
    public_phone = models.CharField("公示电话", max_length=30, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)
    created_at = models.DateTimeField("录入时间", default=timezone.now)

    class Meta:
        verbose_name = "名册人员"
        verbose_name_plural = "名册人员"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="roster_person_named"),
            models.UniqueConstraint(
                fields=["paper_hash"],
                condition=Q(paper_hash__isnull=False),
                name="roster_person_paper_once",
                violation_error_message="名册中已有这个身份证号的人员。",
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="roster_person_name"),
            models.Index(fields=["phone_hash"], condition=Q(phone_hash__isnull=False), name="roster_person_phone"),
        ]
        triggers = [
            administrators_apart("grids_rosterperson_administrators_apart"),
            *remembered_table("grids_rosterperson", "user_id"),
        ]

    def __str__(self) -> str:
        return f"名册人员 {self.pk}"

    @property
    def phone(self) -> str:
        """The phone in the clear; whoever calls this has been permitted to."""
        return self._open("phone", self.phone_sealed)

    @property
    def paper_number(self) -> str:
        """The identity number in the clear; whoever calls this has been permitted to."""
        return self._open("paper", self.paper_sealed)

    def seal_phone(self, number: str) -> None:
        """Keep a normalised phone number; empty takes it away."""
        self.phone_sealed, self.phone_hash = self._sealed("phone", number), roster_hash("phone", number)

    def seal_paper(self, number: str) -> None:
        """Keep a normalised identity number; empty takes it away."""
        self.paper_sealed, self.paper_hash = self._sealed("paper", number), roster_hash("paper", number)

    def _sealed(self, column: str, value: str) -> bytes | None:
        return ciphers.seal(value, aad=self._aad(column)) if value else None

    def _open(self, column: str, sealed: bytes | memoryview | None) -> str:
        return ciphers.unseal(bytes(sealed), aad=self._aad(column)) if sealed else ""

    def _aad(self, column: str) -> str:
        return f"grids.person.{column}:{self.uid}"


def roster_hash(column: str, number: str) -> bytes | None:
    """Equality hash of a normalised phone or identity number of the rosters."""
    return ciphers.keyed_hash(number, purpose=f"roster.{column}") if number else None


def roster_hashes(column: str, number: str) -> list[bytes]:
    """What the equality hash of a number may be in the rows that are looked for."""
    return ciphers.keyed_hashes(number, purpose=f"roster.{column}") if number else []


class ExternalId(models.Model):
    """The number that a place, an organisation or a person has in another system (one entry, not two)."""

    system = models.CharField("系统", max_length=30)
    number = models.CharField("编号", max_length=60)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.CASCADE, related_name="external_ids")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="external_ids")
    person = models.ForeignKey(RosterPerson, null=True, on_delete=models.CASCADE, related_name="external_ids")

    class Meta:
        verbose_name = "外部编号"
        verbose_name_plural = "外部编号"
        constraints = [
            models.CheckConstraint(
                condition=Q(territory__isnull=False, organisation__isnull=True, person__isnull=True)
                | Q(territory__isnull=True, organisation__isnull=False, person__isnull=True)
                | Q(territory__isnull=True, organisation__isnull=True, person__isnull=False),
                name="grids_external_of_one",
            ),
            *(
                models.UniqueConstraint(
                    fields=["system", "number"],
                    condition=Q(**{f"{target}__isnull": False}),
                    name=f"grids_external_{target}_once",
                    violation_error_message="该外部编号已对应另一条记录。",
                )
                for target in ("territory", "organisation", "person")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.number}"
