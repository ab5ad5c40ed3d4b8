"""The new rows of one act, of several models, in one statement: a row costs what it writes, not a way of its own."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


def insert_together(*kinds: Sequence[Model]) -> None:
    """Write the new rows of each model, and give every row its key, as `bulk_create` does for one model.

    What they refer to is there already, or held by a foreign key that is looked at at the end of the transaction. Rows
    of one kind are of one model, with keys that the database gives.
    """
    wanted = [rows for rows in kinds if rows]
    if not wanted:
        return
    parts, values = zip(*(_insert(rows) for rows in wanted), strict=True)
    heads = ", ".join(f"kind_{at} AS ({sql})" for at, sql in enumerate(parts))
    keys = " UNION ALL ".join(f"SELECT {at} AS kind, id FROM kind_{at}" for at in range(len(parts)))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {heads} {keys}", [value for some in values for value in some])
        found = cursor.fetchall()
    for at, rows in enumerate(wanted):
        given = [key for kind, key in found if kind == at]
        for row, key in zip(rows, given, strict=True):
            row.pk, row._state.adding, row._state.db = key, False, connection.alias


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
