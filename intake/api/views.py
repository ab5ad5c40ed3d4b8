"""Reads and writes of a case in the API; the list stands in `case_list`, the acts in `act_views`."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from intake import actions, queries
from intake.api.act_views import IF_MATCH, version_of
from intake.api.entry import SettleIn, SupplementIn
from intake.api.fields import text
from intake.api.files import AttachmentOut, AttachmentsOut, RevealedOut
from intake.api.responses import case_answer
from intake.api.serializers import CaseOut
from intake.api.story import OpenedValuesOut, StoryOut
from intake.models import Attachment
from intake.permissions import is_system
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.recent_authentication import require_recent_authentication
from zhongzhi.accounts.scopes import needs_scope, require_scope
from zhongzhi.files.kinds import CONTENT_TYPES
from zhongzhi.files.responses import attachment_response
from zhongzhi.web.fields import WORDS
from zhongzhi.web.known_names import StrictSerializer
from zhongzhi.web.shapes import Choice, Shape, Words

CASES = [needs_scope("cases:read", "cases:register")]
SUPPLEMENT = [needs_scope("cases:read", "cases:supplement", "cases:handle")]
FILES = SUPPLEMENT
PERSONAL = [needs_scope("personal:read", "personal:read")]
TAGS = ["案件"]


class Settle(ApiView):
    """The fast track."""

    permission_classes = CASES
    serializer_class = SettleIn

    @extend_schema(
        summary="快速处置：登记并当场办结",
        tags=TAGS,
        operation_id="cases_settle",
        parameters=[KEY],
        responses={201: CaseOut},
    )
    def post(self, request: Request) -> Response:
        """Register, accept, settle and close a simple case at once."""
        given = SettleIn(data=request.data)
        given.is_valid(raise_exception=True)
        centre = given.validated_data.get("centre")
        case = actions.settle_at_window(given.entry(), given.report(), actor=self.user, centre=centre)
        return case_answer(request, str(case.code), status=201)


class CaseDetail(ApiView):
    """One case."""

    permission_classes = CASES
    serializer_class = CaseOut

    @extend_schema(summary="案件详情", tags=TAGS, operation_id="case_detail")
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The whole case; 304 when the caller's `If-None-Match` still holds."""
        answer = case_answer(request, code)
        return get_conditional_response(request._request, etag=answer["ETag"], response=answer) or answer


class Supplement(ApiView):
    """What comes in about a case after it is registered."""

    permission_classes = SUPPLEMENT
    serializer_class = SupplementIn

    @extend_schema(
        summary="补充、更正案件内容",
        description="只写要补充、更正的内容；没有写到的不变。改动已登记的内容须写明理由，更正前后都留存。",
        tags=["办理"],
        operation_id="case_supplement",
        parameters=[IF_MATCH, KEY],
        responses=CaseOut,
    )
    def post(self, request: Request, code: str) -> Response:
        """Put it into the case, and answer with the case."""
        case = queries.case_visible_to(self.user, code)
        given = SupplementIn(data=request.data)
        given.is_valid(raise_exception=True)
        actions.supplement_case(case, actor=self.user, version=version_of(request), **given.arguments())
        return case_answer(request, code)


class Timeline(ApiView):
    """The story of a case."""

    permission_classes = CASES
    serializer_class = StoryOut

    @extend_schema(summary="办理过程", tags=TAGS, operation_id="case_timeline")
    def get(self, request: Request, code: str) -> Response:
        """Every step, the first first."""
        case = queries.case_visible_to(self.user, code)
        return Response(StoryOut({"results": queries.story_for(self.user, case)}).data)


class UploadIn(StrictSerializer[Attachment]):
    file = serializers.FileField(help_text="图片、PDF、Word、Excel、MP4，单个不超过 20 MB")
    note = text(max_length=100)


