"""A second installation beside the test's own: an empty database on the same server, a data folder, the same keys."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection

KEYS = ("SECRET_KEY", "FIELD_KEYS", "HASH_KEY")


def on_server(sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
    """Run SQL outside of any transaction."""
    with closing(psycopg2.connect(**connection.get_connection_params() | {"dbname": database})) as direct:
        direct.autocommit = True
        with direct.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


@dataclass
class Elsewhere:
    """The other installation; its commands run in processes of their own."""

    database: str
    data: Path
    keys: dict[str, str] = field(default_factory=lambda: {name: getattr(settings, name) for name in KEYS})

    def manage(self, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """`manage.py …` there."""
        place = connection.settings_dict
        address = f"postgres://{place['USER']}@/{place['HOST']}/{self.database}"
        ours = {"DATABASE_URL": address, "ZHONGZHI_DATA": str(self.data), "REDIS_URL": settings.REDIS_URL, **self.keys}
        return subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=os.environ | ours | changes,
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self, program: str) -> str:
        """What a few lines of Python print there."""
        done = self.manage("shell", "--verbosity", "0", "-c", program)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        return on_server(text, self.database)


@contextmanager
def another_installation(folder: Path) -> Iterator[Elsewhere]:
    """One with an empty database, gone in the end."""
    name = f"{connection.settings_dict['NAME']}_elsewhere"
    on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    on_server(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    (folder / "elsewhere").mkdir(exist_ok=True)
    try:
        yield Elsewhere(name, folder / "elsewhere")
    finally:
        on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
