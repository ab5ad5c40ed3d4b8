"""Seals are told outside of the database: to a file, and to syslog where one is named."""

import fcntl
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import SysLogHandler
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from zhongzhi.audit.anchors import line_of, read
from zhongzhi.audit.chain import Json
from zhongzhi.audit.models import TrailSeal
from zhongzhi.audit.queries import seals_after
from zhongzhi.audit.stamps import NotStamped, stamp

log = logging.getLogger(__name__)


def anchor_seals() -> int:
    """Tell every seal that the file does not know yet; how many. What failed once is told the next time."""
    path, lines = Path(settings.ANCHOR_FILE), []
    with _alone(path) as file:
        told = read(path)
        code = told.code
        for seal in seals_after(told.last):
            line, code = line_of(code, _body(seal))
            lines.append(line)
        if lines and settings.TSA_URL:
            lines += _stamped(code, told.last + len(lines))
        _append(file, lines)
    _to_syslog(lines)
    return sum('"seal"' in line for line in lines)


def note_restored_trail() -> None:
    """Tell that a backup was restored: seals after its last one are no longer expected."""
    path = Path(settings.ANCHOR_FILE)
    last = TrailSeal.objects.order_by("-seq").first()
    body: dict[str, Json] = {
        "restored": last.seq if last else 0,
        "mac": bytes(last.mac).hex() if last else "",
        "at": timezone.now().isoformat(),
    }
    with _alone(path) as file:
        line, _ = line_of(read(path).code, body)
        _append(file, [line])
    _to_syslog([line])


def vouch_for_anchors() -> None:
    """Let a line under the newest hash key vouch for all lines before it, if one of them is under an older key.

    Raises ValueError when they are not as they were told: nobody vouches for that.
    """
    path = Path(settings.ANCHOR_FILE)
    with _alone(path) as file:
        told = read(path)
        if not told.is_older:
            return
        if told.faults:
            raise ValueError(told.faults[0].what)
        body: dict[str, Json] = {
            "vouched": told.count,
            "mac": told.lines.finalize().hex(),
            "at": timezone.now().isoformat(),
        }
        line, _ = line_of(told.code, body)
        _append(file, [line])
    _to_syslog([line])


def _stamped(code: str, seal: int) -> list[str]:
    """A line with the time stamp over the last line.

    None while the authority is away: the next seal is stamped again.
    """
    try:
        token = stamp(code.encode())
    except (NotStamped, OSError) as error:
        log.warning("anchors not stamped", extra={"error": str(error)})
        return []
    line, _ = line_of(code, {"stamped": seal, "mac": code, "at": timezone.now().isoformat(), "token": token})
    return [line]


def _body(seal: TrailSeal) -> dict[str, Json]:
    return {"seal": seal.seq, "heads": seal.heads, "at": seal.at.isoformat(), "mac": bytes(seal.mac).hex()}


@contextmanager
def _alone(path: Path) -> Iterator[IO[str]]:
    """The file, for its owner only, open for adding, with everybody else waiting."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _append(file: IO[str], lines: list[str]) -> None:
    file.writelines(f"{line}\n" for line in lines)
    file.flush()
    os.fsync(file.fileno())


def _to_syslog(lines: list[str]) -> None:
    """Send lines to the syslog server of the settings, if there is one: `host:port` by TCP, or a socket's path."""
    if not (where := settings.ANCHOR_SYSLOG) or not lines:
        return
    host, _, port = where.rpartition(":")
    kind = socket.SOCK_STREAM if host else None
    handler = SysLogHandler((host, int(port)) if host else where, SysLogHandler.LOG_AUTH, kind)
    handler.append_nul = not host
    try:
        for line in lines:
            handler.emit(logging.makeLogRecord({"msg": f"zhongzhi: {line}\n" if host else f"zhongzhi: {line}"}))
    finally:
        handler.close()
