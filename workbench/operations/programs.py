"""PostgreSQL's own programs: which of those on this machine suit the server, and how they are run.

They come from the folder that POSTGRES_PROGRAMS names, from PATH, or from the folders of Debian's packages; of those
that are not older than the server the oldest are taken, for newer ones may write what it does not know. The password
travels in the environment, never among the arguments.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from zhongzhi.core.errors import DomainError

NEEDED = ("pg_dump", "pg_restore", "psql")
DEBIAN = Path("/usr/lib/postgresql")


class ProgramMissing(DomainError):
    """No pg_dump here suits the server."""

    code = "program_missing"


class ProgramFailed(DomainError):
    """One of PostgreSQL's programs gave up; the message says why, without rows."""

    code = "program_failed"


@dataclass(frozen=True)
class Programs:
    """The folder they lie in, and their major version."""

    folder: Path
    version: int

    def command(self, name: str, *arguments: str) -> list[str]:
        """How one of them is called."""
        return [str(self.folder / name), *arguments]


def suitable(version: int) -> Programs:
    """The oldest programs of at least this major version; ProgramMissing, which says what to install, for none."""
    found = [Programs(folder, _version(folder)) for folder in _folders()]
    if fitting := [programs for programs in found if programs.version >= version]:
        return min(fitting, key=lambda programs: programs.version)
    older = max((programs.version for programs in found), default=0)
    reason = f"本机的版本是 {older}，低于所需的 {version}" if older else "本机没有找到"
    raise ProgramMissing(
        f"需要 PostgreSQL 的客户端程序 {'、'.join(NEEDED)}（{version} 或更高版本）：{reason}。"
        f"请安装 postgresql-client-{version} 并放入 PATH，或用环境变量 POSTGRES_PROGRAMS 指出所在文件夹。"
    )


def server_version() -> int:
    """The major version of the server in use."""
    connection.ensure_connection()
    return int(connection.connection.server_version) // 10000


def address() -> list[str]:
    """Where the database is and who asks, as arguments, its name last; without the password."""
    return _as_django_says()[0]


def environment() -> dict[str, str]:
    """What the programs see: our own environment, with password and TLS of the settings."""
    return os.environ | {"LC_ALL": "C.UTF-8"} | _as_django_says()[1]


def run(command: list[str]) -> None:
    """Run one to its end; ProgramFailed with what it said."""
    with tempfile.TemporaryFile() as words:
        result = subprocess.run(  # noqa: S603 - our own command, no shell
            command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=words, check=False
        )
        if result.returncode:
            raise ProgramFailed(f"{Path(command[0]).name} 失败：{last_words(words.fileno())}")


def last_words(handle: int) -> str:
    """What a program said, but for lines that may quote rows."""
    os.lseek(handle, 0, os.SEEK_SET)
    lines = os.read(handle, 100_000).decode(errors="replace").splitlines()
    told = [line for line in lines if line.strip() and not re.match(r"(DETAIL|CONTEXT|HINT|LINE|STATEMENT)\b", line)]
    return "；".join(line.strip() for line in told[-5:]) or "没有说明原因"


def _as_django_says() -> tuple[list[str], dict[str, str]]:
    """Arguments and environment with which Django itself starts psql."""
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return arguments[1:], environment or {}


def _folders() -> Iterator[Path]:
    """Every folder that holds all of them."""
    places = [Path(found).parent] if (found := shutil.which(NEEDED[0])) else []
    places += sorted(DEBIAN.glob("*/bin"), reverse=True)
    if settings.POSTGRES_PROGRAMS:
        places.append(Path(settings.POSTGRES_PROGRAMS))
    return (place for place in places if all((place / name).exists() for name in NEEDED))


def _version(folder: Path) -> int:
    """The major version, 0 where it does not tell."""
    command = [str(folder / NEEDED[0]), "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    found = re.search(r"\(PostgreSQL\) (\d+)", result.stdout)
    return int(found[1]) if found and result.returncode == 0 else 0
