"""What an outside system hands in: the entry of a case, and what comes in later."""

from dataclasses import replace
from typing import Any

from rest_framework.fields import empty

from intake.actions import Report, Sent
from intake.actions.entry import AMENDABLE
from intake.api.fields import OrganisationKey
from intake.entries import CASE, PARTY, SETTLEMENT, CaseEntry, PartyEntry
from zhongzhi.web.shapes import Ask, Shape, ShapeSerializer, Words


class EntryIn(ShapeSerializer):
    """A case as it came in. Compulsory: what happened, where, and one party (named or withheld)."""

    shape = CASE
    parties = PARTY.serializer(many=True)
    centre = OrganisationKey(
        required=False, allow_null=True, help_text="受理的综治中心；不填由任职或发生地决定，在多个中心任职的须填写"
    )

    def entry(self) -> CaseEntry:
        """As the actions take it."""
        parties = tuple(PartyEntry(**PARTY.api_arguments(row)) for row in self.validated_data["parties"])
        return CaseEntry(**CASE.api_arguments(self.validated_data), parties=parties)


class SettleIn(EntryIn):
    """An entry with its outcome: the fast track."""

    shape = Shape(**CASE, **SETTLEMENT)

    def report(self) -> Report:
        """As the actions take it."""
        return Report(**{name: self.validated_data.get(name, "") for name in SETTLEMENT})


LATER = Shape(
    **{name: replace(CASE[name], api=Ask.OPTIONAL, api_default=empty) for name in (*AMENDABLE, "other_places")}
)
"""What may be said of a case after it is registered."""
WHY = Shape(reason=Words("更正理由", required=False, api_help="更正理由；改动已登记的内容时必填，只作补充的可不填"))


class SupplementIn(ShapeSerializer):
    """What came in later. What is not named stays as it is.

    Parties given are added, or put to those of the same name.
    """

    shape = Shape(**LATER, **WHY)
    parties = PARTY.serializer(many=True, default=list)

    def arguments(self) -> dict[str, Any]:
        """As the action takes it."""
        parties = [PartyEntry(**PARTY.api_arguments(row)) for row in self.validated_data["parties"]]
        changes = LATER.api_arguments(self.validated_data)
        return {"changes": changes, "parties": parties, "reason": self.validated_data.get("reason", "")}


class PutIn(EntryIn):
    """A case as its sender knows it now; `reason` says why something that was registered is different."""

    shape = Shape(**CASE, **WHY)

    def sent(self, system: str, number: str) -> Sent:
        """As the action takes it; of values that were not sent a known case keeps its own."""
        entry = replace(self.entry(), external_system=system, external_number=number)
        named = {name: value for name, value in self.validated_data.items() if name in self.initial_data}
        return Sent(entry, LATER.api_arguments(named), self.validated_data.get("reason", ""))
