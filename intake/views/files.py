"""Files of a case: put there, taken out, taken off."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from intake import actions, queries
from zhongzhi.accounts.requests import PersonRequest
from zhongzhi.core.errors import BadInput, DomainError
from zhongzhi.files.responses import attachment_response, picture_response

THUMB, SCREEN = 160, 2000
"""Pixels of the longer side, beside its name and on the whole screen."""


@login_required
@require_POST
def upload(request: PersonRequest, code: str) -> HttpResponse:
    """Keep files with the case, each for itself: what is refused is named, the others stay."""
    case = queries.case_visible_to(request.user, code)
    files = request.FILES.getlist("file")
    if not files:
        raise BadInput("请选择要上传的文件。", field="file")
    for file in files[: settings.DATA_UPLOAD_MAX_NUMBER_FILES]:
        try:
            actions.attach_file(case, file, actor=request.user, note=request.POST.get("note", ""))
            messages.success(request, f"已上传 {file.name}")
        except DomainError as error:
            messages.error(request, f"{file.name}：{error.message}")
    return redirect("workbench:dossier", code)


@login_required
@require_GET
def download(request: PersonRequest, code: str, file_id: UUID) -> HttpResponseBase:
    """A file of a case in sight; who took it is recorded."""
    attachment = queries.attachment_visible_to(request.user, code, file_id)
    actions.note_download(attachment, actor=request.user)
    return attachment_response(attachment.file)


@login_required
@require_GET
def thumb(request: PersonRequest, code: str, file_id: UUID) -> HttpResponse:
    """A picture among the files of a case in sight, as small as a stamp."""
    return picture_response(queries.attachment_visible_to(request.user, code, file_id).file, THUMB)


@login_required
@require_GET
def look(request: PersonRequest, code: str, file_id: UUID) -> HttpResponse:
    """A picture as large as a screen; who looked at it is recorded like a download."""
    attachment = queries.attachment_visible_to(request.user, code, file_id)
    response = picture_response(attachment.file, SCREEN)
    actions.note_download(attachment, actor=request.user)
    return response


@login_required
@require_POST
def remove(request: PersonRequest, code: str, file_id: UUID) -> HttpResponse:
    """Take a file off the case."""
    case = queries.case_visible_to(request.user, code)
    actions.remove_attachment(case, file_id, actor=request.user)
    messages.success(request, "附件已移除。")
    return redirect("workbench:dossier", code)
