"""A PostgreSQL that is a physical copy of a running one: beside it, or following it as its standby."""

import subprocess
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from devkit.servers.postgres import SUPERUSER, bundled_programs
from devkit.servers.users import programs_for, unprivileged

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
QUIET: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": "/"}
PATIENCE = {"connect_timeout": 2, "options": "-c statement_timeout=2s"}
"""Nobody waits for a server that hangs."""


@dataclass
class Server:
    """A PostgreSQL of its own in a folder; socket and data lie in it."""

    folder: Path
    database: str
    programs: Path = field(default_factory=lambda: programs_for(bundled_programs()))

    def __post_init__(self) -> None:
        self.data = self.folder / "data"

    def copied_from(self, sockets: str, role: str, *options: str) -> None:
        """A physical copy of a running server; with `-R` it follows that one."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        unprivileged().own(self.folder)
        self._run("pg_basebackup", "-h", sockets, "-U", role, "-D", str(self.data), "-c", "fast", *options)

    def start(self, **changes: str) -> None:
        changes = {"listen_addresses": "''", "unix_socket_directories": str(self.folder), **changes}
        options = " ".join(f"-c {name}={value}" for name, value in changes.items())
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-o", options, "-w", "-t", "60", "start")

    def stop(self, mode: str = "immediate") -> None:
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def sql(self, text: str, **patience: Any) -> list[tuple[Any, ...]]:
        return asked(str(self.folder), self.database, text, **patience)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, env=ENVIRONMENT, **QUIET, **unprivileged().options())


def asked(sockets: str, database: str, text: str, **patience: Any) -> list[tuple[Any, ...]]:
    """What a statement gives, asked by the superuser on a connection of its own."""
    with closing(psycopg2.connect(host=sockets, user=SUPERUSER, dbname=database, **patience)) as direct:
        direct.autocommit = True
        with direct.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall() if cursor.description else []
