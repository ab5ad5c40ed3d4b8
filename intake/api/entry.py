"""What an outside system hands in: the entry of a case."""

from intake.actions import Report
from intake.api.fields import OrganisationKey
from intake.entries import CASE, PARTY, SETTLEMENT, CaseEntry, PartyEntry
from zhongzhi.web.shapes import Shape, ShapeSerializer


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
