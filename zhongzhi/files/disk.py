"""Where the bytes lie: MEDIA_ROOT/<year>/<month>/<uuid>, readable by the program's own user only."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, Final, TypeAlias
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from django.conf import settings

Writer: TypeAlias = Callable[[BinaryIO], None]
BLOCK: Final = 1024 * 1024
OURS: Final = re.compile(r"\d{4}/\d{2}/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def place_for(file_id: UUID, day: datetime) -> str:
    """Where a file of that day goes, relative to the root."""
    return f"{day:%Y}/{day:%m}/{file_id}"


def full_path(place: str) -> Path:
    """The file at a place; ValueError for what is no place of ours."""
    if not OURS.fullmatch(place):
        raise ValueError(f"no place of a stored file: {place!r}")
    return Path(settings.MEDIA_ROOT) / place


def write(place: str, writer: Writer) -> None:
    """Make the file and let `writer` fill it; it is on the disk when this returns, and gone when it raises."""
    path = full_path(place)
    _make_folders(path)
    try:
        with open(path, "x+b", opener=_private) as target:
            writer(target)
            target.flush()
            os.fsync(target.fileno())
        _sync_folder(path.parent)
    except BaseException:
        remove(place)
        raise


def write_over(place: str, writer: Writer) -> None:
    """As `write`, but in place of what may be there, which stays until the new file is whole on the disk.

    It is made beside, under a name of our kind that no row knows: what a kill leaves is swept like any orphan.
    """
    path = full_path(place)
    beside = f"{place.rpartition('/')[0]}/{uuid4()}"
    write(beside, writer)
    try:
        full_path(beside).replace(path)
        _sync_folder(path.parent)
    except BaseException:
        remove(beside)
        raise


def remove(place: str) -> None:
    """Remove a file; nothing when it is not there."""
    full_path(place).unlink(missing_ok=True)


def opened(place: str) -> IO[bytes]:
    """A file to be read; FileNotFoundError where there is none."""
    return full_path(place).open("rb")


def has(place: str) -> bool:
    """Whether there is such a file."""
    return full_path(place).exists()


def digest(source: IO[bytes]) -> tuple[int, str]:
    """Size in bytes and SM3 digest of what a stream holds, read in blocks from its beginning."""
    found, size = hashes.Hash(hashes.SM3()), 0
    source.seek(0)
    while block := source.read(BLOCK):
        found.update(block)
        size += len(block)
    return size, found.finalize().hex()


def places_older_than(moment: datetime) -> Iterator[str]:
    """Every file of ours written before `moment`; what else lies in the folder is none of our business."""
    root = Path(settings.MEDIA_ROOT)
    for path in root.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/*"):
        place = path.relative_to(root).as_posix()
        if OURS.fullmatch(place) and _written(path) < moment.timestamp():
            yield place


def _written(path: Path) -> float:
    """When a file was written; never, for one that was removed this moment."""
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _make_folders(path: Path) -> None:
    Path(settings.MEDIA_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags | os.O_NOFOLLOW, 0o600)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