class Attachments(ApiView):
    """The files of a case."""

    permission_classes = FILES
    serializer_class = AttachmentsOut
    parser_classes = [MultiPartParser]

    @extend_schema(summary="附件列表", tags=TAGS, operation_id="case_attachments")
    def get(self, request: Request, code: str) -> Response:
        """Those not taken off."""
        case = queries.case_visible_to(self.user, code)
        return Response(AttachmentsOut({"results": queries.attachments_for(self.user, case)}).data)

    @extend_schema(
        summary="上传附件",
        tags=TAGS,
        operation_id="case_attach",
        parameters=[KEY],
        request=UploadIn,
        responses={201: AttachmentOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """Keep a file with the case."""
        case = queries.case_visible_to(self.user, code)
        given = UploadIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        row = actions.attach_file(case, values["file"], actor=self.user, note=values.get("note", ""))
        return Response(AttachmentOut(row).data, 201)


WHAT_FOR = [
    OpenApiParameter("purpose", enum=actions.RevealPurpose.values, description="查看用途，外部系统必填"),
    OpenApiParameter("reason", WORDS, description="理由，外部系统必填"),
]


class AttachmentFile(ApiView):
    """One file."""

    permission_classes = FILES
    parameters = frozenset({"purpose", "reason"})
    serializer_class = AttachmentOut

    @extend_schema(
        summary="下载附件",
        tags=TAGS,
        operation_id="case_attachment_download",
        description="外部系统须有 personal:read，并以 purpose、reason 写明用途和理由；留痕，计入每小时查看次数。",
        parameters=WHAT_FOR,
        responses={(200, one): OpenApiTypes.BINARY for one in ("application/octet-stream", *CONTENT_TYPES)},
    )
    def get(self, request: Request, code: str, file_id: UUID) -> HttpResponseBase:
        """The content; the download is recorded. An outside system says what for (`purpose`, `reason`)."""
        attachment = queries.attachment_visible_to(self.user, code, file_id)
        if is_system(self.user):
            self._say_what_for(request, attachment)
        actions.note_download(attachment, actor=self.user)
        return attachment_response(attachment.file)

    def _say_what_for(self, request: Request, attachment: Attachment) -> None:
        require_scope(request, "personal:read")
        asked = {name: request.query_params.get(name, "") for name in ("purpose", "reason")}
        actions.ask_for_file(attachment, actor=self.user, **asked)

    @extend_schema(summary="移除附件", tags=TAGS, operation_id="case_attachment_remove", responses={204: None})
    def delete(self, request: Request, code: str, file_id: UUID) -> Response:
        """Take it off the case."""
        case = queries.case_visible_to(self.user, code)
        actions.remove_attachment(case, file_id, actor=self.user)
        return Response(status=204)


REVEAL = Shape("RevealIn", purpose=Choice("查看用途", actions.RevealPurpose), reason=Words("理由"))


class Look(ApiView):
    """Sealed data for one look. Its answer is never kept for an `Idempotency-Key`: every look is a look."""

    permission_classes = PERSONAL
    keeps_answers = False
    serializer_class = REVEAL.serializer

    def reason_for(self, request: Request) -> dict[str, Any]:
        """Purpose and reason as given; who has looked at much within the hour has to have signed in again."""
        given = REVEAL.serializer(data=request.data)
        given.is_valid(raise_exception=True)
        if actions.reveals_in_bulk(self.user):
            require_recent_authentication(request)
        return given.validated_data  # type: ignore[no-any-return]


class Reveal(Look):
    """One look at a party's data."""

    @extend_schema(
        summary="查看当事人完整信息（须写明理由，留痕）",
        tags=TAGS,
        operation_id="case_party_reveal",
        responses=RevealedOut,
    )
    def post(self, request: Request, code: str, uid: UUID) -> Response:
        """Number, phone and address in the clear."""
        case = queries.case_visible_to(self.user, code)
        shown = actions.reveal_party(case, str(uid), actor=self.user, **self.reason_for(request))
        return Response(RevealedOut(shown).data)


class RevealCorrection(Look):
    """One look at what a correction changed; `correction` of the timeline names it."""

    @extend_schema(
        summary="查看更正前后的个人信息（须写明理由，留痕）",
        tags=TAGS,
        operation_id="case_correction_reveal",
        responses=OpenedValuesOut,
    )
    def post(self, request: Request, code: str, uid: UUID) -> Response:
        """What stood there before and what stands there since, value by value."""
        case = queries.case_visible_to(self.user, code)
        opened = actions.reveal_correction(case, uid, actor=self.user, **self.reason_for(request))
        return Response(OpenedValuesOut({"results": opened}).data)
