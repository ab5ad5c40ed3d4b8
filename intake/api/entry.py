"""What an outside system hands in: the entry of a case."""

from typing import ClassVar

from intake.actions import Report
from intake.api.fields import OrganisationKey
from intake.entries import CASE, PARTY, CaseEntry, PartyEntry
from intake.models import Outcome, Road
from zhongzhi.web.shapes import Choice, Shape, ShapeSerializer, Text

REPORT = Shape(
    outcome=Choice("办理结果", Outcome),
    note=Text("办理情况"),
    road=Choice("引导途径", Road, required=False, may_be_blank=True, api_help="未化解时必填"),
)


class EntryIn(ShapeSerializer):
    """A case as it came in. Compulsory: what happened, where, and one party (named or withheld)."""

    shape: ClassVar[Shape] = CASE
    parties = PARTY.serializer(many=True)
    centre = OrganisationKey(required=False, allow_null=True, help_text="受理的综治中心；不填由任职或发生地决定")

    def entry(self) -> CaseEntry:
        """As the actions take it."""
        parties = tuple(PartyEntry(**PARTY.api_arguments(row)) for row in self.validated_data["parties"])
        return CaseEntry(**CASE.api_arguments(self.validated_data), parties=parties)


class SettleIn(EntryIn):
    """An entry with its outcome: the fast track."""

    shape: ClassVar[Shape] = Shape(**CASE, **REPORT)

    def report(self) -> Report:
        """As the actions take it."""
        return Report(**{name: self.validated_data.get(name, "") for name in REPORT})
