"""What an outside system hands in: the entry of a case."""

from typing import Any

from rest_framework import serializers

from intake.actions import Report
from intake.api.fields import OrganisationKey, text
from intake.entries import CaseEntry, PartyEntry
from intake.models import (
    Channel,
    Complexity,
    Outcome,
    PaperKind,
    PartyKind,
    PartyRole,
    PartySide,
    Risk,
    Road,
    Scale,
)


class PartyIn(serializers.Serializer[PartyEntry]):
    side = serializers.ChoiceField(PartySide.choices, default=PartySide.APPLICANT)
    kind = serializers.ChoiceField(PartyKind.choices, default=PartyKind.PERSON)
    role = serializers.ChoiceField(PartyRole.choices, default=PartyRole.PRINCIPAL)
    represents = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, help_text="代理人、监护人所代表的当事人在本列表中的位置，从 0 起"
    )
    name = text()
    name_withheld = serializers.BooleanField(default=False, help_text="不愿透露姓名")
    paper_kind = serializers.ChoiceField(PaperKind.choices, required=False, allow_blank=True)
    paper_number = text(help_text="身份证号或统一社会信用代码，加密保存；性别和出生日期由号码得出")
    phone = text()
    address = text()
    ethnic = serializers.RegexField(r"^\d{2}$", required=False, allow_blank=True, help_text="GB/T 3304 民族代码")


class EntryIn(serializers.Serializer[CaseEntry]):
    """A case as it came in. Compulsory: what happened, where, and one party (named or withheld)."""

    narrative = text(required=True, help_text="事情经过，最多 5000 字")
    territory = text(required=True, help_text="发生地区划代码，9、12 或 15 位")
    parties = PartyIn(many=True)
    title = text(help_text="不填则取经过的第一句；最多 100 字")
    request = text(help_text="诉求")
    category = text(help_text="二级纠纷类别代码，如 0202")
    channel = serializers.ChoiceField(Channel.choices, default=Channel.INTERFACE)
    place_detail = text()
    occurred_on = serializers.DateField(required=False, allow_null=True)
    amount = serializers.DecimalField(14, 2, required=False, allow_null=True)
    people_count = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1_000_000)
    scale = serializers.ChoiceField(Scale.choices, default=Scale.INDIVIDUAL)
    complexity = serializers.ChoiceField(Complexity.choices, default=Complexity.SIMPLE)
    risk = serializers.ChoiceField(Risk.choices, default=Risk.BLUE)
    external_system = text(help_text="来源系统")
    external_number = text(help_text="来源系统中的编号；同一编号只登记一次")
    centre = OrganisationKey(required=False, allow_null=True, help_text="受理的综治中心；不填由任职或发生地决定")

    def entry(self) -> CaseEntry:
        """As the actions take it."""
        values: dict[str, Any] = {k: v for k, v in self.validated_data.items() if k not in ("centre", *REPORT)}
        parties = tuple(PartyEntry(**party) for party in values.pop("parties"))
        return CaseEntry(**values, parties=parties)


REPORT = ("outcome", "note", "road")


class SettleIn(EntryIn):
    """An entry with its outcome: the fast track."""

    outcome = serializers.ChoiceField(Outcome.choices)
    note = text(required=True, help_text="办理情况")
    road = serializers.ChoiceField(Road.choices, required=False, allow_blank=True, help_text="未化解时必填")

    def report(self) -> Report:
        """As the actions take it."""
        return Report(**{name: self.validated_data.get(name, "") for name in REPORT})
