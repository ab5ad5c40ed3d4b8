"""A standby of the demo's database: it follows by a slot, is started again as systemd would, and is asked how far it
is. Nobody waits for it longer than two seconds."""

import signal
import subprocess
import time
from contextlib import suppress
from typing import Any

import psycopg2

from devkit.servers import DATABASE, ROLE
from devkit.servers.postgres import SUPERUSER, Postgres
from devkit.servers.users import unprivileged
from tests.faults.copies import ENVIRONMENT, PATIENCE, Server, asked

PORT = 5433
SLOT = "standby"
AGAIN_AFTER, ASKED_EVERY = 1.0, 0.5
LEVEL = """SELECT pg_last_wal_replay_lsn() >= '{mark}'
    AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')"""


class Standby:
    """One standby, in the folder beside its primary's and behind the same folder of sockets, at a port of its own."""

    def __init__(self, primary: Postgres) -> None:
        """Nothing is started yet."""
        self.primary = primary
        self.server = Server(primary.folder.with_name("standby"), DATABASE)
        self.address = f"postgres://{ROLE}@/{primary.sockets}/{DATABASE}?port={PORT}"
        self.process: subprocess.Popen[bytes] | None = None
        self.mark, self.level, self.asked_at, self.started_at = "", False, 0.0, 0.0
        self.seen = -1

    def begin(self) -> None:
        """Copy the primary, where there is no whole copy yet; end what an earlier run left; start."""
        if not self.server.folder.exists():
            half = Server(self.server.folder.with_name("standby.half"), DATABASE)
            subprocess.run(["rm", "-rf", str(half.folder)], check=True)
            self.of_primary(f"SELECT pg_drop_replication_slot('{SLOT}') FROM pg_replication_slots")
            options = ("-X", "stream", "-R", "-C", "-S", SLOT)
            half.copied_from(str(self.primary.sockets), SUPERUSER, *options)
            half.folder.rename(self.server.folder)
        if (self.server.data / "postmaster.pid").exists():
            self.server.stop()
        self.start()

    def start(self) -> None:
        """As our child, so that its end is seen at once."""
        settings = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.primary.sockets),
            "max_connections": "200",
            "hot_standby_feedback": "on",
            "wal_retrieve_retry_interval": "1s",
            "timezone": "Asia/Shanghai",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.server.folder / "log").open("ab") as out:
            self.process = subprocess.Popen(
                [str(self.server.programs / "postgres"), "-D", str(self.server.data), *options],
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                **unprivileged().options(),  # type: ignore[call-overload]
            )
        self.started_at, self.mark, self.level = time.monotonic(), "", False

    def keep(self) -> None:
        """Start it again a second after it has ended."""
        ended = self.process is not None and self.process.poll() is not None
        if ended and time.monotonic() > self.started_at + AGAIN_AFTER:
            self.start()

    def stop(self) -> None:
        """At once: what it lacks it takes from the slot when it is started the next time."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.server.stop()

    def pids(self) -> list[int]:
        """Its first process."""
        return [self.process.pid] if self.process is not None and self.process.poll() is None else []

    def is_level(self) -> bool:
        """Whether it streams, and has all that the primary had when it was first asked since the last start."""
        if self.pids() and not self.level and time.monotonic() > self.asked_at + ASKED_EVERY:
            self.asked_at = time.monotonic()
            with suppress(psycopg2.Error):
                self.mark = self.mark or str(self.of_primary("SELECT pg_current_wal_flush_lsn()")[0][0])
                self.level = bool(self.own(LEVEL.format(mark=self.mark))[0][0])
        return self.level

    def asks_anew(self) -> None:
        """How far it is will be measured by where the primary is now."""
        self.mark, self.level = "", False

    def own(self, text: str, database: str = "postgres", **patience: Any) -> list[tuple[Any, ...]]:
        """What the standby answers; apart from the program's database, so that its counts are the program's."""
        return asked(str(self.primary.sockets), database, text, port=PORT, **{**PATIENCE, **patience})

    def of_primary(self, text: str) -> list[tuple[Any, ...]]:
        """What the primary answers."""
        return asked(str(self.primary.sockets), DATABASE, text, connect_timeout=2)

    def counted(self) -> int:
        """Transactions of the program since it was asked last, as far as is known: a kill takes its counts along."""
        with suppress(psycopg2.Error):
            now = int(self.own(f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{DATABASE}'")[0][0])
            first, more, self.seen = self.seen < 0, now - self.seen if now >= self.seen else now, now
            return 0 if first else more
        return 0
