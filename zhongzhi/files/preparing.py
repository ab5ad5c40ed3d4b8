"""Uploads made ready before the act that keeps them: slow work is done while nothing is locked."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from zhongzhi.core.errors import DomainError, TooLarge, Unfit
from zhongzhi.files import disk, images, store, videos
from zhongzhi.files.contents import check_content
from zhongzhi.files.kinds import FIELD, FILMS, KEPT_AS, Kind, kind_named, with_extension
from zhongzhi.files.names import clean_name


@dataclass(frozen=True)
class PreparedFile:
    """A file that lies on the disk as it will be kept; it has no row yet. `came_as` is for the trail: the digest of
    what was sent, where it is kept as another kind of file."""

    id: UUID
    name: str
    kind: Kind
    place: str
    size: int
    sm3: str
    at: datetime
    came_as: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def prepared(*uploads: "UploadedFile[Any]") -> Iterator[list[PreparedFile]]:
    """Check uploads by what they are, write pictures anew, take the place off videos; to be entered before any lock.

    All are checked before the first is written. What the body refuses is removed again; after any other error the
    files stay for the sweep, because nobody knows whether the act was committed. Raises BadInput for an empty file,
    TooLarge, UnsupportedType; each says at field "file" what to do.
    """
    checked = [_checked(upload) for upload in uploads]
    files: list[PreparedFile] = []
    try:
        for name, kind, source in checked:
            files.append(_written(name, kind, source))
        yield files
    except DomainError:
        for file in files:
            discard(file)
        raise


def discard(file: PreparedFile) -> None:
    """Take a prepared file off the disk again: nothing was kept of it."""
    store.remove(file.place)


def _checked(upload: "UploadedFile[Any]") -> tuple[str, Kind, BinaryIO]:
    _check_size(upload.size or 0)
    name = clean_name(upload.name or "")
    kind = kind_named(name)
    source = cast(BinaryIO, upload.file)
    kind = check_content(source, kind)
    name = with_extension(name, KEPT_AS.get(kind, kind))
    if kind in images.FORMATS:
        images.check_measures(source, kind)
    return name, kind, source


def _written(name: str, kind: Kind, source: BinaryIO) -> PreparedFile:
    now, file_id = timezone.localtime(), uuid4()
    place = disk.place_for(file_id, now)
    store.write(place, partial(_fill, source, kind))
    try:
        size, sm3 = store.measure(place)
    except BaseException:
        store.remove(place)
        raise
    came_as = {"came_as": kind.content_type, "came_sm3": disk.digest(source)[1]} if kind in KEPT_AS else {}
    return PreparedFile(file_id, name, KEPT_AS.get(kind, kind), place, size, sm3, now, came_as)


def _check_size(size: int) -> None:
    if size == 0:
        raise Unfit("文件是空的（0 字节），请检查后重新选择。", field=FIELD)
    if size > settings.FILE_MAX_BYTES:
        limit = f"{settings.FILE_MAX_BYTES / 1024 / 1024:g} MB"
        raise TooLarge(
            f"文件 {size / 1024 / 1024:.1f} MB，超过单个 {limit} 的上限，请压缩或分成几个文件后再上传。", field=FIELD
        )


def _fill(source: BinaryIO, kind: Kind, target: BinaryIO) -> None:
    """Write what is kept of the upload."""
    if kind in images.FORMATS:
        images.reencode(source, target, kind)
        return
    source.seek(0)
    shutil.copyfileobj(source, target)
    if kind in FILMS:
        videos.strip_place(target)
