"""Where stored files are kept: in the data folder of one machine, or in an S3-compatible bucket that all nodes reach.

A place is `<year>/<month>/<uuid>` in both. Everything that puts, reads or removes a stored file goes through here.
"""

from collections.abc import Iterator
from datetime import datetime
from io import SEEK_END
from typing import IO, BinaryIO, Final, Protocol

from django.conf import settings

from zhongzhi.files import bucket, disk
from zhongzhi.files.disk import Writer, digest

NOWHERE: Final = "0000/00/00000000-0000-0000-0000-000000000000"
"""A place where no file ever lies, to ask whether the storage answers."""


class Keeper(Protocol):
    """What either of them can do."""

    def write(self, place: str, writer: Writer) -> None: ...
    def write_over(self, place: str, writer: Writer) -> None: ...
    def remove(self, place: str) -> None: ...
    def opened(self, place: str) -> IO[bytes]: ...
    def has(self, place: str) -> bool: ...
    def places_older_than(self, moment: datetime) -> Iterator[str]: ...


def write(place: str, writer: Writer) -> None:
    """Let `writer` fill a new file; it is kept when this returns, and gone when it raises."""
    _keeper().write(place, writer)


def write_over(place: str, writer: Writer) -> None:
    """As `write`, but in place of what may be there, which stays until the new file is whole."""
    _keeper().write_over(place, writer)


def remove(place: str) -> None:
    """Remove a file; nothing when it is not there."""
    _keeper().remove(place)


def opened(place: str) -> IO[bytes]:
    """A file to be read, from its beginning; to be closed. FileNotFoundError where there is none."""
    return _keeper().opened(place)


def has(place: str) -> bool:
    """Whether there is such a file."""
    return _keeper().has(place)


def measure(place: str) -> tuple[int, str]:
    """Size in bytes and SM3 digest of a file as it lies there. FileNotFoundError where there is none."""
    with opened(place) as source:
        return digest(source)


def length(source: IO[bytes] | BinaryIO) -> int:
    """Bytes of an opened file, which stands at its beginning afterwards."""
    size = source.seek(0, SEEK_END)
    source.seek(0)
    return size


def places_older_than(moment: datetime) -> Iterator[str]:
    """Every file of ours written before `moment`."""
    return _keeper().places_older_than(moment)


def _keeper() -> Keeper:
    if settings.FILES_BUCKET:
        return bucket
    return disk
