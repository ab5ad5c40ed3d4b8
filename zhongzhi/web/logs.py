"""Structured logs: one JSON object a line, with the request's id and without personal data."""

import json
import logging
import re
import secrets
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
ZONE = ZoneInfo("Asia/Shanghai")
EXTRA = (
    *("method", "path", "status", "ms", "task", "seal", "heads", "mac", "outbox", "topic", "attempts", "file", "job"),
    *("sweep", "row", "paper"),
)
SECRET_PATH = re.compile(r"(/(?:q|screen)/)(?!report/|privacy/)[^/\s?]+")
"""Addresses that open a page by themselves: of these no more is told than which kind they are."""
SAID_BY_PEOPLE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|\d{5,}|[\w+/=-]{24,}")
"""What the text of an error may have from a row or a request: Chinese words, numbers, tokens."""
LONGEST_CHAIN = 5
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
            "message": message_of(record),
        }
        facts |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if isinstance(path := facts.get("path"), str):
            facts["path"] = without_secrets(path)
        if isinstance(kind := getattr(record, "error", None), str):
            facts["error"] = kind
        if record.exc_info and record.exc_info[1] is not None:
            facts["error"] = told_of(record.exc_info[1])
        return json.dumps(facts, ensure_ascii=False, default=str)


def message_of(record: logging.LogRecord) -> str:
    """What is said; of a task that failed only which, because Celery puts the whole error into its sentence."""
    facts = record.args
    if isinstance(facts, Mapping) and "exc" in facts:
        return f"task {facts.get('name')} {facts.get('description')}"
    return without_secrets(record.getMessage())


def without_secrets(text: str) -> str:
    """A text with addresses in it, as it may stand in a log."""
    return SECRET_PATH.sub(r"\1…", text)


def told_of(error: BaseException) -> str:
    """Where an error came from and what it is, without what it says of rows and requests: PostgreSQL writes the whole
    row into its errors, Python the value that does not fit."""
    chain: list[str] = []
    at: BaseException | None = error
    while at is not None and len(chain) < LONGEST_CHAIN:
        frames = "".join(traceback.format_tb(at.__traceback__))
        chain.insert(0, f"{frames}{type(at).__module__}.{type(at).__qualname__}: {_words_of(at)}")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n".join(chain)


def _words_of(error: BaseException) -> str:
    """Of an error of PostgreSQL its code and the names in it; of others the words without what people said."""
    diagnosed = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diagnosed is not None:
        named = (diagnosed.sqlstate, diagnosed.table_name, diagnosed.column_name, diagnosed.constraint_name)
        return " ".join(name for name in named if name)
    return SAID_BY_PEOPLE.sub("…", without_secrets(str(error)))[:500]
