"""Pictures of seals and hands as ink: white paper becomes transparent, so that the words below stay readable."""

import io

from PIL import Image, ImageChops, ImageOps

LARGEST = 900


def as_ink(content: bytes) -> bytes:
    """The picture as PNG whose white is clear."""
    picture = Image.open(io.BytesIO(content)).convert("RGBA")
    picture.thumbnail((LARGEST, LARGEST))
    white = Image.new("RGBA", picture.size, "white")
    flat = Image.alpha_composite(white, picture).convert("RGB")
    red, green, blue = flat.split()
    lightest = ImageChops.darker(ImageChops.darker(red, green), blue)
    flat.putalpha(ImageOps.invert(lightest))
    kept = io.BytesIO()
    flat.save(kept, "PNG")
    return kept.getvalue()
