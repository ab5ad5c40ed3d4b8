"""JSON that is bounded in size and depth; a mark of its encoding before it (BOM), which Windows programs write, is
passed over."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from zhongzhi.core.errors import TooLarge

MAX_DEPTH = 10
NOT_JSON = "请求体不是有效的 JSON（UTF-8）。"


class LimitedJSONParser(JSONParser):
    """Refuses what is larger than a form may be (413), too deep, repeated or not JSON at all (400)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The parsed document."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(f"JSON 请求体最大 {limit // 1024} KB。")
        try:
            data = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(NOT_JSON) from error
        if _deeper_than(data, MAX_DEPTH):
            raise ParseError(f"JSON 嵌套不能超过 {MAX_DEPTH} 层。")
        return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _deeper_than(data: Any, limit: int) -> bool:
    """Whether the document nests deeper than this, looked at level by level."""
    level = [data]
    for _ in range(limit):
        level = [child for node in level for child in _children(node)]
        if not level:
            return False
    return True


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []
