"""What the cache keeps is JSON: whoever can write to the cache's server must not run code in the program."""

import json
from typing import Any

from django.core.cache import cache


def count_on(key: str, seconds: int | None) -> int:
    """One more of something that the cache counts for all processes, for so many seconds from the first; how many.

    Raises RedisError while the cache is away. Django's own `incr` asks first whether there is such a key.
    """
    counter = cache.make_and_validate_key(key)
    server = cache._cache.get_client(counter, write=True)  # type: ignore[attr-defined]
    number = int(server.incr(counter))
    if number == 1 and seconds is not None:
        server.expire(counter, seconds)
    return number


class JsonSerializer:
    """Writes values as JSON. Whole numbers stay as they are, so that the server can count them on."""

    def dumps(self, value: Any) -> int | bytes:
        """Give what is stored; TypeError for what JSON has not."""
        if type(value) is int:
            return value
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()

    def loads(self, stored: bytes) -> Any:
        """Give back what was stored; None for what is no JSON (an older version wrote other things)."""
        try:
            return json.loads(stored)
        except ValueError:
            return None
