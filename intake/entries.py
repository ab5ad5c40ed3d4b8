"""What a window, a phone or an outside system hands in: the entry of a case, before it is a case.

Forms and serializers give their cleaned values as these; the rules of an entry are checked in
`intake.actions.entry`, once for all of them.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from intake.models import Channel, Complexity, PartyKind, PartyRole, PartySide, Risk, Scale


@dataclass(frozen=True)
class PartyEntry:
    """One party as typed. `represents` is the position (from 0) of the party that an agent stands for.

    `keep` names what a party that is known by `uid` keeps although nothing was typed: sealed values are never
    shown again, so an empty field means no change.
    """

    side: str = PartySide.APPLICANT
    kind: str = PartyKind.PERSON
    role: str = PartyRole.PRINCIPAL
    represents: int | None = None
    name: str = ""
    name_withheld: bool = False
    paper_kind: str = ""
    paper_number: str = ""
    phone: str = ""
    address: str = ""
    ethnic: str = ""
    uid: str = ""
    keep: frozenset[str] = frozenset()

    @property
    def is_blank(self) -> bool:
        """A row of the form that was left empty."""
        typed = (self.name, self.paper_number, self.phone, self.address, self.uid)
        return not self.name_withheld and not any(typed)


@dataclass(frozen=True)
class CaseEntry:
    """A whole case as typed. Codes are codes: `category` of the table, `territory` of the place."""

    narrative: str = ""
    territory: str = ""
    title: str = ""
    request: str = ""
    category: str = ""
    channel: str = Channel.WINDOW
    place_detail: str = ""
    occurred_on: date | None = None
    amount: Decimal | None = None
    people_count: int | None = None
    scale: str = Scale.INDIVIDUAL
    complexity: str = Complexity.SIMPLE
    risk: str = Risk.BLUE
    external_system: str = ""
    external_number: str = ""
    parties: tuple[PartyEntry, ...] = field(default_factory=tuple)
