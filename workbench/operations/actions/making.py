"""One archive of everything but the keys, as of one moment, while work goes on.

A transaction takes the snapshot; rows are counted in it and pg_dump reads it, so both see the same. Files are written
before their rows and never changed, so they may be copied after it. What is being made has another name until it is
whole.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import timezone

from workbench.operations import programs, queries
from workbench.operations.actions.leftovers import MAKING, RESTORING, forget_half_made
from workbench.operations.archive import DUMP, FILES, Manifest, Writer, writing
from zhongzhi import __version__
from zhongzhi.audit.verify import at_one_moment
from zhongzhi.files import store
from zhongzhi.files.queries import kept_files, known_places

NAME = re.compile(r"zhongzhi-\d{8}-\d{6}\.tar")


@dataclass(frozen=True)
class Made:
    """An archive that is whole."""

    path: Path
    size: int
    manifest: Manifest


def make_backup(folder: Path) -> Made:
    """Write an archive into a folder, which is made where it is missing; only its owner may read either.

    Files that the disk lost are named in the manifest; the rest is kept all the same. Raises ProgramMissing or
    ProgramFailed, with nothing left behind.
    """
    using = programs.suitable(programs.server_version())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget_half_made(folder, MAKING)
    forget_half_made(settings.DATA_DIR, RESTORING)
    moment = timezone.localtime()
    with TemporaryDirectory(dir=folder, prefix=MAKING) as making:
        dump, half = Path(making) / DUMP, Path(making) / "archive"
        manifest, files = _taken_down(using, dump, moment)
        with writing(half, manifest) as archive:
            with dump.open("rb") as source:
                archive.add(DUMP, source)
            dump.unlink()
            for place, sm3 in files:
                _add_file(archive, place, sm3)
        path = folder / f"zhongzhi-{moment:%Y%m%d-%H%M%S}.tar"
        half.rename(path)
    _sync(folder)
    return Made(path, path.stat().st_size, manifest)


def remove_old(folder: Path, keep: int) -> list[Path]:
    """Remove all archives of a folder but the newest `keep`; what was removed."""
    found = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    old = found[:-keep] if keep > 0 else []
    for path in old:
        path.unlink()
    return old


def _taken_down(using: programs.Programs, dump: Path, moment: datetime) -> tuple[Manifest, list[tuple[str, str]]]:
    """Dump the database, and say what is in it; all of the same moment. With it the files that it knows."""
    with at_one_moment():
        manifest = Manifest(
            program=__version__,
            made_at=moment.isoformat(timespec="seconds"),
            server=programs.server_version(),
            database=queries.name_of_database(),
            migrations=queries.applied_migrations(),
            tables=queries.rows_per_table(),
            trail=queries.trail_now(),
            keys=queries.keys_now(),
            programs=using.version,
        )
        files = kept_files()
        with _umask():
            programs.run(using.command("pg_dump", *_dump_options(dump, queries.exported_snapshot())))
    return manifest, files


def _dump_options(dump: Path, snapshot: str) -> Iterator[str]:
    yield from ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={dump}")
    yield from programs.address()


def _add_file(archive: Writer, place: str, sm3: str) -> None:
    """A stored file; noted as missing where the disk has lost or damaged it.

    Not so when its row has gone since the snapshot: then it was swept away, as it should be.
    """
    try:
        with store.opened(place) as source:
            if archive.add(f"{FILES}{place}", source) == sm3:
                return
    except FileNotFoundError:
        if not known_places([place]):
            return
    archive.manifest.missing.append(place)


@contextmanager
def _umask() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
