"""Error answers of the whole site."""

import sys
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from zhongzhi.core.errors import NotFound
from zhongzhi.web.error_responses import error_response, refusal
from zhongzhi.web.slowness import refusal_for

BROKEN = (
    "系统出错了。请先刷新原来的页面，核对这一步是否已保存；没有保存再提交一次。再次出错时请把下面的编号告诉管理员。"
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 where the form itself was too large."""
    if isinstance(exception, RequestDataTooBig):
        return error_response(request, 413, "too_large", "填写的内容过长，请缩短后再提交；长材料请作为附件上传。")
    return error_response(request, 400, "invalid", "这次提交的内容无法识别，请返回后重新填写。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return error_response(request, 403, "forbidden", "您的岗位不能打开这个页面。如有需要，请联系本中心负责人。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not for this person to see."""
    return error_response(request, 404, "not_found", NotFound.default_message)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, with the number that finds it in the log; 503 where time was lacking or the database."""
    if slow := refusal_for(sys.exc_info()[1]):
        return refusal(request, slow)
    return error_response(request, 500, "server_error", BROKEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the login, or comes from elsewhere. Who signed in in another tab meanwhile goes on."""
    user = getattr(request, "user", None)
    if request.path == resolve_url(settings.LOGIN_URL) and user is not None and user.is_authenticated:
        return redirect(f"{request.path}?{urlencode({'next': request.POST.get('next', '')})}")
    return error_response(request, 403, "csrf", "页面已过期或不是从本系统打开的。请刷新页面后重新提交。")
