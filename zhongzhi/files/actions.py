"""Keeping uploaded files, and clearing away what an undone transaction left behind."""

import shutil
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import IO, Any, BinaryIO
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from zhongzhi.files import disk, queries, store
from zhongzhi.files.kinds import Kind
from zhongzhi.files.models import StoredFile
from zhongzhi.files.names import clean_name
from zhongzhi.files.preparing import PreparedFile, prepared

ORPHAN_AGE = timedelta(hours=1)
BATCH = 500


def store_file(upload: "UploadedFile[Any]", *, actor: AbstractBaseUser) -> StoredFile:
    """Keep an upload at once, where nothing is locked; an act that locks prepares it first and calls `keep_prepared`.

    The bytes are on the disk before the row is written, so that a committed row always has its file; when the
    caller's transaction is undone, the sweep removes them an hour later. Raises what `prepared` raises.
    """
    with prepared(upload) as (file,):
        try:
            return keep_prepared(file, actor=actor)
        except BaseException:
            store.remove(file.place)
            raise


def keep_prepared(file: PreparedFile, *, actor: AbstractBaseUser) -> StoredFile:
    """Write the row of a file that was prepared; nothing slow is left to do."""
    return StoredFile.objects.create(
        id=file.id,
        name=file.name,
        content_type=file.kind.content_type,
        size=file.size,
        sm3=file.sm3,
        path=file.place,
        created_by_id=actor.pk,
        created_at=file.at,
    )


def keep_made(name: str, content: bytes, kind: Kind, *, actor: AbstractBaseUser | None) -> StoredFile:
    """Keep a file that the program made itself (`actor` None: by the clock), exactly as it is; as `store_file` else."""
    now, file_id = timezone.localtime(), uuid4()
    place = disk.place_for(file_id, now)

    def fill(target: BinaryIO) -> None:
        target.write(content)

    store.write(place, fill)
    try:
        size, sm3 = store.measure(place)
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
        store.remove(place)
        raise


def put_back(place: str, source: IO[bytes], sm3: str, *, damaged: bool = False) -> bool:
    """Put a file back where a backup found it; False when it is there already, as it was kept.

    What the backup itself found `damaged` is better than nothing, but takes the place of no file.
    """
    if store.has(place) and (damaged or store.measure(place)[1] == sm3):
        return False
    store.write_over(place, partial(shutil.copyfileobj, source))
    return True


def sweep_orphans(now: datetime) -> int:
    """Remove files on the disk that no row knows and that are older than an hour; how many."""
    removed, found = 0, store.places_older_than(now - ORPHAN_AGE)
    while places := list(islice(found, BATCH)):
        known = queries.known_places(places)
        for place in places:
            if place not in known:
                store.remove(place)
                removed += 1
    return removed
