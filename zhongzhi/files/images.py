"""Pictures are opened and written anew: whatever else was in the file, place and time of taking too, stays behind. What
an iPhone takes (HEIC) is written as JPEG, which every office opens."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO, Final

import pi_heif
from PIL import Image, ImageOps

from zhongzhi.core.errors import TooLarge, UnsupportedType
from zhongzhi.files import kinds
from zhongzhi.files.kinds import FIELD, KEPT_AS, Kind, unsupported

MAX_PIXELS: Final = 50_000_000
FORMATS: Final = {kinds.JPEG: "JPEG", kinds.PNG: "PNG", kinds.WEBP: "WEBP", kinds.HEIC: "HEIF"}
STILL: Final = ("JPEG", "HEIF")
"""Formats in which further pictures are previews or the rest of a burst, not a film."""
SAVING: Final[dict[str, dict[str, int]]] = {
    "JPEG": {"quality": 90},
    "PNG": {"compress_level": 4},
    "WEBP": {"quality": 90, "method": 3},
}
# What the picture needs to look the same; everything else in a picture's notes is dropped.
KEPT: Final = ("transparency", "icc_profile")
pi_heif.register_heif_opener(thumbnails=False)


def reencode(source: BinaryIO, target: BinaryIO, kind: Kind) -> None:
    """Write the picture in `source` to `target` in its own format, HEIC as JPEG: upright, without EXIF, comments or
    previews.

    Raises TooLarge past 50 million pixels, UnsupportedType for moving or broken pictures.
    """
    picture, kept_as = _upright(_opened(source, FORMATS[kind])), FORMATS[KEPT_AS.get(kind, kind)]
    if kind in KEPT_AS:
        picture = picture.convert("RGB")
    picture.save(target, kept_as, **SAVING[kept_as], **_look(picture))


def shrunk(source: BinaryIO, side: int) -> bytes:
    """A kept picture drawn anew as JPEG, at most so many pixels wide and high, to be shown inside a page.

    Raises UnsupportedType for what is broken. A large photograph is decoded at the size that is needed.
    """
    with _readable():
        picture = Image.open(source, formats=list(SAVING))
        picture.draft("RGB", (side, side))
        picture.thumbnail((side, side))
        target = BytesIO()
        _on_white(picture).save(target, "JPEG", quality=80)
    return target.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency: what lets through lies on white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(ground, seen).convert("RGB")


def check_measures(source: BinaryIO, kind: Kind) -> None:
    """Refuse by what the head of the file says, before anything is decoded; raises as `reencode` does."""
    with _readable():
        _with_head(source, FORMATS[kind])


def _opened(source: BinaryIO, expected: str) -> Image.Image:
    """The decoded picture."""
    with _readable():
        picture = _with_head(source, expected)
        picture.load()
    return picture


@contextmanager
def _readable() -> Iterator[None]:
    """What a decoder raises on a broken file is of many kinds; all mean the same to the user."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge("图片像素过大，请缩小后再上传。", field=FIELD) from None
    except (TooLarge, UnsupportedType):
        raise
    except Exception:
        raise unsupported("图片打不开，可能已损坏。", "请重新拍照或另存为 JPG 后再上传。") from None


def _with_head(source: BinaryIO, expected: str) -> Image.Image:
    """The picture with its head read, not decoded yet."""
    source.seek(0)
    picture = Image.open(source, formats=[expected])
    _check_measures(picture, expected)
    return picture


def _check_measures(picture: Image.Image, expected: str) -> None:
    """Refuse before decoding what would need too much memory, and what moves (a JPEG with a preview does not)."""
    if picture.width * picture.height > MAX_PIXELS:
        limit = f"{MAX_PIXELS // 10_000} 万"
        raise TooLarge(
            f"图片 {picture.width}×{picture.height} 像素，超过 {limit}像素的上限，请缩小后再上传。", field=FIELD
        )
    if expected not in STILL and getattr(picture, "n_frames", 1) > 1:
        raise unsupported("不能上传动图。", "请另存为静态图片或 MP4 视频后再上传。")


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its camera meant it; notes of a camera that cannot be read turn nothing."""
    try:
        turned = ImageOps.exif_transpose(picture)
    except Exception:
        turned = picture.copy()
    return turned.convert("RGB") if turned.mode == "CMYK" else turned


def _look(picture: Image.Image) -> dict[str, object]:
    """Takes all notes off the picture and returns those that its look needs."""
    kept: dict[str, object] = {name: picture.info[name] for name in KEPT if name in picture.info}
    picture.info = {}
    return kept
