"""Answering with a paper: its DOCX to edit, or its PDF to print, opened in the browser."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from zhongzhi.core.errors import DomainError, InvalidTransition
from zhongzhi.office.pdf import CannotSet, Stamp, pdf_of
from zhongzhi.printing.actions import bytes_of, make_paper, set_as_pdf
from zhongzhi.printing.models import SignedPaper
from zhongzhi.printing.queries import is_whole
from zhongzhi.web.throttle import AtOnce

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF: Final = "application/pdf"
SETTING: Final = AtOnce("papers", 2, wait=3)
"""Type is set by a process of its own, for some 100 MB and a second: two of a web process at a time."""


class PaperTooLong(DomainError):
    """A paper beyond the limits of time and size; its DOCX can be had."""

    code = "paper_too_long"
    status = 422
    default_message = "文书太长或者照片太多，不能生成 PDF。请下载 Word 打印，或者逐份打印。"


def as_pdf(
    document: bytes,
    *,
    title: str,
    at: datetime | None = None,
    watermark: str = "",
    stamps: Sequence[Stamp] = (),
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of a DOCX of ours. Raises PaperTooLong beyond its limits, RateLimited while too many are being made."""
    with SETTING.hold():
        try:
            return pdf_of(
                document,
                title=title,
                at=at or timezone.now(),
                watermark=watermark,
                stamps=stamps,
                pictures=pictures,
            )
        except CannotSet as error:
            raise PaperTooLong from error


def signed_pdf(paper: SignedPaper, *, mark: str = "") -> bytes:
    """The bytes of a signed paper, always the same; with `mark` (作废) they are set anew from the same DOCX, marked.

    Raises InvalidTransition when what lies on the disk is not what was kept.
    """
    with SETTING.hold():
        try:
            made = make_paper(paper)
            if not is_whole(made):
                raise InvalidTransition("存档文件与签署时的摘要不符，已停止打印，请立即联系安全管理员核查。")
            assert made.document is not None and made.pdf is not None  # noqa: S101 - made
            return set_as_pdf(made, bytes_of(made.document), watermark=mark) if mark else bytes_of(made.pdf)
        except CannotSet as error:
            raise PaperTooLong from error


def docx_response(content: bytes, name: str) -> HttpResponse:
    """A document to edit, as a download."""
    return _response(content, f"{name}.docx", DOCX, as_attachment=True)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A paper to print: the browser opens it."""
    return _response(content, f"{name}.pdf", PDF, as_attachment=False)


def print_response(document: bytes, name: str, *, watermark: str = "") -> HttpResponse:
    """A DOCX of ours to print, as PDF. Raises as `as_pdf` does."""
    return pdf_response(as_pdf(document, title=name, watermark=watermark), name)


def _response(content: bytes, name: str, kind: str, *, as_attachment: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    named = content_disposition_header(as_attachment=as_attachment, filename=name)
    response["Content-Disposition"] = named or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
