"""The program's own role of the database: it reads and writes rows, and owns nothing.

Migrations, restores and this are run as the owner of the tables. What is only added to, the program may only add to; no
table may it empty, alter, or strip of its triggers.
"""

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from workbench.operations import queries
from zhongzhi.audit.models import ChainHead, ContentMark
from zhongzhi.core.errors import BadInput

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADDING = ("SELECT", "INSERT")
SCHEMA = """
    REVOKE ALL ON SCHEMA public FROM PUBLIC, {role};
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role};
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role};
    GRANT USAGE ON SCHEMA public TO {role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
"""
POWERS = """
    SELECT rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s
"""


@transaction.atomic
def grant_program(role: str) -> dict[str, int]:
    """Give a role what the program needs and take away all else; how many tables it may write, add to, read.

    Raises `BadInput` for a role that does not exist, or that is a superuser or the owner: triggers would not hold it.
    """
    _check(role)
    given: dict[str, int] = {}
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(role)
        cursor.execute(SCHEMA.format(role=name))
        for table, rights in _rights():
            cursor.execute(f'GRANT {", ".join(rights)} ON "{table}" TO {name}')
            given[rights[-1]] = given.get(rights[-1], 0) + 1
    return given


def append_only_tables() -> set[str]:
    """Tables whose rows no trigger lets change or go."""
    registered: list[tuple[Any, pgtrigger.Trigger]] = pgtrigger.registered()
    return {model._meta.db_table for model, trigger in registered if str(trigger.name).endswith("_append_only")}


def _rights() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of each table what the program may do with it."""
    special = {
        **dict.fromkeys(append_only_tables(), ADDING),
        ChainHead._meta.db_table: ("SELECT", "INSERT", "UPDATE"),
        ContentMark._meta.db_table: (*ADDING, "UPDATE (block)"),
        MigrationRecorder.Migration._meta.db_table: ("SELECT",),
    }
    for table in queries.names_of_tables():
        yield table, special.get(table, EVERYTHING)


def _check(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(POWERS, [role])
        found = cursor.fetchone()
    if found is None:
        raise BadInput(f"数据库里没有角色 {role}。请先由管理员建立：CREATE ROLE {role} LOGIN PASSWORD '…'")
    if found[0]:
        raise BadInput(f"角色 {role} 是超级用户，或拥有数据表。请为程序另建一个普通角色。")
