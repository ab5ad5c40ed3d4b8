"""The database of a run is a copy of one that is migrated once for the migrations as they are, and kept.

Migrating an empty database takes longer than many a run of tests; copying one takes a second. The kept database is
named after the text of the migrations and of what they stand on, so that a changed migration is never missed.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(settings.BASE_DIR)
PREFIX = "migrated_"


def copied_from_migrated() -> None:
    """Let the test database begin as a copy of the migrated one, which is made first where it is not there."""
    name = PREFIX + _digest()
    with _one_at_a_time(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            _make(cursor, name)
        for old in there - {name}:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = name


def _make(cursor: Any, name: str) -> None:
    """Migrate a database under another name, so that one that was broken off is never taken for whole."""
    half = f"half_{name}"
    cursor.execute(f'DROP DATABASE IF EXISTS "{half}"')
    cursor.execute(f'CREATE DATABASE "{half}" TEMPLATE template0')
    asked = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = half
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = asked
    cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')


def _digest() -> str:
    """A short name for the migrations of our apps, the rooms they import from, and the versions of the libraries."""
    folders = [Path(app.path) / "migrations" for app in apps.get_app_configs() if ROOT in Path(app.path).parents]
    files = [path for folder in [*folders, ROOT / "zhongzhi" / "rows"] for path in folder.rglob("*.py")]
    text = sha256((ROOT / "requirements-dev.lock").read_bytes())
    for path in sorted(files):
        text.update(str(path.relative_to(ROOT)).encode())
        text.update(path.read_bytes())
    return text.hexdigest()[:16]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Workers of one run wait for the one that migrates."""
    lock = Path(gettempdir()) / f"zhongzhi-migrated-{sha256(str(ROOT).encode()).hexdigest()[:16]}.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
