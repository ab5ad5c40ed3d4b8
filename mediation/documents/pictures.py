"""Stored pictures as a document can hold them."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from zhongzhi.files import store
from zhongzhi.files.models import StoredFile

LONGEST = 1600


def as_jpeg(file: StoredFile) -> bytes | None:
    """A picture as JPEG of at most 1600 points a side; None for other kinds of file, or when the bytes are gone."""
    if not file.content_type.startswith("image/"):
        return None
    try:
        with store.opened(file.path) as source, Image.open(source) as picture:
            small = picture.convert("RGB")
            small.thumbnail((LONGEST, LONGEST))
            kept = BytesIO()
            small.save(kept, "JPEG", quality=85)
            return kept.getvalue()
    except (FileNotFoundError, UnidentifiedImageError):
        return None
