"""What one act writes, rows of several models, in one statement: a row costs what it writes, not a way of its own."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


class Changed(NamedTuple):
    """Rows that are there and locked, of one model, and the attributes that were set, in all of them to the same."""

    rows: Sequence[Model]
    names: Sequence[str]


def insert_together(*kinds: Sequence[Model], changed: Sequence[Changed] = ()) -> None:
    """Write the new rows of each model, and give every row its key, as `bulk_create` does for one model; and what is
    `changed` of others.

    What they refer to is there already, or held by a foreign key that is looked at at the end of the transaction. Rows
    of one kind are of one model, with keys that the database gives. In which order they are written is not said: no
    new row waits for a change to make room for it.
    """
    wanted = [rows for rows in kinds if rows]
    inserts, updates = [_insert(rows) for rows in wanted], [_update(*change) for change in changed if change.rows]
    if not inserts and not updates:
        return
    named = [(f"kind_{at}", part) for at, part in enumerate(inserts)]
    named += [(f"change_{at}", part) for at, part in enumerate(updates)]
    heads = ", ".join(f"{name} AS ({sql})" for name, (sql, _) in named)
    values = [values for _, (_, values) in named]
    keys = " UNION ALL ".join(
        [f"SELECT {at} AS kind, id FROM kind_{at}" for at in range(len(inserts))]  # noqa: S608  names of ours
        or ["SELECT 0 AS kind, 0 AS id WHERE false"]
    )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {heads} {keys}", [value for some in values for value in some])
        found = cursor.fetchall()
    for at, rows in enumerate(wanted):
        given = [key for kind, key in found if kind == at]
        for row, key in zip(rows, given, strict=True):
            row.pk, row._state.adding, row._state.db = key, False, connection.alias


def _update(rows: Sequence[Model], names: Sequence[str]) -> tuple[str, Sequence[Any]]:
    """One statement for all of them. As `save` does, columns that tell the time of a change get it."""
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if field.name in names]
    for row in rows:
        values = [field.pre_save(row, add=False) for field in fields]
    sets = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields)
    sent = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
    table = connection.ops.quote_name(meta.db_table)
    return f"UPDATE {table} SET {sets} WHERE id = ANY(%s)", [*sent, [row.pk for row in rows]]  # noqa: S608


def _insert(rows: Sequence[Model]) -> tuple[str, Sequence[Any]]:
    """The statement as Django writes it, with the keys it gives back."""
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.generated and not field.primary_key]
    query = InsertQuery(type(rows[0]))
    query.insert_values(fields, list(rows))
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [meta.pk]
    ((sql, params),) = compiler.as_sql()
    return sql, params
