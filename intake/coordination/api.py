"""Coordination meetings in the API, to read."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.fields import OrganisationBrief, label
from intake.coordination import queries as coordination_queries
from intake.coordination.models import AgendaItem, CoordinationMeeting
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.web.parameters import PAGES

CASES = [needs_scope("cases:read")]
TAGS = ["碰头会"]


class MeetingRow(serializers.Serializer[CoordinationMeeting]):
    id = serializers.IntegerField()
    centre = OrganisationBrief()
    held_on = serializers.DateField()
    is_open = serializers.BooleanField()
    total = serializers.IntegerField(help_text="议题数")
    decided = serializers.IntegerField(help_text="已议数")
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class AgendaOut(serializers.Serializer[AgendaItem]):
    ordinal = serializers.IntegerField()
    case = serializers.CharField(source="case.code")
    title = serializers.CharField(source="case.title")
    reason = serializers.CharField()
    reason_label = label("reason")
    decision = serializers.CharField(help_text="未议为空")
    decision_label = label("decision")
    lead = OrganisationBrief(allow_null=True)
    co_handlers = OrganisationBrief(many=True)
    target = serializers.CharField(source="target.code", default=None, allow_null=True, help_text="并入的案件")
    note = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class MeetingOut(MeetingRow):
    chair = serializers.CharField()
    attendees = serializers.CharField(help_text="出席")
    absentees = serializers.CharField(help_text="请假")
    observers = serializers.CharField(help_text="列席")
    notes = serializers.CharField()
    items = serializers.SerializerMethodField()

    @extend_schema_field(AgendaOut(many=True))
    def get_items(self, meeting: CoordinationMeeting) -> Any:
        """In the order of the agenda."""
        user = self.context["request"].user
        return [AgendaOut(item).data for item in coordination_queries.agenda_for(user, meeting)]


class Meetings(ApiView):
    """The meetings in sight."""

    permission_classes = CASES
    serializer_class = MeetingRow
    filter_backends = []
    parameters = PAGES

    @extend_schema(summary="碰头会列表", tags=TAGS, operation_id="meetings_list", responses=MeetingRow(many=True))
    def get(self, request: Request) -> Response:
        """A page, the latest first."""
        page = self.paginate_queryset(coordination_queries.meetings_visible_to(self.user))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class Meeting(ApiView):
    """One meeting with its agenda."""

    permission_classes = CASES
    serializer_class = MeetingOut

    @extend_schema(summary="碰头会及其决定", tags=TAGS, operation_id="meeting_detail")
    def get(self, request: Request, pk: int) -> Response:
        """What was decided."""
        return Response(self.get_serializer(coordination_queries.meeting_visible_to(self.user, pk)).data)
