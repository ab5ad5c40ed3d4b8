"""Everything about one mediation that its papers show, read once."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property

from django.conf import settings
from django.utils import timezone

from intake.models import Attachment, FollowUp, Party, PartyRole, PartySide
from intake.queries import dispute_name
from intake.queries.violence import contact_on_papers
from mediation.documents.instruments import Instrument, instrument_of
from mediation.documents.wording import FORM_TEXTS, mode_of
from mediation.lifecycle import AgreementState
from mediation.models import (
    Agreement,
    AgreementForm,
    Confirmation,
    Instalment,
    Material,
    Mediation,
    PaperWording,
    Session,
    SessionState,
)
from mediation.queries.wording import in_force_on, wordings
from zhongzhi.core.paper_dates import paper_day

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
        """The agreement that was reached: in force, performed or broken."""
        rows = self.mediation.agreements.exclude(status__in=[AgreementState.DRAFT, AgreementState.REPLACED])
        return rows.first()

    @cached_property
    def draft(self) -> Agreement | None:
        """The agreement that waits for signatures."""
        return self.mediation.agreements.filter(status=AgreementState.DRAFT).first()

    @property
    def instrument(self) -> Instrument:
        """The words of this kind of mediation."""
        return instrument_of(self.mediation.mode)

    @cached_property
    def wordings(self) -> list[PaperWording]:
        """The county's own words of the forms, the latest first."""
        return list(wordings())

    def says(self, key: str, on: date | datetime | None, **facts: object) -> str:
        """A text of a form in the words of its day (of today where it has none yet)."""
        text, mode = FORM_TEXTS[key], mode_of(self.mediation.mode)
        mode = mode if text.by_mode else ""
        day = timezone.localdate(on) if isinstance(on, datetime) else on or timezone.localdate()
        row = in_force_on(self.wordings, key, mode, day)
        return text.wording.written(row.text if row else text.own_words(mode), {**self._everywhere, **facts})

    @cached_property
    def _everywhere(self) -> dict[str, str]:
        words, seal = self.instrument, self.mediation.body.seal
        return {
            "name": words.name,
            "mediator": words.mediator,
            "body": words.body,
            "seal": seal,
            "dispute": self.dispute,
        }

    def worded_on(self, made: Agreement) -> date | None:
        """The day whose words an agreement has: that of the first signature, so that what was signed stays; of an oral
        one that of the agreement. None while nobody has signed."""
        if made.form == AgreementForm.ORAL:
            return made.reached_on if made.in_force_on else None
        return made.signings.order_by("signed_on").values_list("signed_on", flat=True).first()

    @property
    def dispute(self) -> str:
        """What the dispute is called on papers: by its parties and its kind, in the clear."""
        return dispute_name(self.mediation.case, self.principals)

    @cached_property
    def instalments(self) -> list[Instalment]:
        return self.instalments_of(self.agreement)

    def instalments_of(self, agreement: Agreement | None) -> list[Instalment]:
        """What an agreement asks for, part by part, with what was performed."""
        rows = Instalment.objects.filter(obligation__agreement=agreement)
        related = rows.select_related("obligation__debtor", "obligation__creditor__membership")
        return list(
            related.prefetch_related("performances__proofs__attachment__file").order_by(
                "obligation__ordinal", "ordinal"
            )
        )

    @cached_property
    def confirmations(self) -> list[Confirmation]:
        rows = Confirmation.objects.filter(agreement__mediation=self.mediation).select_related("court", "agreement")
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
    def acting(self) -> list[Party]:
        """The principals, each followed by its guardians and agents."""
        found = []
        for party in self.principals:
            found += [party, *(p for p in self.parties if p.represents_id == party.pk)]
        return found

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
    """Name, sex, people, birth, number and phone, address: as the Ministry's forms ask for them, in the clear."""
    phone, address = contact_on_papers(party)
    return [
        f"{standing(party)}\n{party.shown_name}",
        party.get_sex_display() or "—",
        ethnic_name(party.ethnic) or "—",
        party.birth_date.isoformat() if party.birth_date else "—",
        f"{party.paper_number or NOT_GIVEN}\n{phone or NOT_GIVEN}",
        address or NOT_GIVEN,
    ]


PERSON_HEAD = ("当事人", "性别", "民族", "出生日期", "证件号码、联系电话", "住址")


def standing(party: Party) -> str:
    """申请人, or for whom somebody stands: 小张的监护人."""
    if party.represents is None:
        return party.get_side_display()
    return f"{party.represents.shown_name}的{party.get_role_display()}"


def person_words(party: Party) -> str:
    """A party as applications to a court name it, in one sentence."""
    born = f"{paper_day(party.birth_date)}出生" if party.birth_date else ""
    number = f"{party.get_paper_kind_display() or '证件'}号码{party.paper_number}" if party.paper_number else ""
    words = [party.shown_name, party.get_sex_display(), born, ethnic_name(party.ethnic), number]
    phone, address = contact_on_papers(party)
    words += [f"住{address}" if address else "", f"联系电话{phone}" if phone else ""]
    return "，".join(filter(None, words)) + "。"


def signer_words(party: Party, everybody: Sequence[Party]) -> str:
    """Who signs for a party: itself, or its guardian with both names."""
    guardians = [p.shown_name for p in everybody if p.represents_id == party.pk and p.role == PartyRole.GUARDIAN]
    by = f"（法定代理人 {'、'.join(guardians)}）" if guardians else ""
    return f"{party.get_side_display()} {party.shown_name}{by}"


def moment(value: datetime) -> str:
    """2026年11月24日 09:30."""
    local = timezone.localtime(value)
    return f"{paper_day(local)} {local:%H:%M}"


@cache
def _ethnics() -> dict[str, str]:
    with (settings.BASE_DIR / "data" / "gbt3304_ethnic.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return {row[0]: row[1] for row in rows[1:]}


def ethnic_name(code: str) -> str:
    """The name of a people by its code of GB/T 3304; empty for none."""
    return _ethnics().get(code, "")
