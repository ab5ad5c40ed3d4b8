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
from zhongzhi.files.responses import attachment_response


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
@require_POST
def remove(request: PersonRequest, code: str, file_id: UUID) -> HttpResponse:
    """Take a file off the case."""
    case = queries.case_visible_to(request.user, code)
    actions.remove_attachment(case, file_id, actor=request.user)
    messages.success(request, "附件已移除。")
    return redirect("workbench:dossier", code)
