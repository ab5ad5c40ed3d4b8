"""Upgrading beside the program before: giving way, trying again, what stands when something fails."""

from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from workbench.operations import queries
from workbench.operations.actions import CannotUpgrade, migrate_beside, pending_migrations, upgrading

pytestmark = pytest.mark.django_db(transaction=True)
LAST = MigrationLoader(None).graph.leaf_nodes("workbench")[0]
"""Nothing depends on it."""


def ran(*arguments: str) -> str:
    out = StringIO()
    call_command("upgrade", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def one_pending(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A migration that is not applied yet; what is done for it is ours to say."""
    recorder, ran = MigrationRecorder(connection), []
    recorder.record_unapplied(*LAST)

    def migrate(*arguments: Any, **options: Any) -> None:
        ran.append(arguments)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
            try:
                cursor.execute("ALTER TABLE intake_counter ADD COLUMN beside integer")
            finally:
                cursor.execute("RESET lock_timeout")
        recorder.record_applied(*LAST)

    monkeypatch.setattr(upgrading, "call_command", migrate)
    monkeypatch.setattr(upgrading.time, "sleep", lambda seconds: None)
    yield ran
    recorder.record_unapplied(*LAST)
    recorder.record_applied(*LAST)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_counter DROP COLUMN IF EXISTS beside")


def test_nothing_to_do_is_told() -> None:
    assert "已是最新" in ran("--no-backup")


def test_a_table_in_use_is_given_way_to_until_it_is_free(one_pending: list[Any]) -> None:
    place = connection.get_connection_params()
    with closing(psycopg2.connect(**place)) as reader, reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_counter")
        told: list[str] = []

        def heard(line: str) -> None:
            told.append(line)
            if len(told) == 3:
                reader.rollback()

        done = migrate_beside(tries=10, told=heard)
    assert (done.applied, done.waited) == ([".".join(LAST)], 3)
    assert ["已让开" in line for line in told] == [True, True, True, False]
    assert not pending_migrations()


def test_after_all_tries_nothing_was_changed_and_the_old_program_may_go_on(one_pending: list[Any]) -> None:
    place = connection.get_connection_params()
    with closing(psycopg2.connect(**place)) as reader, reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_counter")
        with pytest.raises(CommandError, match=r"试了 2 次.*没有改动.*原程序可以照常运行"):
            ran("--no-backup", "--tries", "2")
    assert len(one_pending) == 2
    assert pending_migrations() == [LAST]


def test_any_other_fault_is_told_at_once(one_pending: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*arguments: Any, **options: Any) -> None:
        one_pending.append(arguments)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    monkeypatch.setattr(upgrading, "call_command", fails)
    with pytest.raises(CannotUpgrade, match="已自行撤回"):
        migrate_beside(tries=5, told=lambda line: None)
    assert len(one_pending) == 1


def test_a_database_ahead_of_the_program_is_left_alone() -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_applied("intake", "9999_from_tomorrow")
    try:
        with pytest.raises(CommandError, match="数据库比本程序新"):
            ran("--no-backup")
    finally:
        recorder.record_unapplied("intake", "9999_from_tomorrow")


def test_what_a_broken_off_index_left_is_removed_before_the_next_try(one_pending: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX half_built ON intake_counter (series)")
    _as_superuser("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'half_built'::regclass")
    assert queries.broken_indexes() == ["half_built"]
    migrate_beside(tries=1, told=lambda line: None)
    assert queries.broken_indexes() == []


def _as_superuser(sql: str) -> None:
    with closing(psycopg2.connect(**connection.get_connection_params() | {"user": "postgres"})) as direct:
        direct.autocommit = True
        with direct.cursor() as cursor:
            cursor.execute(sql)
