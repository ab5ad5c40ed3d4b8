"""Joint work in the API: tasks and meetings of one case; to list, to give, to do."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.acts import KEY, ReasonIn
from intake.api.fields import OrganisationBrief, OrganisationKey, label, text
from intake.coordination.actions import complete_task, release_task
from intake.coordination.models import TaskKind
from intake.coordination.queries import tasks_of
from intake.models import Case
from intake.queries import case_visible_to
from referrals import actions, queries
from referrals.actions import Resolved
from referrals.models import Meeting
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope

SCOPES = [needs_scope("cases:read", "cases:write")]
TAGS = ["联动"]


class TaskOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    kind_label = label("kind")
    what = serializers.CharField()
    organisation = OrganisationBrief(source="handling.organisation")
    due_on = serializers.DateField(allow_null=True)
    is_open = serializers.BooleanField()
    needs_consent = serializers.BooleanField(help_text="须先登记监护人同意")
    consented_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()
    released_at = serializers.DateTimeField(allow_null=True)
    release_reason = serializers.CharField()


class JointMeetingOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    held_at = serializers.DateTimeField()
    place = serializers.CharField()
    present = OrganisationBrief(many=True)
    people = serializers.CharField()
    decided = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.name")
    recorded_at = serializers.DateTimeField()
    tasks = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_tasks(self, meeting: Meeting) -> list[int]:
        """The numbers of the tasks that follow from it."""
        return [task.pk for task in meeting.tasks.all()]


class TaskIn(serializers.Serializer[Any]):
    organisation = OrganisationKey(help_text="正在承办本案的单位")
    what = text(required=True)
    due_on = serializers.DateField(required=False, allow_null=True, help_text="完成期限，不早于今天")
    kind = serializers.ChoiceField(TaskKind.choices, required=False)


class TaskResultIn(serializers.Serializer[Any]):
    result = text(required=True, help_text="完成情况")


class JointMeetingIn(serializers.Serializer[Any]):
    held_at = serializers.DateTimeField()
    place = text(required=True)
    decided = text(required=True, help_text="议定事项")
    people = text()
    present = OrganisationKey(many=True, required=False)
    tasks = TaskIn(many=True, required=False, help_text="议定由各单位完成的任务")


class OfCase(ApiView):
    """What belongs to one case in sight."""

    permission_classes = SCOPES

    def case(self, code: str) -> Case:
        """The case; NotFound for one that is not in sight."""
        return case_visible_to(self.user, code)

    def given(self, request: Request) -> dict[str, Any]:
        """The input, checked for its shape."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class Tasks(OfCase):
    """The tasks of joint handling of a case."""

    serializer_class = TaskIn
    filter_backends = ()
    pagination_class = None

    @extend_schema(summary="联动任务", tags=TAGS, operation_id="case_tasks", responses=TaskOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """All of them, as given."""
        return Response(TaskOut(tasks_of(self.case(code)), many=True).data)

    @extend_schema(
        summary="下达联动任务", tags=TAGS, operation_id="case_task_give", parameters=[KEY], responses={201: TaskOut}
    )
    def post(self, request: Request, code: str) -> Response:
        """Give an organisation that handles the case a task."""
        case, given = self.case(code), self.given(request)
        handling = queries.open_handling_of(case, given.pop("organisation"))
        return Response(TaskOut(actions.give_task(case, handling, actor=self.user, **given)).data, 201)


class TaskDone(OfCase):
    """A task is reported as done."""

    serializer_class = TaskResultIn

    @extend_schema(
        summary="完成联动任务", tags=TAGS, operation_id="case_task_done", parameters=[KEY], responses=TaskOut
    )
    def post(self, request: Request, code: str, pk: int) -> Response:
        """By the organisation that was given it."""
        task = queries.task_of(self.case(code), pk)
        return Response(TaskOut(complete_task(task, actor=self.user, **self.given(request))).data)


class TaskReleased(OfCase):
    """A task is taken back."""

    serializer_class = ReasonIn

    @extend_schema(
        summary="解除联动任务", tags=TAGS, operation_id="case_task_release", parameters=[KEY], responses=TaskOut
    )
    def post(self, request: Request, code: str, pk: int) -> Response:
        """By the centre that answers, with a reason."""
        task = queries.task_of(self.case(code), pk)
        return Response(TaskOut(release_task(task, actor=self.user, **self.given(request))).data)


class Meetings(OfCase):
    """The meetings about a case."""

    serializer_class = JointMeetingIn
    filter_backends = ()
    pagination_class = None

    @extend_schema(summary="联席会议", tags=TAGS, operation_id="case_meetings", responses=JointMeetingOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """All of them, the latest first."""
        return Response(JointMeetingOut(queries.meetings_of(self.case(code)), many=True).data)

    @extend_schema(
        summary="记录联席会议", tags=TAGS, operation_id="case_meeting_record", parameters=[KEY],
        responses={201: JointMeetingOut},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """Record one; what was decided for an organisation becomes its task."""
        case, given = self.case(code), self.given(request)
        rows = [dict(row) for row in given.pop("tasks", [])]
        tasks = [Resolved(handling=queries.open_handling_of(case, row.pop("organisation")), **row) for row in rows]
        meeting = actions.record_meeting(case, actor=self.user, tasks=tasks, **given)
        return Response(JointMeetingOut(meeting).data, 201)
