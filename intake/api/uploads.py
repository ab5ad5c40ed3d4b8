"""Files that come in parts: for lines that break, and for files that a call would be too long for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from intake import actions, queries
from intake.actions.uploads import LONGEST_PART
from intake.api.files import AttachmentOut
from intake.api.views import FILES, TAGS
from intake.models import ResumableUpload
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.web.fields import text
from zhongzhi.web.known_names import StrictSerializer


class BytesParser(BaseParser):
    """The bytes of a part, of which one more than may come is read at most."""

    media_type = "application/octet-stream"

    def parse(  # type: ignore[override]
        self, stream: Any, media_type: str | None = None, parser_parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """As they came."""
        return bytes(stream.read(LONGEST_PART + 1))


class UploadBegin(StrictSerializer[ResumableUpload]):
    name = text(max_length=200, required=True, help_text="文件名，带扩展名")
    size = serializers.IntegerField(min_value=1, max_value=settings.FILE_MAX_BYTES, help_text="文件的字节数")
    note = text(max_length=100)


class UploadOut(serializers.Serializer[ResumableUpload]):
    uid = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="文件的字节数")
    received = serializers.IntegerField(help_text="已收到的字节数；下一段从这里开始")
    part_max = serializers.SerializerMethodField(help_text="每段最多的字节数")

    def get_part_max(self, row: ResumableUpload) -> int:
        """The same for all."""
        return LONGEST_PART


class Uploads(ApiView):
    """Files that are going to come in parts."""

    permission_classes = FILES
    serializer_class = UploadOut

    @extend_schema(
        summary="开始分段上传附件",
        tags=TAGS,
        operation_id="case_upload_begin",
        description="网络不稳时用：先说明文件名和大小，再逐段上传，断了从已收到处接着传，最后完成。一天内没有传完的自动清除。",
        parameters=[KEY],
        request=UploadBegin,
        responses={201: UploadOut},
    )
    def post(self, request: Request, code: str) -> Response:
        """Say what is going to be sent."""
        case = queries.case_visible_to(self.user, code)
        given = UploadBegin(data=request.data)
        given.is_valid(raise_exception=True)
        row = actions.begin_upload(case, actor=self.user, **given.validated_data)
        return Response(UploadOut(row).data, 201)


class Upload(ApiView):
    """One of them, which its sender alone knows."""

    permission_classes = FILES
    serializer_class = UploadOut

    @extend_schema(summary="分段上传：已收到多少", tags=TAGS, operation_id="case_upload")
    def get(self, request: Request, code: str, uid: UUID) -> Response:
        """Where to go on."""
        case = queries.case_visible_to(self.user, code)
        return Response(UploadOut(queries.upload_of(self.user, case, uid)).data)

    @extend_schema(summary="分段上传：取消", tags=TAGS, operation_id="case_upload_cancel", responses={204: None})
    def delete(self, request: Request, code: str, uid: UUID) -> Response:
        """Give it up."""
        case = queries.case_visible_to(self.user, code)
        actions.cancel_upload(case, uid, actor=self.user)
        return Response(status=204)


BEGINS = OpenApiParameter(
    "begins",
    {"type": "integer", "minimum": 0, "maximum": settings.FILE_MAX_BYTES},
    OpenApiParameter.PATH,
    description="这一段从第几个字节开始，即已收到的字节数",
)


class UploadedPart(ApiView):
    """The bytes from one place on."""

    permission_classes = FILES
    serializer_class = UploadOut
    parser_classes = [BytesParser]

    @extend_schema(
        summary="分段上传：一段",
        tags=TAGS,
        operation_id="case_upload_part",
        description="请求体是从 begins 开始的字节，每段不超过 part_max。起点不对时 409，并说明从哪里接着传。",
        parameters=[BEGINS],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=UploadOut,
    )
    def put(self, request: Request, code: str, uid: UUID, begins: int) -> Response:
        """Take them."""
        case = queries.case_visible_to(self.user, code)
        content = request.data if isinstance(request.data, bytes) else b""
        return Response(UploadOut(actions.take_part(case, uid, content, actor=self.user, begins=begins)).data)


class UploadFinish(ApiView):
    """The end of one."""

    permission_classes = FILES
    serializer_class = AttachmentOut

    @extend_schema(
        summary="分段上传：完成，成为附件",
        tags=TAGS,
        operation_id="case_upload_finish",
        parameters=[KEY],
        request=None,
        responses={201: AttachmentOut},
    )
    def post(self, request: Request, code: str, uid: UUID) -> Response:
        """Keep it with the case."""
        case = queries.case_visible_to(self.user, code)
        return Response(AttachmentOut(actions.finish_upload(case, uid, actor=self.user)).data, 201)
