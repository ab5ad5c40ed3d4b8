"""What was sent and what was killed, on the disk before it happens: a run that ends in the middle is gone on with."""

import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS writes (
    key TEXT PRIMARY KEY, client INT, user INT, act TEXT, path TEXT, body TEXT, files INT DEFAULT 0,
    internal TEXT DEFAULT '', at REAL,
    unknown INT DEFAULT 0, replayed INT DEFAULT 0, status INT, ended REAL, verdict TEXT DEFAULT 'open');
CREATE TABLE IF NOT EXISTS kills (number INTEGER PRIMARY KEY, target TEXT, at REAL, seconds REAL);
CREATE TABLE IF NOT EXISTS reads (kind TEXT, began REAL, ended REAL, status INT);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
"""


@dataclass(frozen=True)
class Sent:
    """One write, named by its number before it is sent."""

    key: str
    client: int
    user: int
    act: str
    path: str
    body: str
    files: bool = False
    internal: str = ""
    """The office's own number of a case that is registered."""


class Journal:
    """The file of a run; every thread writes to it."""

    def __init__(self, path: Path) -> None:
        """Open it, and make it where there is none."""
        self._lock = threading.Lock()
        self._kept = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._kept.execute("PRAGMA journal_mode=WAL")
        self._kept.executescript(TABLES)
        self.last_saved = 0.0
        """When the request began that was saved last."""

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        with self._lock:
            return self._kept.execute(sql, values).fetchall()

    def sends(self, sent: Sent) -> None:
        """It is going to be sent."""
        self.rows(
            "INSERT INTO writes (key, client, user, act, path, body, files, internal, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(sent.key, sent.client, sent.user, sent.act, sent.path, sent.body, int(sent.files), sent.internal),
            time.time(),
        )

    def unknown(self, key: str) -> None:
        """No answer came, or one that does not say whether it was saved."""
        self.rows("UPDATE writes SET unknown = unknown + 1 WHERE key = ?", key)

    def answered(self, key: str, status: int, *, replayed: bool, began: float) -> None:
        """Saved or refused: an answer that says so."""
        verdict = "saved" if status < 400 else "refused"
        self.rows(
            "UPDATE writes SET status = ?, replayed = ?, ended = ?, verdict = ?, body = '' WHERE key = ?",
            *(status, int(replayed), time.time(), verdict, key),
        )
        if verdict == "saved":
            self.last_saved = max(self.last_saved, began)

    def read(self, kind: str, began: float, status: int) -> None:
        """What a look was answered with; 0 where no answer came."""
        self.rows("INSERT INTO reads VALUES (?, ?, ?, ?)", kind, began, time.time(), status)

    def killed(self, number: int, target: str, at: float) -> None:
        """One more kill."""
        self.rows("INSERT INTO kills (number, target, at) VALUES (?, ?, ?)", number, target, at)

    def recovered(self, number: int, seconds: float) -> None:
        """What was killed is there again, and work goes on."""
        self.rows("UPDATE kills SET seconds = ? WHERE number = ?", seconds, number)

    def fact(self, name: str, value: Any = None) -> str:
        """What is kept under a name; the value, where there is none yet."""
        if value is not None:
            self.rows("INSERT OR IGNORE INTO facts VALUES (?, ?)", name, str(value))
        found = self.rows("SELECT value FROM facts WHERE name = ?", name)
        return str(found[0][0]) if found else ""

    def add(self, name: str, amount: float = 1) -> None:
        """Count something up."""
        self.fact(name, 0)
        self.rows("UPDATE facts SET value = CAST(value AS REAL) + ? WHERE name = ?", amount, name)
