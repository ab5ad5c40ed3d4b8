"""Giving a stored file back. Who may have it is decided before, by the app it belongs to."""

import logging
from typing import BinaryIO, cast

from django.http import FileResponse, HttpResponse

from zhongzhi.core.errors import NotFound
from zhongzhi.files import store
from zhongzhi.files.images import shrunk
from zhongzhi.files.models import StoredFile

log = logging.getLogger(__name__)


def attachment_response(file: StoredFile) -> FileResponse:
    """The file as a download under its own name: never shown inside a page of ours, never kept by a cache.

    Raises NotFound when the bytes are gone from the disk.
    """
    source = _opened(file)
    response = FileResponse(source, as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def picture_response(file: StoredFile, side: int) -> HttpResponse:
    """A picture to be shown inside a page, drawn anew at most so many pixels wide and high: what was uploaded is never
    sent as it is, and no cache keeps it.

    Raises NotFound for what is no picture, or when the bytes are gone from the disk.
    """
    if not file.is_picture:
        raise NotFound("这个附件不是图片。")
    with _opened(file) as source:
        response = HttpResponse(shrunk(source, side), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _opened(file: StoredFile) -> BinaryIO:
    try:
        return cast(BinaryIO, store.opened(file.path))
    except FileNotFoundError:
        log.exception("stored file is missing on disk", extra={"file": str(file.pk)})
        raise NotFound("文件内容已不在服务器上，请联系系统管理员从备份恢复。") from None
