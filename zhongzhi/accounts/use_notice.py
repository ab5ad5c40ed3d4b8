"""The notice before use on the login page: its text with its version, from `data/use_notice.txt`."""

from functools import cache

from django.conf import settings


@cache
def use_notice() -> tuple[str, str]:
    """Version (the first line of the file) and text; who signs in agrees to it."""
    text: str = (settings.BASE_DIR / "data" / "use_notice.txt").read_text(encoding="utf-8")
    version, _, body = text.partition("\n")
    return version.strip(), body.strip()
