"""A list as a stream: one JSON object a line, page after page, so that the whole of it never stands in memory."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder

MEDIA_TYPE = "application/x-ndjson"


class NdjsonRenderer(BaseRenderer):
    """`Accept: application/x-ndjson`: a list is streamed by its paging, anything else is one line."""

    media_type = MEDIA_TYPE
    format = "ndjson"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """What is no list: one thing, or a refusal before the stream has begun."""
        return b"" if data is None else line_of(data).encode()


def line_of(row: Any) -> str:
    """One object as a line."""
    return json.dumps(row, ensure_ascii=False, cls=JSONEncoder) + "\n"


def lines_of_pages(first: Iterable[Any], following: Callable[[], Iterable[Any] | None]) -> Iterator[str]:
    """The lines of the first page, then of those that follow until there is none."""
    rows: Iterable[Any] | None = first
    while rows is not None:
        yield from map(line_of, rows)
        rows = following()
