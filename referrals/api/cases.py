"""The acts on a case that are done here, as the API calls them; they answer with the case."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.actions import CoHandler
from intake.api.acts import IF_MATCH, KEY, version_of
from intake.api.answers import case_answer
from intake.api.fields import OrganisationKey, text
from intake.api.shown import CaseOut
from intake.queries import case_visible_to
from referrals.acts import CASE_ACTS, CaseAct
from zhongzhi.accounts.api import ApiView
from zhongzhi.accounts.scopes import needs_scope


class CoHandlerIn(serializers.Serializer[Any]):
    organisation = OrganisationKey()
    instruction = text()


class WithCoHandlersIn(serializers.Serializer[Any]):
    """Rows of co-handlers become what the action knows."""

    co_handlers = CoHandlerIn(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As co-handlers."""
        rows = attrs.get("co_handlers", [])
        return {**attrs, "co_handlers": [CoHandler(row["organisation"], row.get("instruction", "")) for row in rows]}


class DispatchIn(WithCoHandlersIn):
    organisation = OrganisationKey()
    instruction = text()
    kind = text(help_text="文种代码，如 dispatch、transfer；不填用启用中的第一种")


class HandDownIn(serializers.Serializer[Any]):
    centre = OrganisationKey()
    reason = text(required=True)


INPUT: dict[str, type[serializers.Serializer[Any]]] = {
    "dispatch": DispatchIn,
    "hand-down": HandDownIn,
    "add-co-handlers": WithCoHandlersIn,
}


class CaseActView(ApiView):
    """One act on one case."""

    permission_classes = [needs_scope("cases:read", "cases:write")]
    act: CaseAct

    def do(self, request: Request, code: str) -> Response:
        """Do it, and answer with the case as it is then."""
        case = case_visible_to(self.user, code)
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        self.act.run(case, actor=self.user, version=version_of(request), **given.validated_data)
        return case_answer(request, code)


def case_act_views() -> list[tuple[str, type[CaseActView]]]:
    """Name and view of every act that the API offers."""
    return [(act.name, _view(act)) for act in CASE_ACTS if act.name in INPUT]


def _view(act: CaseAct) -> type[CaseActView]:
    def post(self: CaseActView, request: Request, code: str) -> Response:
        return self.do(request, code)

    described = extend_schema(
        summary=act.label,
        tags=["办理"],
        operation_id=f"case_{act.name.replace('-', '_')}",
        parameters=[IF_MATCH, KEY],
        responses=CaseOut,
    )
    words = "".join(word.capitalize() for word in act.name.split("-"))
    values = {"act": act, "serializer_class": INPUT[act.name], "post": described(post)}
    return type(f"{words}CaseView", (CaseActView,), values)
