"""Reads of people and posts: for those who keep them, and for systems that are allowed to."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids import queries
from grids.api.base import Listed
from grids.filters import StaffFilter
from grids.models import Posting
from grids.permissions import may_read_people
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.models import User
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.core.errors import require

TAGS = ["人员与岗位"]
NOT_READER = "人员与岗位由系统管理员和各单位负责人查看；外部系统须有 people:read。"


class PostOut(serializers.Serializer[Posting]):
    organisation = serializers.IntegerField(source="organisation_id")
    organisation_name = serializers.CharField(source="organisation.name")
    role = serializers.CharField()
    role_label = serializers.CharField(source="get_role_display")
    title = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    deputises_for = serializers.CharField(
        source="deputises_for.username", default=None, allow_null=True, help_text="代理谁，用户名"
    )


class PersonOut(serializers.Serializer[User]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    is_active = serializers.BooleanField(help_text="账号在用")
    posts = serializers.SerializerMethodField(help_text="现任和将任的岗位；待复核的不在内")

    @extend_schema_field(PostOut(many=True))
    def get_posts(self, person: User) -> Any:
        """Posts of today and to come."""
        return PostOut(person.live_posts, many=True).data  # type: ignore[attr-defined]


class People(Listed):
    """Whom one keeps, or who serves in the territory of the system that asks. No phones."""

    permission_classes = [needs_scope("people:read")]
    serializer_class = PersonOut
    filterset_class = StaffFilter
    keyset_order = ("id",)

    def get_queryset(self) -> Any:
        """With their posts."""
        return queries.with_posts(queries.people_visible_to(self.user))

    @extend_schema(summary="人员与岗位", tags=TAGS, operation_id="people_list", responses=PersonOut(many=True))
    def get(self, request: Request) -> Response:
        """A page of people."""
        require(may_read_people(self.user), NOT_READER)
        return self.page()


class PersonDetail(ApiView):
    permission_classes = [needs_scope("people:read")]
    serializer_class = PersonOut

    @extend_schema(summary="一个人的岗位", tags=TAGS, operation_id="person_detail")
    def get(self, request: Request, pk: int) -> Response:
        """One person, also one who left."""
        require(may_read_people(self.user), NOT_READER)
        return Response(PersonOut(queries.staff_member_visible_to(self.user, pk)).data)
