"""Joint work in the API: tasks and meetings of one case; to list, to give, to do."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.act_views import ActView, Target, act_views
from intake.api.fields import OrganisationBrief, label
from intake.coordination.models import Task
from intake.models import Case
from intake.queries import case_visible_to
from referrals import queries
from referrals.available_actions import CASE_ACTS, TASK_ACTS
from referrals.models import Meeting
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.models import User
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.web.act_table import Act
from zhongzhi.web.fields import shown_as

GIVE_TASK, MEET = CASE_ACTS.named("add-task"), CASE_ACTS.named("meeting")
SCOPES = [needs_scope("cases:read")]
TAGS = ["联动"]


class TaskOut(serializers.Serializer[Task]):
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


class JointMeetingOut(serializers.Serializer[Meeting]):
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


class OfCase(ApiView):
    """What belongs to one case in sight."""

    permission_classes = SCOPES

    def case(self, code: str) -> Case:
        """The case; NotFound for one that is not in sight."""
        return case_visible_to(self.user, code)

    def do(self, act: Act[Any], request: Request, code: str) -> Any:
        """An act on the case, with the input checked for its shape; what it returns."""
        case, given = self.case(code), self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        return act.do(case, actor=self.user, **act.api_shape.api_arguments(given.validated_data, case))


class Tasks(OfCase):
    """The tasks of joint handling of a case."""

    serializer_class = GIVE_TASK.api_shape.serializer
    filter_backends = ()
    pagination_class = None

    @extend_schema(summary="联动任务", tags=TAGS, operation_id="case_tasks", responses=TaskOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """All of them, as given."""
        return Response(shown_as(TaskOut, queries.tasks_as_seen(self.user, self.case(code))))

    @extend_schema(
        summary="下达联动任务", tags=TAGS, operation_id="case_task_give", parameters=[KEY], responses={201: TaskOut}
    )
    def post(self, request: Request, code: str) -> Response:
        """Give an organisation that handles the case a task."""
        return Response(TaskOut(self.do(GIVE_TASK, request, code)).data, 201)


class Meetings(OfCase):
    """The meetings about a case."""

    serializer_class = MEET.api_shape.serializer
    filter_backends = ()
    pagination_class = None

    @extend_schema(summary="联席会议", tags=TAGS, operation_id="case_meetings", responses=JointMeetingOut(many=True))
    def get(self, request: Request, code: str) -> Response:
        """All of them, the latest first."""
        return Response(shown_as(JointMeetingOut, queries.meetings_as_seen(self.user, self.case(code))))

    @extend_schema(
        summary="记录联席会议", tags=TAGS, operation_id="case_meeting_record", parameters=[KEY],
        responses={201: JointMeetingOut},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """Record one; what was decided for an organisation becomes its task."""
        return Response(JointMeetingOut(self.do(MEET, request, code)).data, 201)


def _task(user: User, code: str, pk: int) -> Task:
    return queries.task_as_seen(user, case_visible_to(user, code), pk)


def _task_answer(view: ActView, result: Task, where: dict[str, Any]) -> Response:
    return Response(TaskOut(result).data)


ON_TASK = Target(_task, _task_answer, TaskOut, prefix="case_task", tags=("联动",), versioned=False)


def task_act_views() -> list[tuple[str, type[ActView]]]:
    """Name and view of every act on a task."""
    return act_views(TASK_ACTS, ON_TASK)
