"""Corrections of what was registered: who changed what from what to what, when and why.

What names a person is sealed on both sides, bound to its row; it is opened like the numbers of a party.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.models.case import Case
from intake.models.triggers import REFUSE
from zhongzhi.core import ciphers
from zhongzhi.rows.triggers import append_only


class Correction(models.Model):
    """One act of correcting, with its reason; what it filled in for the first time may go without."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("更正时间")
    reason = models.CharField("更正理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering = ["made_at", "pk"]
        triggers = append_only("correction", REFUSE)

    def __str__(self) -> str:
        return f"{self.case_id} {self.made_at:%Y-%m-%d}"


class CorrectedValue(models.Model):
    """One value before and after; of a party, whose key stands beside it also when the party was taken off."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="values")
    party_uid = models.UUIDField(null=True, editable=False)
    subject = models.CharField("谁的", max_length=20, blank=True)
    field = models.CharField("项目", max_length=30)
    label = models.CharField("名称", max_length=30, help_text="更正时的叫法")
    is_personal = models.BooleanField("个人信息", default=False)
    old = models.TextField("原为", blank=True)
    new = models.TextField("改为", blank=True)
    old_sealed = models.BinaryField(null=True, editable=False)
    new_sealed = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = "更正的项目"
        verbose_name_plural = "更正的项目"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_personal=True, old="", new="")
                | Q(is_personal=False, old_sealed__isnull=True, new_sealed__isnull=True),
                name="corrected_value_personal_is_sealed",
            )
        ]
        indexes = [models.Index(fields=["party_uid"], name="corrected_value_of_party")]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.field}"

    def keep(self, old: str, new: str) -> None:
        """Take the two values in, sealed where they name a person."""
        if self.is_personal:
            self.old_sealed, self.new_sealed = self._sealed("old", old), self._sealed("new", new)
        else:
            self.old, self.new = old, new

    @property
    def old_value(self) -> str:
        """What stood there before, in the clear; whoever calls this has been permitted to."""
        return self._opened("old", self.old_sealed) if self.is_personal else self.old

    @property
    def new_value(self) -> str:
        """What was put there instead."""
        return self._opened("new", self.new_sealed) if self.is_personal else self.new

    def _sealed(self, column: str, value: str) -> bytes | None:
        return ciphers.seal(value, aad=corrected_aad(column, self.uid)) if value else None

    def _opened(self, column: str, sealed: bytes | memoryview | None) -> str:
        return ciphers.unseal(bytes(sealed), aad=corrected_aad(column, self.uid)) if sealed else ""


def corrected_aad(column: str, uid: uuid.UUID) -> str:
    """Where a sealed value of a correction belongs."""
    return f"intake.correction.{column}:{uid}"
