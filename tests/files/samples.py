"""Files as people upload them, good and bad."""

import io
import zipfile
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PLACE = b"+43.59+120.9/"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **notes: object) -> bytes:
    """A picture whose left half is red; `notes` go to Pillow."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **notes)
    return out.getvalue()


def camera_notes(orientation: int = 6) -> Image.Exif:
    """EXIF as phones write it: how the camera was held, its maker, where it was."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 59.0, 0.0), 3: "E", 4: (120.0, 9.0, 0.0)})
    return exif


def office(main_part: str = "word/document.xml", **parts: str | bytes) -> bytes:
    """A document of WPS or Word; `parts` add or replace (`__` stands for `/`, `_dot_` for a dot)."""
    content: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>", main_part: "<document/>"}
    return archive(content | {key.replace("__", "/").replace("_dot_", "."): value for key, value in parts.items()})


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def film(brand: bytes = b"isom") -> bytes:
    """A video with the place of shooting where phones write it."""
    place = box(b"udta", box(b"\xa9xyz", PLACE))
    track = box(b"trak", box(b"tkhd", b"t" * 20) + box(b"meta", PLACE))
    index = box(b"moov", box(b"mvhd", b"m" * 20) + track + place)
    return box(b"ftyp", brand + bytes(4) + brand) + index + box(b"mdat", b"pictures" * 10)
