"""Bringing the tables to what this program knows, while the program before it still works on them.

One migration after the other, each in a transaction of its own; one that finds its table in use gives way within
seconds (`zhongzhi.time_limits`) and is tried again. What a broken-off index left behind is removed first.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from workbench.operations import queries
from zhongzhi.core.errors import DomainError

LOCK_NOT_AVAILABLE: Final = "55P03"
LONGEST_PAUSE: Final = 30


class CannotUpgrade(DomainError):
    """Nothing, or not all, was changed; the message says what stands and what to do."""

    code = "cannot_upgrade"


@dataclass
class Upgraded:
    """What was done."""

    applied: list[str] = field(default_factory=list)
    waited: int = 0
    """How often a migration had to give way."""


def pending_migrations() -> list[tuple[str, str]]:
    """Migrations that this program knows and the database has not, in their order. CannotUpgrade where the database
    is ahead of the program."""
    known = queries.known_migrations()
    applied = {(app, name) for app, names in queries.applied_migrations().items() for name in names}
    apps = {app for app, _ in known}
    if ahead := sorted(f"{app}.{name}" for app, name in applied - known if app in apps):
        raise CannotUpgrade(f"数据库比本程序新（{ahead[-1]}）。请使用更新的程序。")
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


def migrate_beside(tries: int, told: Callable[[str], None]) -> Upgraded:
    """Apply what is pending. Raises CannotUpgrade after `tries` at one migration, or for any other fault of one.

    Whatever had been applied before stays: the program before this one runs on it.
    """
    done = Upgraded()
    for app, name in pending_migrations():
        for attempt in range(1, tries + 1):
            _remove_broken_indexes()
            try:
                call_command("migrate", app, name, interactive=False, verbosity=0)
            except Error as error:
                connection.close()
                _require_lock_only(error, app, name)
                if attempt == tries:
                    raise CannotUpgrade(
                        f"{app}.{name} 试了 {tries} 次，表一直有人在用，没有改动。"
                        "原程序可以照常运行；请在空闲时再执行一次。"
                    ) from error
                done.waited += 1
                told(f"  {app}.{name}：表正在使用，已让开，稍后再试（第 {attempt} 次）")
                time.sleep(min(2 ** (attempt - 1), LONGEST_PAUSE))
            else:
                done.applied.append(f"{app}.{name}")
                told(f"  {app}.{name}")
                break
    return done


def faults_after() -> list[str]:
    """What is not as it should be once all is applied."""
    broken = queries.broken_indexes()
    found = ["仍有未执行的迁移"] if queries.needs_migrating() else []
    return found + ([f"索引未建成：{'、'.join(broken)}"] if broken else [])


def _require_lock_only(error: Error, app: str, name: str) -> None:
    if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
        words = str(error).strip().partition("\n")[0]
        raise CannotUpgrade(
            f"{app}.{name} 没有执行成，已自行撤回：{words}。此前的迁移已生效，原程序可以照常运行。"
        ) from error


def _remove_broken_indexes() -> None:
    """An index that was built beside the work and broken off stays invalid, and in the way of the next try."""
    for name in queries.broken_indexes():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {connection.ops.quote_name(name)}")
