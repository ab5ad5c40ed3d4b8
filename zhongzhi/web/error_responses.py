"""Refusals in the form the caller understands: page, part of a page, or API."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from zhongzhi.core.errors import DomainError
from zhongzhi.web.logs import request_id

TITLES = {
    400: "提交的内容有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方法",
    406: "不支持这种返回格式",
    409: "当前状态不能办理",
    412: "内容已被他人更新",
    413: "提交的内容过大",
    415: "不支持这种类型的内容",
    422: "不符合办理规则",
    429: "操作过于频繁",
    500: "系统出错了",
    503: "系统暂时不可用",
}


def title_of(status: int) -> str:
    """What a status means, in a few words."""
    return TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])


def wants_json(request: HttpRequest) -> bool:
    """The caller is a program: an address of the API, or JSON preferred to HTML."""
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def is_htmx(request: HttpRequest) -> bool:
    """The caller is a part of a page that changes in place."""
    return request.headers.get("HX-Request") == "true"


def problem_body(
    status: int, code: str, detail: str, errors: Mapping[str, Sequence[str]] | None = None
) -> dict[str, object]:
    """A problem document (RFC 9457); `errors` holds sentences by field."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id(),
    }
    return {**body, "errors": errors} if errors else body


def problem(status: int, code: str, detail: str, errors: Mapping[str, Sequence[str]] | None = None) -> JsonResponse:
    """The answer that carries a problem document."""
    return JsonResponse(
        problem_body(status, code, detail, errors),
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal of the domain, raised somewhere in a page; `Retry-After` where it is known how long to wait."""
    answer = error_response(request, error.status, error.code, error.message, error.errors)
    if "wait" in error.context:
        answer["Retry-After"] = str(error.context["wait"])
    return answer


def error_response(
    request: HttpRequest, status: int, code: str, detail: str, errors: Mapping[str, Sequence[str]] | None = None
) -> HttpResponse:
    """Say no: as a problem document, as a note on the open page, or as a page. Needs neither database nor session."""
    if is_htmx(request):
        note = render_to_string("parts/_note.html", {"text": detail, "level": "danger"})
        return HttpResponse(note, status=status, headers={"HX-Retarget": "#notes", "HX-Reswap": "beforeend"})
    if wants_json(request):
        return problem(status, code, detail, errors)
    context = {"status": status, "title": title_of(status), "detail": detail, "request_id": request_id()}
    return HttpResponse(render_to_string("error.html", context), status=status)
