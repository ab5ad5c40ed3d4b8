"""Stored files in an S3-compatible bucket, by django-storages: what several web nodes share.

Objects are private and never overwritten but by a restore. A file is made in a temporary file of this machine first,
then sent in parts; reading spools to the disk past a mebibyte. So no file is ever whole in memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Final, cast

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import storages
from storages.backends.s3 import S3Storage

from zhongzhi.core.errors import FilesAway
from zhongzhi.files.disk import OURS, Writer

ALIAS: Final = "files"
WAIT: Final = 10


def write(place: str, writer: Writer) -> None:
    """Let `writer` fill a file and send it; nothing is kept when it raises. FilesAway while the storage is away."""
    write_over(place, writer)


def write_over(place: str, writer: Writer) -> None:
    """The same: an object is replaced as a whole or not at all."""
    with TemporaryFile() as made:
        writer(cast("IO[bytes]", made))  # type: ignore[arg-type]
        made.seek(0)
        with _reached():
            _objects().save(_checked(place), File(made))


def remove(place: str) -> None:
    """Remove an object; nothing when it is not there."""
    with _reached():
        _objects().delete(_checked(place))


def opened(place: str) -> IO[bytes]:
    """An object to be read; FileNotFoundError where there is none, FilesAway while the storage is away."""
    with _reached():
        found = _objects().open(_checked(place), "rb")
        found.seek(0)  # fetches it now: later nobody could be told
        return cast("IO[bytes]", found)


def has(place: str) -> bool:
    """Whether there is such an object."""
    with _reached():
        return bool(_objects().exists(_checked(place)))


def places_older_than(moment: datetime) -> Iterator[str]:
    """Every object of ours written before `moment`."""
    with _reached():
        for kept in _objects().bucket.objects.all():
            if OURS.fullmatch(kept.key) and kept.last_modified < moment:
                yield kept.key


def _objects() -> S3Storage:
    return cast(S3Storage, storages[ALIAS])


def _checked(place: str) -> str:
    if not OURS.fullmatch(place):
        raise ValueError(f"no place of a stored file: {place!r}")
    return place


@contextmanager
def _reached() -> Iterator[None]:
    """What the storage refuses or cannot be asked is no fault of the file."""
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise FilesAway(wait=WAIT) from error
