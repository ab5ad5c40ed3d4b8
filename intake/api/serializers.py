"""How cases read in the API: every code with its label, numbers masked."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from intake.api.fields import CategoryBrief, ChosenFields, OrganisationBrief, TerritoryBrief, label
from intake.api.parts import PARTS, WithParts, parties_shown
from intake.available_actions import names_for_programs
from intake.entries import CASE
from intake.lifecycle import State
from intake.models import Case, FollowUp, RoadCorrection, RoadTaken
from intake.models.place import other_places_of
from intake.queries import (
    RelatedCases,
    applicant_names,
    archive_gaps,
    leaders_in_charge,
    open_suspension,
    related_cases_of,
    roads_of,
    senders_of,
)
from intake.queries.list_parts import hidden_in_parts
from intake.queries.list_rows import veiled_row
from intake.queries.veiling import hidden_from, masked_deep, veiled
from intake.sight import Level, sight_within
from zhongzhi.accounts.models import User
from zhongzhi.web.fields import shown_as


def _is_shown(name: str) -> bool:
    return hasattr(Case, name.removesuffix("_label"))


class ListedEntry(serializers.Serializer[Case]):
    """What of an entry is declared as `listed`, after what every list shows."""

    def get_fields(self) -> dict[str, Any]:
        """The others first."""
        return {**super().get_fields(), **CASE.output_fields(listed=True)}


class SenderOut(serializers.Serializer[dict[str, str]]):
    system = serializers.CharField(help_text="来源系统，如 12345、110、信访")
    number = serializers.CharField(help_text="在来源系统中的编号")


class WithSenders(serializers.Serializer[Case]):
    """What is told of where a case came from; the feed of changes leaves it out."""

    senders = serializers.SerializerMethodField()

    @extend_schema_field(SenderOut(many=True))
    def get_senders(self, case: Case) -> list[dict[str, str]]:
        """System and number elsewhere."""
        return senders_of(case)


class CaseHead(ListedEntry):
    """What list and detail have in common."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.CharField()
    status_label = label("status")
    tier = serializers.CharField()
    tier_label = label("tier")
    risk = serializers.CharField()
    risk_label = label("risk")
    complexity = serializers.CharField()
    complexity_label = label("complexity")
    channel = serializers.CharField()
    channel_label = label("channel")
    category = CategoryBrief(allow_null=True)
    territory = TerritoryBrief()
    centre = OrganisationBrief()
    holder = OrganisationBrief()
    applicants = serializers.SerializerMethodField()
    is_fast_track = serializers.BooleanField()
    registered_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_applicants(self, case: Case) -> list[str]:
        """Names, masked unless the reader handles the case."""
        return applicant_names(self.context["request"].user, case)


class CaseRow(ChosenFields, CaseHead, WithSenders):
    """A case in a list."""

    def to_representation(self, instance: Case) -> Any:
        """As this reader may see it."""
        veiled_row(self.context["request"].user, instance)
        return super().to_representation(instance)

    due_at = serializers.DateTimeField(source="next_due", allow_null=True, help_text="最近的时限")
    is_overdue = serializers.BooleanField(help_text="有已超期的时限")


@extend_schema_serializer(component_name="CaseRow")
class ExpandedRow(CaseRow, WithParts):
    """A case in a list, with those of its parts that `expand=` names."""

    def to_representation(self, instance: Case) -> Any:
        """The parts name nobody whom this reader is not shown, as in the detail."""
        said = super().to_representation(instance)
        hidden = hidden_in_parts(self.context["request"].user, instance)
        return {name: masked_deep(value, hidden) if name in PARTS else value for name, value in said.items()}

    def parties_of(self, case: Case) -> list[dict[str, Any]]:
        """Of whose data are restricted a list holds nothing."""
        return parties_shown(self.context["request"].user, case, in_list=True)


class FollowUpOut(serializers.Serializer[FollowUp]):
    way = serializers.CharField()
    way_label = label("way")
    reached = serializers.BooleanField()
    performance = serializers.CharField()
    performance_label = label("performance")
    satisfaction = serializers.IntegerField(allow_null=True)
    escalating = serializers.BooleanField(help_text="有激化苗头")
    note = serializers.CharField()
    made_at = serializers.DateTimeField()


CODES = serializers.ListField(child=serializers.CharField())


class RoadCorrectionOut(serializers.Serializer[RoadCorrection]):
    ended_on = serializers.DateField(help_text="原结果日期")
    number = serializers.CharField(help_text="原文号、案号")
    result = serializers.CharField(help_text="原结果")
    reason = serializers.CharField(help_text="更正理由")
    corrected_at = serializers.DateTimeField(source="at")


