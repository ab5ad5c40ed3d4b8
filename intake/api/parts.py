"""The parts of a case that a list adds to its rows where it is asked to, and that the detail always has."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from intake.api.fields import OrganisationBrief, label
from intake.deadlines.models import Clock
from intake.deadlines.queries import running_clocks
from intake.models import Case, Handling
from intake.queries import PartyView, party_views
from intake.sight import Level, sight_within
from zhongzhi.accounts.models import User
from zhongzhi.web.fields import shown_as


class PartyOut(serializers.Serializer[PartyView]):
    uid = serializers.UUIDField()
    side = serializers.CharField()
    side_label = serializers.CharField()
    kind = serializers.CharField()
    kind_label = serializers.CharField()
    role = serializers.CharField()
    role_label = serializers.CharField()
    represents = serializers.CharField()
    name = serializers.CharField()
    sex_label = serializers.CharField()
    age = serializers.IntegerField(allow_null=True, help_text="周岁")
    paper_kind = serializers.CharField()
    paper_number = serializers.CharField(help_text="脱敏")
    phone = serializers.CharField(help_text="脱敏")
    address = serializers.CharField(help_text="脱敏")
    capacity_label = serializers.CharField(help_text="不能单独行为的人的行为能力；其他为空")
    needs_guardian = serializers.BooleanField(help_text="须由法定代理人行为而未登记监护人")
    restricted = serializers.BooleanField(help_text="本人要求限制处理：只保存，不用于查找、联想和导出")


class ClockOut(serializers.Serializer[Clock]):
    kind = serializers.CharField()
    kind_label = label("kind")
    organisation = OrganisationBrief()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    paused_at = serializers.DateTimeField(allow_null=True)
    warned_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)


class HandlingOut(serializers.Serializer[Handling]):
    kind = serializers.CharField()
    kind_label = label("kind")
    organisation = OrganisationBrief()
    instruction = serializers.CharField()
    opened_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.CharField()
    close_reason_label = label("close_reason")


class WithParts(serializers.Serializer[Case]):
    """Whose case it is, what runs and who works on it. Their names are masked by who shows them."""

    parties = serializers.SerializerMethodField()
    clocks = serializers.SerializerMethodField()
    handlings = serializers.SerializerMethodField()

    def parties_of(self, case: Case) -> list[dict[str, Any]]:
        """Read anew."""
        return parties_shown(self.context["request"].user, case)

    @extend_schema_field(PartyOut(many=True))
    def get_parties(self, case: Case) -> list[dict[str, Any]]:
        """Numbers masked; names too for those who do not handle the case."""
        return self.parties_of(case)

    @extend_schema_field(ClockOut(many=True))
    def get_clocks(self, case: Case) -> list[dict[str, Any]]:
        """Those not yet stopped, the first due first."""
        return shown_as(ClockOut, running_clocks(case), self.context)

    @extend_schema_field(HandlingOut(many=True))
    def get_handlings(self, case: Case) -> list[dict[str, Any]]:
        """Who sees the outline is not told what was asked of whom."""
        rows = shown_as(HandlingOut, case.handlings.all(), self.context)
        is_told = sight_within(self.context["request"].user, case).level >= Level.MASKED
        return rows if is_told else [row | {"instruction": ""} for row in rows]


PARTS = tuple(WithParts().fields)
"""What `expand=` may name."""


def parties_shown(user: User, case: Case, *, in_list: bool = False) -> list[dict[str, Any]]:
    """The parties as this reader may see them: nobody for who sees the outline, masked names unless in full."""
    sight = sight_within(user, case)
    if sight.level < Level.MASKED:
        return []
    return shown_as(PartyOut, party_views(case, names_in_clear=sight.is_full, in_list=in_list))
