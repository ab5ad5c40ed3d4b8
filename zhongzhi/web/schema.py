"""How fields and inputs stand in the API's document, where the library would say it otherwise."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from zhongzhi.web.fields import PlainText
from zhongzhi.web.known_names import StrictSerializer

Schema = dict[str, Any]


class StrictSchema(AutoSchema):
    """The library's, for inputs that take nothing beside what they name."""

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Schema:
        """An input is closed; one that names nothing stays without a body. What may be left out is not required."""
        said: Schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if getattr(serializer, "leaves_out", False):
            said.pop("required", None)
        is_closed = direction == "request" and isinstance(serializer, StrictSerializer) and said.get("properties")
        return said | {"additionalProperties": False} if is_closed else said

    def _insert_field_validators(self, field: Any, schema: Schema) -> None:
        """A text states its characters itself, the empty text among them: no alternative of it is needed."""
        if not isinstance(field, PlainText):
            super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
