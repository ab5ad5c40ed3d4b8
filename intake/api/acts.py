"""The acts of the API, made from the table of acts: one address, one request schema each."""

import re
from collections.abc import Callable
from typing import Any, Protocol

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake import queries
from intake.api.fields import OrganisationKey, text
from intake.api.responses import case_answer
from intake.api.serializers import CaseOut
from intake.available_actions import ACTS
from intake.models import Complexity, ContactWay, Outcome, Performance, Risk, Road, Satisfaction
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.queries import people
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.core.errors import BadInput

IF_MATCH = OpenApiParameter("If-Match", str, "header", description='案件版本，如 "3"；已被他人更新时返回 412')
KEY = OpenApiParameter(
    "Idempotency-Key", str, "header", description="同一键 48 小时内只办理一次，重复请求得到同样的答复"
)
VERSION = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]+)?"')


class NothingIn(serializers.Serializer[Any]):
    """No input."""


class ReasonIn(serializers.Serializer[Any]):
    reason = text(required=True)


class OptionalReasonIn(serializers.Serializer[Any]):
    reason = text()


class NoteIn(serializers.Serializer[Any]):
    note = text()


class AcceptIn(serializers.Serializer[Any]):
    category = text(help_text="二级纠纷类别代码；案件尚无类别时必填")
    complexity = serializers.ChoiceField(Complexity.choices, required=False)
    risk = serializers.ChoiceField(Risk.choices, required=False)
    note = text()


class GuideIn(serializers.Serializer[Any]):
    receiver = OrganisationKey()
    note = text(required=True)


class RequiredNoteIn(serializers.Serializer[Any]):
    note = text(required=True)


class OutcomeIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(Outcome.choices)
    note = text(required=True)
    road = serializers.ChoiceField(Road.choices, required=False, allow_blank=True)


class RegradeIn(serializers.Serializer[Any]):
    reason = text(required=True)
    complexity = serializers.ChoiceField(Complexity.choices, required=False)
    risk = serializers.ChoiceField(Risk.choices, required=False)


class DecisionIn(serializers.Serializer[Any]):
    granted = serializers.BooleanField()
    note = text(help_text="不同意时必填")


class MergeIn(serializers.Serializer[Any]):
    target = text(required=True, help_text="并入的案件编号")
    reason = text(required=True)


class LinkIn(serializers.Serializer[Any]):
    earlier = text(required=True, help_text="此前案件的编号")
    note = text()


class UnlinkIn(serializers.Serializer[Any]):
    earlier = text(required=True, help_text="此前案件的编号")


class HangUpIn(serializers.Serializer[Any]):
    reason = text(required=True)
    review_on = serializers.DateField(help_text="复核日期，须在今天以后")


@extend_schema_field(OpenApiTypes.INT)
class PersonKey(serializers.PrimaryKeyRelatedField):
    """A person by number."""

    def get_queryset(self) -> Any:
        """People who can sign in."""
        return people()


class LeaderIn(serializers.Serializer[Any]):
    leader = PersonKey(help_text="领导的用户编号")
    reason = text(required=True)


class FollowUpIn(serializers.Serializer[Any]):
    way = serializers.ChoiceField(ContactWay.choices)
    reached = serializers.BooleanField()
    performance = serializers.ChoiceField(Performance.choices, required=False, help_text="联系上的必填")
    satisfaction = serializers.ChoiceField(Satisfaction.choices, required=False, help_text="1 至 5；联系上的必填")
    escalating = serializers.BooleanField(default=False, help_text="有激化苗头")
    note = text()


class RoadResultIn(serializers.Serializer[Any]):
    road = serializers.ChoiceField(Road.choices, help_text="等待结果的途径")
    ended_on = serializers.DateField(help_text="结果日期")
    number = text(help_text="文号、案号")
    result = text(required=True, help_text="判决、裁决、决定的结果")


class RoadCorrectionIn(serializers.Serializer[Any]):
    row = serializers.IntegerField(min_value=1, help_text="要更正的途径编号（roads 的 id）")
    ended_on = serializers.DateField(help_text="结果日期")
    number = text(help_text="文号、案号")
    result = text(required=True, help_text="应有的结果")
    reason = text(required=True, help_text="更正理由")


INPUT: dict[str, type[serializers.Serializer[Any]]] = {
    "accept": AcceptIn,
    "guide": GuideIn,
    "return": ReasonIn,
    "report-outcome": OutcomeIn,
    "send-back": ReasonIn,
    "close": NoteIn,
    "reopen": ReasonIn,
    "archive": NoteIn,
    "suspend": ReasonIn,
    "resume": OptionalReasonIn,
    "withdraw": ReasonIn,
    "merge": MergeIn,
    "split": ReasonIn,
    "link-repeat": LinkIn,
    "unlink-repeat": UnlinkIn,
    "hang-up": HangUpIn,
    "name-leader": LeaderIn,
    "follow-up": FollowUpIn,
    "road-result": RoadResultIn,
    "correct-road-result": RoadCorrectionIn,
    "regrade": RegradeIn,
    "report-part": RequiredNoteIn,
    "return-part": ReasonIn,
    "escalate": ReasonIn,
    "ask-extension": ReasonIn,
    "decide-extension": DecisionIn,
    "decide-return": DecisionIn,
}


class CaseAct(Protocol):
    """A row of a table of acts on a case, intake's own or that of an app above."""

    @property
    def name(self) -> str:
        """In addresses."""
        ...

    @property
    def label(self) -> str:
        """What people read."""
        ...

    @property
    def run(self) -> Callable[..., Any] | None:
        """The action; None where it is done above."""
        ...


class ActView(ApiView):
    """One act on one case; what it may and what it does is the table's and the action's."""

    permission_classes = [needs_scope("cases:read", "cases:write")]
    act: CaseAct

    def do(self, request: Request, code: str) -> Response:
        """Do it, and answer with the case as it is then."""
        case = queries.case_visible_to(self.user, code)
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        assert self.act.run is not None  # noqa: S101 - act_views makes none of those
        self.act.run(case, actor=self.user, version=version_of(request), **given.validated_data)
        return case_answer(request, code)


def act_views() -> list[tuple[str, type[ActView]]]:
    """Name and view of every act."""
    return [(act.name, act_view(act, INPUT.get(act.name, NothingIn))) for act in ACTS if act.run is not None]


def act_view(act: CaseAct, given: type[serializers.Serializer[Any]]) -> type[ActView]:
    """The view of one act on a case, with the input it takes; for the tables of acts of all apps."""

    def post(self: ActView, request: Request, code: str) -> Response:
        return self.do(request, code)

    described = extend_schema(
        summary=act.label,
        tags=["办理"],
        operation_id=f"case_{act.name.replace('-', '_')}",
        parameters=[IF_MATCH, KEY],
        responses=CaseOut,
    )
    words = "".join(word.capitalize() for word in act.name.split("-"))
    return type(f"{words}View", (ActView,), {"act": act, "serializer_class": given, "post": described(post)})


def version_of(request: Request) -> int | None:
    """The version of `If-Match`; BadInput for one that is no version of ours."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    match = VERSION.fullmatch(given)
    if match is None:
        raise BadInput('If-Match 应为案件的 ETag，如 "3"。', field="If-Match")
    return int(match.group(1))
