"""Test databases are emptied between transactional tests, which the trail refuses; only there it is allowed."""

from django.db import connection

TABLES = ("audit_trailentry", "audit_trailseal", "audit_sealedhead", "audit_chainhead", "referrals_document")


def allow_emptying() -> None:
    """Let TRUNCATE through on this test database; UPDATE and DELETE stay refused."""
    _turn("DISABLE")


def refuse_emptying() -> None:
    """As in a database at work."""
    _turn("ENABLE")


def _turn(how: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {table}_not_emptied")
