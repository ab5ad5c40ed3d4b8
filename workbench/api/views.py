"""`me/`, `categories/`, `codes/`: open to everyone whom the API knows."""

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from grids.models import Posting
from grids.queries import postings_of
from intake.models import Category
from intake.queries.categories import category_table
from workbench.api.lists import LISTS, CodeList, kept_for_an_hour
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.models import ApiClient, ApiToken, User
from zhongzhi.accounts.queries import client_behind
from zhongzhi.core.errors import NotFound
from zhongzhi.web.fields import shown_as

TAGS = ["接口自身"]


class PostingOut(serializers.Serializer[Posting]):
    id = serializers.IntegerField(source="organisation_id", help_text="机构编号")
    name = serializers.CharField(source="organisation.name")
    role = serializers.CharField()
    role_label = serializers.CharField(source="get_role_display")


class ClientOut(serializers.Serializer[ApiClient]):
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField(), source="held_scopes", help_text="接口权限")
    sight = serializers.CharField()
    sight_label = serializers.CharField(source="get_sight_display")
    sender = serializers.CharField(source="own_sender", help_text="来源编号记在这个名下")
    channel = serializers.CharField(help_text="登记的案件的来源渠道；空为自填")
    highest_risk = serializers.CharField(help_text="可填的最高风险等级；空为不限")
    ends_on = serializers.DateField(allow_null=True)


class MeOut(serializers.Serializer[User]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(["person", "service"])
    postings = serializers.SerializerMethodField(help_text="今天的任职")
    client = serializers.SerializerMethodField(help_text="外部系统的设定；人员为 null")
    token_ends_at = serializers.SerializerMethodField(help_text="令牌到期；会话登录为 null")
    calls_per_minute = serializers.SerializerMethodField()

    @extend_schema_field(PostingOut(many=True))
    def get_postings(self, user: User) -> Any:
        """Where they serve."""
        return shown_as(PostingOut, postings_of([user]))

    @extend_schema_field(ClientOut(allow_null=True))
    def get_client(self, user: User) -> Any:
        """What an outside system is entitled to."""
        client = client_behind(user)
        return None if client is None else {**ClientOut(client).data, "scopes": sorted(client.held_scopes)}

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_token_ends_at(self, user: User) -> Any:
        """Of the token that was shown."""
        token = self.context["request"].auth
        return token.expires_at if isinstance(token, ApiToken) else None

    def get_calls_per_minute(self, user: User) -> int:
        """What the limit counts."""
        is_system = client_behind(user) is not None
        return int(settings.API_CLIENT_PER_MINUTE if is_system else settings.API_PERSON_PER_MINUTE)


class Me(ApiView):
    """Who calls."""

    permission_classes = [IsAuthenticated]
    serializer_class = MeOut

    @extend_schema(summary="我是谁、能做什么", tags=TAGS, operation_id="me")
    def get(self, request: Request) -> Response:
        """Name, posts, scopes, ends."""
        response = Response(self.get_serializer(self.user).data)
        response["Cache-Control"] = "no-store"
        return response


class CategoryOut(serializers.Serializer[Category]):
    code = serializers.CharField(help_text="两位大类、四位小类；案件填小类")
    name = serializers.CharField()
    group = serializers.CharField(source="parent_id", allow_null=True, help_text="所属大类；大类为 null")
    is_local = serializers.BooleanField(help_text="本地增设")
    is_active = serializers.BooleanField(help_text="可用于新登记的案件")
    people_mediable = serializers.BooleanField(help_text="可由人民调解")


class CategoriesOut(serializers.Serializer[Any]):
    results = CategoryOut(many=True)


class Categories(ApiView):
    """The category table."""

    permission_classes = [IsAuthenticated]
    serializer_class = CategoriesOut

    @extend_schema(summary="纠纷类别", tags=TAGS, operation_id="categories")
    def get(self, request: Request) -> HttpResponseBase:
        """All of it, in the order of the codes; may be kept for an hour."""
        return kept_for_an_hour(request, {"results": shown_as(CategoryOut, category_table())})


class CodeOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ListOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    codes = CodeOut(many=True)


class ListsOut(serializers.Serializer[Any]):
    results = ListOut(many=True)


def _as_shown(name: str, found: CodeList) -> dict[str, Any]:
    return {"name": name, "label": found.label, "codes": [{"code": c, "label": text} for c, text in found.choices]}


class Codes(ApiView):
    """All lists of codes."""

    permission_classes = [IsAuthenticated]
    serializer_class = ListsOut

    @extend_schema(summary="全部代码表", tags=TAGS, operation_id="code_lists")
    def get(self, request: Request) -> HttpResponseBase:
        """Each list whole; may be kept for an hour."""
        return kept_for_an_hour(request, {"results": [_as_shown(*item) for item in LISTS.items()]})


class CodesOfList(ApiView):
    """One list of codes."""

    permission_classes = [IsAuthenticated]
    serializer_class = ListOut

    @extend_schema(summary="一个代码表", tags=TAGS, operation_id="code_list")
    def get(self, request: Request, name: str) -> HttpResponseBase:
        """Its codes with their labels; may be kept for an hour."""
        if name not in LISTS:
            raise NotFound(f"没有“{name[:30]}”这个代码表；可用的有：{'、'.join(LISTS)}。")
        return kept_for_an_hour(request, _as_shown(name, LISTS[name]))
