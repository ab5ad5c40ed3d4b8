"""The acts of the API, made from the tables of acts of all apps: one address and one request schema each."""

import re
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake import queries
from intake.api.responses import case_answer
from intake.api.serializers import CaseOut
from intake.available_actions import ACTS
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.idempotency import KEY
from zhongzhi.accounts.scopes import needs_scope
from zhongzhi.core.errors import BadInput, NotFound
from zhongzhi.web.act_table import Act, ActTable
from zhongzhi.web.fields import read_as

VERSION = re.compile(r'(?:W/)?"?([0-9]{1,9})(?:-[0-9a-f]+)?"?')
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": f"^{VERSION.pattern}$"},
    "header",
    description='案件版本，如 "3"；已被他人更新时返回 412',
)

OUT_OF_SIGHT = {204: OpenApiResponse(description="已办理；案件已不在您的查看范围内")}


@dataclass(frozen=True)
class Target:
    """What acts are done on: how it is found for a caller by what stands in the address, and what the answer is.

    `answer` is given the view, what the act returned and what stands in the address; `shape` is its schema, None for
    an answer without content. `prefix` begins the names of the operations. `scope` is what outside systems need for
    acts that do not name another.
    """

    find: Callable[..., Any]
    answer: Callable[["ActView", Any, dict[str, Any]], Response]
    shape: Any
    _: KW_ONLY
    prefix: str
    tags: tuple[str, ...]
    description: str = ""
    versioned: bool = True
    status: int = 200
    scope: str = ""


class ActView(ApiView):
    """One act on one thing; what it may and what it does is the table's and the action's."""

    act: Act[Any]
    target: Target

    def do(self, request: Request, where: dict[str, Any]) -> Response:
        """Do it, and answer with the thing as it is then; with nothing where it has gone out of sight by that."""
        subject = self.target.find(self.user, *where.values())
        with read_as(self.get_serializer_class(), request.data, self.get_serializer_context()) as given:
            arguments = self.act.api_shape.api_arguments(given.validated_data, subject)
        if self.target.versioned:
            arguments["version"] = version_of(request)
        result = self.act.do(subject, actor=self.user, **arguments)
        try:
            return self.target.answer(self, result, where)
        except NotFound:
            if not self.act.leaves:
                raise
            return Response(status=204)


def act_views(table: ActTable[Any], target: Target) -> list[tuple[str, type[ActView]]]:
    """Name and view of every act of a table that the API offers."""
    return [(act.name, act_view(act, target)) for act in table if act.run is not None and act.in_api]


def act_view(act: Act[Any], target: Target) -> type[ActView]:
    """The view of one act."""

    def post(self: ActView, request: Request, **where: Any) -> Response:
        return self.do(request, where)

    described = extend_schema(
        summary=act.summary or act.label,
        description=act.description or target.description,
        tags=list(target.tags),
        operation_id=f"{target.prefix}_{act.name.replace('-', '_')}",
        parameters=[IF_MATCH, KEY] if target.versioned else [KEY],
        responses={target.status: target.shape} | (OUT_OF_SIGHT if act.leaves else {}),
    )
    words = "".join(word.capitalize() for word in f"{target.prefix}-{act.name}".replace("_", "-").split("-"))
    scope = act.scope or target.scope
    values = {
        "act": act,
        "target": target,
        "serializer_class": act.api_shape.serializer,
        "post": described(post),
        "permission_classes": [needs_scope("cases:read", *([scope] if scope else ()))],
    }
    return type(f"{words}View", (ActView,), values)


def version_of(request: Request) -> int | None:
    """The version of `If-Match`; BadInput for one that is no version of ours."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    match = VERSION.fullmatch(given)
    if match is None:
        raise BadInput('If-Match 应为案件的 ETag，如 "3"。', field="If-Match")
    return int(match.group(1))


def _case(view: ActView, result: Any, where: dict[str, Any]) -> Response:
    return case_answer(view.request, where["code"])


ON_CASE = Target(
    queries.case_visible_to,
    _case,
    CaseOut,
    prefix="case",
    tags=("办理",),
    description="One act on one case; what it may and what it does is the table's and the action's.",
)


def case_act_views() -> list[tuple[str, type[ActView]]]:
    """Name and view of every act on a case that intake does itself."""
    return act_views(ACTS, ON_CASE)
