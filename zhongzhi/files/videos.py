"""MP4, MOV and M4A: whether it is one, and taking off what says where it was taken.

A file is a row of boxes: size (4 bytes), type (4), content. Boxes with free text (`udta`, `meta`), where cameras
write the place, are turned into `free` boxes of the same size with nothing in them, so that nothing else moves.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

BRANDS: Final = frozenset(
    {
        b"isom",
        b"iso2",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"mp71",
        b"avc1",
        b"MSNV",
        b"dash",
        b"M4V ",
        b"hvc1",
        b"3gp4",
        b"3gp5",
        b"3gp6",
    }
)
OTHERS: Final = {b"qt  ": "mov", b"M4A ": "m4a", b"M4B ": "m4a"}
FREE_TEXT: Final = frozenset({b"udta", b"meta"})
MAX_BOXES: Final = 10_000
BLOCK: Final = 64 * 1024


@dataclass(frozen=True)
class Box:
    """One box: its type, where it begins, where its content begins and where it ends."""

    kind: bytes
    start: int
    content: int
    end: int


def extension_in(stream: BinaryIO) -> str:
    """What the content begins as: mp4, mov or m4a; empty for none. A film without pictures is a recording, whatever
    the phone calls it."""
    stream.seek(0)
    head = stream.read(12)
    if head[4:8] != b"ftyp" or head[8:12] not in BRANDS | OTHERS.keys():
        return ""
    return OTHERS.get(head[8:12]) or ("m4a" if _handlers(stream) == {b"soun"} else "mp4")


def is_whole(stream: BinaryIO) -> bool:
    """Whether an MP4 has its index: one whose recording or copying was cut short has none."""
    return any(box.kind == b"moov" for box in _boxes(stream, 0, _size(stream)))


def _handlers(stream: BinaryIO) -> set[bytes]:
    """What the tracks hold: pictures (`vide`), sound (`soun`)."""
    found, places = set(), [(0, _size(stream))]
    for kind in (b"moov", b"trak", b"mdia", b"hdlr"):
        boxes = [box for start, end in places for box in _boxes(stream, start, end) if box.kind == kind]
        places = [(box.content, box.end) for box in boxes]
    for start, _ in places:
        stream.seek(start + 8)
        found.add(stream.read(4))
    return found & {b"vide", b"soun"}


def strip_place(stream: BinaryIO) -> None:
    """Blank every box with free text about the film or a track, in place; `stream` is open for both ways."""
    _strip(stream, 0, _size(stream), (b"moov", b"trak"))


def _strip(stream: BinaryIO, start: int, end: int, inner: tuple[bytes, ...]) -> None:
    for box in list(_boxes(stream, start, end)):
        if box.kind in FREE_TEXT:
            _blank(stream, box)
        elif inner and box.kind == inner[0]:
            _strip(stream, box.content, box.end, inner[1:])


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, side by side; ends at the first that is none, or that is one too many."""
    for _ in range(MAX_BOXES):
        box = _box_at(stream, start, end)
        if box is None:
            return
        yield box
        start = box.end


def _box_at(stream: BinaryIO, start: int, end: int) -> Box | None:
    stream.seek(start)
    head = stream.read(16)
    size, kind, content = int.from_bytes(head[:4], "big"), head[4:8], start + 8
    if size == 1:
        size, content = int.from_bytes(head[8:16], "big"), start + 16
    stop = end if size == 0 else start + size
    return Box(kind, start, content, stop) if content <= stop <= end and start < end else None


def _blank(stream: BinaryIO, box: Box) -> None:
    stream.seek(box.start + 4)
    stream.write(b"free")
    stream.seek(box.content)
    left = box.end - box.content
    while left:
        left -= stream.write(bytes(min(left, BLOCK)))


def _size(stream: BinaryIO) -> int:
    return stream.seek(0, io.SEEK_END)
