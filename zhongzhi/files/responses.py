"""Giving a stored file back. Who may have it is decided before, by the app it belongs to."""

import logging

from django.http import FileResponse

from zhongzhi.core.errors import NotFound
from zhongzhi.files import disk
from zhongzhi.files.models import StoredFile

log = logging.getLogger(__name__)


def attachment_response(file: StoredFile) -> FileResponse:
    """The file as a download under its own name: never shown inside a page of ours, never kept by a cache.

    Raises NotFound when the bytes are gone from the disk.
    """
    try:
        source = disk.full_path(file.path).open("rb")
    except FileNotFoundError:
        log.exception("stored file is missing on disk", extra={"file": str(file.pk)})
        raise NotFound("文件内容已不在服务器上，请联系系统管理员从备份恢复。") from None
    response = FileResponse(source, as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
