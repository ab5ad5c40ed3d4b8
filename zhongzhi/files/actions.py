"""Keeping uploaded files, and clearing away what an undone transaction left behind."""

import shutil
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import IO, BinaryIO, cast
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from zhongzhi.core.errors import BadInput, TooLarge
from zhongzhi.files import disk, images, queries, videos
from zhongzhi.files.contents import check_content
from zhongzhi.files.kinds import FIELD, MP4, Kind, kind_named
from zhongzhi.files.models import StoredFile
from zhongzhi.files.names import clean_name

ORPHAN_AGE = timedelta(hours=1)
BATCH = 500


def store_file(upload: "UploadedFile[bytes]", *, actor: AbstractBaseUser) -> StoredFile:
    """Keep an upload: checked by what it is, pictures re-encoded, place data taken off pictures and videos.

    The bytes are on the disk before the row is written, so that a committed row always has its file; when the
    caller's transaction is undone, the sweep removes them an hour later. Raises BadInput for an empty file,
    TooLarge, UnsupportedType; each says at field "file" what to do.
    """
    _check_size(upload.size or 0)
    name = clean_name(upload.name or "")
    kind = kind_named(name)
    source = cast(BinaryIO, upload.file)
    check_content(source, kind)
    now, file_id = timezone.localtime(), uuid4()
    place = disk.place_for(file_id, now)
    disk.write(place, partial(_fill, source, kind))
    try:
        size, sm3 = disk.measure(place)
        return StoredFile.objects.create(
            id=file_id,
            name=name,
            content_type=kind.content_type,
            size=size,
            sm3=sm3,
            path=place,
            created_by_id=actor.pk,
            created_at=now,
        )
    except BaseException:
        disk.remove(place)
        raise


def keep_made(name: str, content: bytes, kind: Kind, *, actor: AbstractBaseUser | None) -> StoredFile:
    """Keep a file that the program made itself (`actor` None: by the clock), exactly as it is; as `store_file` else."""
    now, file_id = timezone.localtime(), uuid4()
    place = disk.place_for(file_id, now)

    def fill(target: BinaryIO) -> None:
        target.write(content)

    disk.write(place, fill)
    try:
        size, sm3 = disk.measure(place)
        return StoredFile.objects.create(
            id=file_id,
            name=clean_name(name),
            content_type=kind.content_type,
            size=size,
            sm3=sm3,
            path=place,
            created_by_id=actor.pk if actor is not None else None,
            created_at=now,
        )
    except BaseException:
        disk.remove(place)
        raise


def put_back(place: str, source: IO[bytes], sm3: str, *, damaged: bool = False) -> bool:
    """Put a file back where a backup found it; False when it is there already, as it was kept.

    What the backup itself found `damaged` is better than nothing, but takes the place of no file.
    """
    if disk.full_path(place).exists() and (damaged or disk.measure(place)[1] == sm3):
        return False
    disk.write_over(place, partial(shutil.copyfileobj, source))
    return True


def sweep_orphans(now: datetime) -> int:
    """Remove files on the disk that no row knows and that are older than an hour; how many."""
    removed, found = 0, disk.places_older_than(now - ORPHAN_AGE)
    while places := list(islice(found, BATCH)):
        known = queries.known_places(places)
        for place in places:
            if place not in known:
                disk.remove(place)
                removed += 1
    return removed


def _check_size(size: int) -> None:
    if size == 0:
        raise BadInput("文件是空的（0 字节），请检查后重新选择。", field=FIELD)
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
    if kind == MP4:
        videos.strip_place(target)
