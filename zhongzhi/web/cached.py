"""What the cache keeps is JSON: whoever can write to the cache's server must not run code in the program."""

import json
from typing import Any


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
