"""Test databases are emptied between transactional tests, which tables that are only added to refuse; there it is
allowed."""

from typing import Any

import pgtrigger
from django.db import connection


def allow_emptying() -> None:
    """Let TRUNCATE through on this test database; UPDATE and DELETE stay refused."""
    _turn("DISABLE")


def refuse_emptying() -> None:
    """As in a database at work."""
    _turn("ENABLE")


def tables() -> list[str]:
    """Those that refuse to be emptied."""
    return [model._meta.db_table for model, _ in _refusing()]


def _turn(how: str) -> None:
    with connection.cursor() as cursor:
        for model, trigger in _refusing():
            cursor.execute(f"ALTER TABLE {model._meta.db_table} {how} TRIGGER {trigger.get_pgid(model)}")


def _refusing() -> list[tuple[Any, pgtrigger.Trigger]]:
    emptied = [(model, one) for model, one in pgtrigger.registered() if one.operation == pgtrigger.Truncate]
    return [(model, trigger) for model, trigger in emptied if trigger.when == pgtrigger.Before]
