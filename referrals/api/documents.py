"""Documents in the API: list, detail, acts, the signed file."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.act_views import ActView, Target, act_views
from intake.api.fields import OrganisationBrief, label
from referrals import actions, queries
from referrals.available_actions import DOCUMENT_ACTS, available_document_acts
from referrals.filters import DocumentFilter
from referrals.models import Document, DocumentAnswer, DocumentKind
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.files.kinds import DOCX
from zhongzhi.files.responses import attachment_response

SCOPES = [needs_scope("cases:read")]
TAGS = ["单函"]


class KindBrief(serializers.Serializer[DocumentKind]):
    code = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    purpose_label = label("purpose")


class DocumentRow(serializers.Serializer[Document]):
    id = serializers.UUIDField(source="uid")
    version = serializers.IntegerField()
    kind = KindBrief()
    number = serializers.CharField(allow_null=True, help_text="发文字号；签发前为空")
    subject = serializers.CharField()
    status = serializers.CharField()
    status_label = label("status")
    level = serializers.CharField(help_text="督办级别：yellow、red")
    trigger = serializers.CharField()
    trigger_label = label("trigger")
    by_system = serializers.BooleanField()
    case = serializers.CharField(source="case.code", default=None, allow_null=True)
    issuer = OrganisationBrief()
    addressee = OrganisationBrief(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    receipt_due_at = serializers.DateTimeField(allow_null=True)
    answer_due_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class AnswerOut(serializers.Serializer[DocumentAnswer]):
    text = serializers.CharField()
    adoption = serializers.CharField()
    adoption_label = label("adoption")
    late = serializers.BooleanField()
    answered_by = serializers.CharField(source="answered_by.name")
    answered_at = serializers.DateTimeField()
    accepted = serializers.BooleanField(allow_null=True)


class DocumentOut(DocumentRow):
    """One document, whole."""

    body = serializers.CharField()
    copied_to = serializers.CharField(help_text="抄送")
    sm3 = serializers.CharField(help_text="签发时 DOCX 的 SM3 摘要")
    follows = serializers.UUIDField(source="follows.uid", default=None, allow_null=True, help_text="由哪份公文引起")
    followed_by = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    acts = serializers.SerializerMethodField()

    @extend_schema_field(serializers.UUIDField(allow_null=True, help_text="作废后由哪份重发"))
    def get_followed_by(self, document: Document) -> str | None:
        """The correction that stands for it now."""
        correction = queries.correction_of(document)
        return str(correction.uid) if correction is not None else None

    def get_answers(self, document: Document) -> list[dict[str, Any]]:
        """The latest first."""
        return [AnswerOut(answer).data for answer in queries.answers_of(document)]

    def get_acts(self, document: Document) -> list[str]:
        """What the caller may do now: names for `POST /referrals/{id}/{act}/`."""
        return [act.name for act in available_document_acts(self.context["request"].user, document)]


class DocumentList(ApiView):
    """The documents in sight."""

    permission_classes = SCOPES
    serializer_class = DocumentRow
    filterset_class = DocumentFilter

    model = Document

    def rows(self) -> Any:
        """What the caller may see."""
        return queries.documents_for_list(self.user)

    @extend_schema(summary="单函列表", tags=TAGS, operation_id="referrals_list", responses=DocumentRow(many=True))
    def get(self, request: Request) -> Response:
        """A page, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        queries.documents_as_seen(self.user, page or ())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class DocumentDetail(ApiView):
    """One document."""

    permission_classes = SCOPES
    serializer_class = DocumentOut

    @extend_schema(summary="单函详情", tags=TAGS, operation_id="referral_detail")
    def get(self, request: Request, uid: UUID) -> Response:
        """The whole document."""
        return _answer(self, uid)


class DocumentFile(ApiView):
    """The file that was signed."""

    permission_classes = SCOPES
    serializer_class = DocumentOut

    @extend_schema(
        summary="下载签发的 DOCX（留痕）",
        tags=TAGS,
        operation_id="referral_file",
        responses={(200, one): OpenApiTypes.BINARY for one in ("application/octet-stream", DOCX.content_type)},
    )
    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        """The content, checked against its digest."""
        document = queries.document_visible_to(self.user, uid)
        return attachment_response(actions.note_download(document, actor=self.user))


def _answer(view: ApiView, uid: UUID) -> Response:
    document = queries.document_visible_to(view.user, uid)
    response = Response(DocumentOut(document, context={"request": view.request}).data)
    response["ETag"] = f'"{document.version}"'
    return response


def _as_it_is_then(view: ActView, result: Any, where: dict[str, Any]) -> Response:
    return _answer(view, where["uid"])


ON_DOCUMENT = Target(
    queries.document_visible_to,
    _as_it_is_then,
    DocumentOut,
    prefix="referral",
    tags=("单函",),
    description="One act on one document; what it may and what it does is the table's and the action's.",
)


def document_act_views() -> list[tuple[str, type[ActView]]]:
    """Name and view of every act."""
    return act_views(DOCUMENT_ACTS, ON_DOCUMENT)
