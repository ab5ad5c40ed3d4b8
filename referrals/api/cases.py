"""The acts on a case that are done here, as the API calls them; they answer with the case."""

from typing import Any

from rest_framework import serializers

from intake.api.acts import ActView, act_view
from intake.api.fields import OrganisationKey, text
from intake.coordination.actions import CoHandler
from referrals.available_actions import CASE_ACTS


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


def case_act_views() -> list[tuple[str, type[ActView]]]:
    """Name and view of every act that the API offers."""
    return [(act.name, act_view(act, INPUT[act.name])) for act in CASE_ACTS if act.name in INPUT]