class RoadOut(serializers.Serializer[RoadTaken]):
    id = serializers.IntegerField(help_text="更正结果时填写")
    road = serializers.CharField()
    road_label = label("road")
    led_at = serializers.DateTimeField()
    dropped_at = serializers.DateTimeField(allow_null=True, help_text="收回重办，不再等待结果")
    ended_on = serializers.DateField(allow_null=True, help_text="结果日期；空为尚未有结果")
    number = serializers.CharField(help_text="文号、案号")
    result = serializers.CharField()
    corrections = RoadCorrectionOut(many=True, help_text="每次更正以前的内容和更正理由")


@dataclass(frozen=True)
class _Parts:
    """What several fields of one answer are made from, read once."""

    user: User
    case: Case

    @cached_property
    def parties(self) -> list[dict[str, Any]]:
        """Numbers masked; names too for those who do not handle the case."""
        return parties_shown(self.user, self.case)

    @cached_property
    def related(self) -> RelatedCases:
        """Merged cases and repeats."""
        return related_cases_of(self.case)


class CaseOut(CaseHead, WithSenders, WithParts):
    """A whole case."""

    other_places = serializers.SerializerMethodField(help_text="涉及的其他地方；案件在 territory 统计")
    outcome = serializers.CharField()
    outcome_label = label("outcome")
    outcome_note = serializers.CharField()
    road = serializers.CharField()
    road_label = label("road")
    roads = serializers.SerializerMethodField(help_text="引导走过的法律途径及其结果")
    solved_tier = serializers.CharField()
    solved_tier_label = label("solved_tier")
    guided_to = OrganisationBrief(allow_null=True)
    guided_outside = serializers.CharField(
        source="guided_outside.name", allow_null=True, default=None, help_text="导引至的外单位"
    )
    merged_into = serializers.CharField(source="merged_into.code", allow_null=True, default=None)
    merged_cases = serializers.SerializerMethodField(help_text="并入本案的案件编号")
    repeats_of = serializers.SerializerMethodField(help_text="本案所重复的此前案件编号")
    leader_in_charge = serializers.SerializerMethodField(help_text="包案领导；没有时为空")
    review_on = serializers.SerializerMethodField(help_text="挂账案件的复核日期")
    archive_gaps = serializers.SerializerMethodField(help_text="已办结案件归档前还缺什么")
    follow_ups = FollowUpOut(many=True)
    concluded_at = serializers.DateTimeField(allow_null=True)
    acts = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, Any]:
        """What was entered and is a column of the case stands beside what the office made of it."""
        fields = super().get_fields()
        entered = {name: field for name, field in CASE.output_fields().items() if _is_shown(name)}
        return {**entered, **fields}

    def to_representation(self, instance: Case) -> Any:
        """What was asked, reported and heard names nobody whom this reader is not shown."""
        user = self.context["request"].user
        veiled(user, instance)
        self._parts = _Parts(user, instance)
        said = super().to_representation(instance)
        if sight_within(user, instance).level < Level.MASKED:
            said |= {"roads": [], "follow_ups": []}
        return masked_deep(said, hidden_from(user, instance))

    def get_applicants(self, case: Case) -> list[str]:
        """Named among the parties."""
        return [p["name"] for p in self._parts.parties if p["side"] == "applicant" and p["role"] == "principal"]

    @extend_schema_field(TerritoryBrief(many=True))
    def get_other_places(self, case: Case) -> Any:
        """Beside the leading one."""
        return shown_as(TerritoryBrief, other_places_of(case))

    @extend_schema_field(RoadOut(many=True))
    def get_roads(self, case: Case) -> Any:
        """With what each result said before it was corrected."""
        return shown_as(RoadOut, roads_of(case))

    @extend_schema_field(CODES)
    def get_merged_cases(self, case: Case) -> list[str]:
        """By code."""
        return [str(row.case.code) for row in self._parts.related.merged]

    @extend_schema_field(CODES)
    def get_repeats_of(self, case: Case) -> list[str]:
        """By code."""
        return [str(row.earlier.code) for row in self._parts.related.repeats_of]

    def get_leader_in_charge(self, case: Case) -> str:
        """By name."""
        return next((row.leader.name for row in leaders_in_charge(case) if row.until is None), "")

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_review_on(self, case: Case) -> Any:
        """Of a case that is hung up."""
        rest = open_suspension(case) if case.status == State.SUSPENDED else None
        return rest.review_on if rest else None

    @extend_schema_field(CODES)
    def get_archive_gaps(self, case: Case) -> list[str]:
        """In words."""
        return archive_gaps(case) if case.status == State.CLOSED else []

    def parties_of(self, case: Case) -> list[dict[str, Any]]:
        """Read once: the applicants are among them."""
        return self._parts.parties

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_acts(self, case: Case) -> list[str]:
        """What the caller may do now: names for `POST /cases/{code}/{act}/`."""
        return names_for_programs(self.context["request"].user, case)
