"""Documents in the API: list, detail, acts, the signed file."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.acts import IF_MATCH, KEY, NoteIn, NothingIn, ReasonIn, version_of
from intake.api.fields import OrganisationBrief, label, text
from referrals import actions, queries
from referrals.available_actions import DOCUMENT_ACTS, DocumentAct, available_document_acts
from referrals.filters import DocumentFilter
from referrals.models import Adoption, Document
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.files.responses import attachment_response

SCOPES = [needs_scope("cases:read", "cases:write")]
TAGS = ["单函"]


class KindBrief(serializers.Serializer[Any]):
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


class AnswerOut(serializers.Serializer[Any]):
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
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        """The content, checked against its digest."""
        document = queries.document_visible_to(self.user, uid)
        return attachment_response(actions.note_download(document, actor=self.user))


class DocumentEditIn(serializers.Serializer[Any]):
    subject = text(required=True)
    body = text(required=True)
    copied_to = serializers.CharField(required=False, allow_blank=True, max_length=300, help_text="抄送；不填则不变")


class ReissueIn(serializers.Serializer[Any]):
    reason = text(required=True)
    subject = text(help_text="不填则同原单")
    body = text(help_text="不填则同原单；末尾自动写明原文号作废")


class DocumentAnswerIn(serializers.Serializer[Any]):
    text = text(required=True)
    adoption = serializers.ChoiceField(Adoption.choices, required=False, help_text="建议函必填")


class GrantIn(serializers.Serializer[Any]):
    granted = serializers.BooleanField()
    note = text(help_text="不同意时必填")


class DecideAnswerIn(serializers.Serializer[Any]):
    accepted = serializers.BooleanField()
    note = text(help_text="退回时必填")


INPUT: dict[str, type[serializers.Serializer[Any]]] = {
    "submit": NoteIn,
    "review": NoteIn,
    "send-back": ReasonIn,
    "discard": ReasonIn,
    "return": ReasonIn,
    "extend": ReasonIn,
    "void": ReasonIn,
    "reissue": ReissueIn,
    "answer": DocumentAnswerIn,
    "edit": DocumentEditIn,
    "note-service": NoteIn,
    "decide-extension": GrantIn,
    "decide-answer": DecideAnswerIn,
}


class DocumentActView(ApiView):
    """One act on one document; what it may and what it does is the table's and the action's."""

    permission_classes = SCOPES
    act: DocumentAct

    def do(self, request: Request, uid: UUID) -> Response:
        """Do it, and answer with the document as it is then."""
        document = queries.document_visible_to(self.user, uid)
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        self.act.run(document, actor=self.user, version=version_of(request), **given.validated_data)
        return _answer(self, uid)


def document_act_views() -> list[tuple[str, type[DocumentActView]]]:
    """Name and view of every act."""
    return [(act.name, _view(act)) for act in DOCUMENT_ACTS]


def _answer(view: ApiView, uid: UUID) -> Response:
    document = queries.document_visible_to(view.user, uid)
    response = Response(DocumentOut(document, context={"request": view.request}).data)
    response["ETag"] = f'"{document.version}"'
    return response


def _view(act: DocumentAct) -> type[DocumentActView]:
    def post(self: DocumentActView, request: Request, uid: UUID) -> Response:
        return self.do(request, uid)

    described = extend_schema(
        summary=act.label,
        tags=TAGS,
        operation_id=f"referral_{act.name.replace('-', '_')}",
        parameters=[IF_MATCH, KEY],
        responses=DocumentOut,
    )
    words = "".join(word.capitalize() for word in act.name.split("-"))
    values = {"act": act, "serializer_class": INPUT.get(act.name, NothingIn), "post": described(post)}
    return type(f"{words}DocumentView", (DocumentActView,), values)
