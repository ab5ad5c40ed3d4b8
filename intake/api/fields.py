"""Pieces of serializers: codes with their labels, organisations by number, a choice of fields."""

from collections.abc import Collection
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from intake.fields import OrganisationKey
from intake.models import Case
from zhongzhi.web.fields import LabelField, label, text
from zhongzhi.web.known_names import unknown_names
from zhongzhi.web.parameters import EMPTY

__all__ = [
    "CategoryBrief",
    "ChosenFields",
    "LabelField",
    "OrganisationBrief",
    "OrganisationKey",
    "TerritoryBrief",
    "chosen_names",
    "label",
    "text",
]


class Brief(serializers.Serializer[Any]):
    """What many rows of a list name: where the list brings `known` in its context, each is put into its shape once."""

    def to_representation(self, instance: Any) -> Any:
        """As it was shown before, or for the first time."""
        known = self.context.get("known")
        if known is None:
            return super().to_representation(instance)
        key = (type(self), instance.pk)
        if key not in known:
            known[key] = super().to_representation(instance)
        return known[key]


class OrganisationBrief(Brief):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField()
    kind_label = label("kind")


class TerritoryBrief(Brief):
    code = serializers.CharField(help_text="有效位区划代码")
    code12 = serializers.CharField(help_text="国家标准 12 位代码（网格为 15 位）")
    full_name = serializers.CharField()


class CategoryBrief(Brief):
    code = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField(source="parent.name")


class ChosenFields(serializers.Serializer[Case]):
    """`?fields=code,title`: only those that the context names in `fields`, in their own order.

    The API's document requires none of its properties: which of them are there is the caller's choice.
    """

    leaves_out = True

    def get_fields(self) -> dict[str, Any]:
        """All, or those asked for."""
        fields = super().get_fields()
        wanted = self.context.get("fields", ())
        return {name: field for name, field in fields.items() if name in wanted} if wanted else fields


def chosen_names(request: Request, parameter: str, known: Collection[str], what: str) -> tuple[str, ...]:
    """The names that a parameter lists, each once; ValidationError at the parameter for one that is not known, with the
    known one that is nearest, and where it names nothing."""
    given = request.query_params.getlist(parameter)
    names = tuple(dict.fromkeys(name.strip() for part in given for name in part.split(",") if name.strip()))
    if given and not names:
        raise ValidationError({parameter: [EMPTY]})
    if unknown := unknown_names(names, known, what):
        raise ValidationError({parameter: [f"{name}：{sentence}" for name, (sentence,) in unknown.items()]})
    return names
