"""Everything about one mediation that its papers show, read once."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property

from django.conf import settings
from django.utils import timezone

from intake.models import Attachment, FollowUp, Party, PartyRole, PartySide
from mediation.lifecycle import AgreementState
from mediation.models import Agreement, Confirmation, Instalment, Material, Mediation, Session, SessionState

NOT_GIVEN = "未登记"


@dataclass(frozen=True)
class Facts:
    """A mediation as its papers need it."""

    mediation: Mediation

    @cached_property
    def parties(self) -> list[Party]:
        return list(self.mediation.case.parties.select_related("represents").order_by("ordinal", "pk"))

    @cached_property
    def sessions(self) -> list[Session]:
        rows = self.mediation.sessions.filter(status=SessionState.HELD).select_related("room")
        return list(rows.prefetch_related("attendees__party", "measurements__party", "bookings__mediator"))

    @cached_property
    def agreement(self) -> Agreement | None:
        rows = self.mediation.agreements.exclude(status__in=[AgreementState.DRAFT, AgreementState.REPLACED])
        return rows.first()

    @cached_property
    def instalments(self) -> list[Instalment]:
        rows = Instalment.objects.filter(obligation__agreement=self.agreement)
        related = rows.select_related("obligation__debtor", "obligation__creditor")
        return list(
            related.prefetch_related("performances__proofs__attachment__file").order_by(
                "obligation__ordinal", "ordinal"
            )
        )

    @cached_property
    def confirmations(self) -> list[Confirmation]:
        rows = Confirmation.objects.filter(agreement__mediation=self.mediation).select_related("court")
        return list(rows.prefetch_related("applicants").order_by("pk"))

    @cached_property
    def materials(self) -> list[Material]:
        rows = self.mediation.materials.filter(attachment__removed_at__isnull=True)
        return list(rows.select_related("attachment__file", "party", "session"))

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        return list(self.mediation.case.follow_ups.select_related("made_by").order_by("made_at"))

    @cached_property
    def mediator_names(self) -> str:
        return "、".join(m.name for m in self.mediation.mediators.order_by("pk"))

    @property
    def principals(self) -> list[Party]:
        return [p for p in self.parties if p.role == PartyRole.PRINCIPAL]

    def side(self, *sides: PartySide) -> list[Party]:
        """The principals of these sides."""
        return [p for p in self.principals if p.side in sides]

    def files_of(self, *kinds: str) -> list[Attachment]:
        """The materials of these kinds."""
        return [m.attachment for m in self.materials if m.kind in kinds]


def person_line(party: Party) -> list[str]:
    """Name, sex, birth, people, number, phone, address: as the Ministry's forms ask for them, in the clear."""
    born = party.birth_date.isoformat() if party.birth_date else ""
    return [
        party.get_side_display(),
        party.shown_name,
        party.get_sex_display() or "—",
        born or "—",
        ethnic_name(party.ethnic) or "—",
        party.paper_number or NOT_GIVEN,
        party.phone or NOT_GIVEN,
        party.address or NOT_GIVEN,
    ]


PERSON_HEAD = ("当事方", "姓名或名称", "性别", "出生日期", "民族", "证件号码", "联系电话", "住址")


def day(value: date | datetime | None) -> str:
    """2026年11月24日; nothing for none."""
    if value is None:
        return ""
    local = timezone.localdate(value) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def moment(value: datetime) -> str:
    """2026年11月24日 09:30."""
    local = timezone.localtime(value)
    return f"{day(local)} {local:%H:%M}"


@cache
def _ethnics() -> dict[str, str]:
    with (settings.BASE_DIR / "data" / "gbt3304_ethnic.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return {row[0]: row[1] for row in rows[1:]}


def ethnic_name(code: str) -> str:
    """The name of a people by its code of GB/T 3304; empty for none."""
    return _ethnics().get(code, "")
