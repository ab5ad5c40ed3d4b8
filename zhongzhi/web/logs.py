"""Structured logs: one JSON object a line, with the request's id and without personal data."""

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
ZONE = ZoneInfo("Asia/Shanghai")
EXTRA = ("method", "path", "status", "ms", "task", "seal", "heads", "mac", "outbox", "topic", "attempts", "file", "job")
_current: ContextVar[str] = ContextVar("request_id", default="-")


def begin_request(given: str = "") -> str:
    """Give the work that begins here an id: the one handed over by our proxy, or a new one."""
    request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    _current.set(request_id)
    return request_id


def request_id() -> str:
    """The id of the request at work, `-` outside of one."""
    return _current.get()


class RequestIdFilter(logging.Filter):
    """Puts the request's id on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record."""
        record.request_id = request_id()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, request, message, and the facts of a request."""

    def format(self, record: logging.LogRecord) -> str:
        """Only named facts are written: whatever else hangs on a record may hold personal data."""
        facts = {
            "at": datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        facts |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info:
            facts["error"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=False, default=str)
