"""Marks of contents: whenever a row that must not change silently is made, changed or deleted, the database writes down
the digest of what matters in it. The trail keeps those marks (`zhongzhi.audit.models.ContentMark`), and its check
compares them with the rows.

Of a sealed column only whether it is filled counts: its own code guards what is in it, and a new key changes its bytes.
"""

from typing import Any

import pgtrigger
from django.db import models
from pgtrigger import compiler

from zhongzhi.rows.triggers import Function, Trigger, not_emptied, refusal

REFUSE = refusal("rows_refuse_emptying")
NOTE = """
    IF TG_OP <> 'DELETE' AND ({new_counts}) THEN
        fresh := {new};
    END IF;
    IF TG_OP <> 'INSERT' AND ({old_counts}) THEN
        former := {old};
    END IF;
    IF fresh IS DISTINCT FROM former THEN
        INSERT INTO audit_contentmark (subject, row, digest, event, xact)
        VALUES (TG_TABLE_NAME, CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END, fresh, TG_OP,
            pg_current_xact_id()::text::bigint);
    END IF;
    RETURN NULL;
"""


class Marked(Trigger):
    """Notes the digest of some columns of a row, as long as the row counts (`while_`, an SQL condition on `{row}`).

    Where `by_acts` is said, every change belongs to an act of the trail in the same transaction.
    """

    def __init__(self, *, name: str, columns: tuple[str, ...], while_: str, by_acts: bool) -> None:
        self.columns, self.while_, self.by_acts = columns, while_, by_acts
        super().__init__(
            name=name,
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            function=Function(name, self._note, "    fresh bytea;\n    former bytea;"),
        )

    def compile(self, model: Any) -> compiler.Trigger:
        """Look only at changes of the columns that are marked."""
        columns = [model._meta.get_field(name).column for name in self.columns]
        change = pgtrigger.UpdateOf(*columns)
        self.operation = pgtrigger.Insert | change | pgtrigger.Delete
        return super().compile(model)

    def counts(self, row: str) -> str:
        """Give the condition under which a row has a digest."""
        return self.while_.format(row=row)

    def digest(self, model: type[models.Model], row: str) -> str:
        """Give the SQL that digests a row: the same text whatever the session's time zone."""
        fields = (model._meta.get_field(name) for name in self.columns)
        return f"sha256(convert_to(jsonb_build_array({', '.join(_value(f, row) for f in fields)})::text, 'UTF8'))"

    def _note(self, model: type[models.Model]) -> str:
        digests = {"new": self.digest(model, "NEW"), "old": self.digest(model, "OLD")}
        return NOTE.format(new_counts=self.counts("NEW"), old_counts=self.counts("OLD"), **digests)


def marked(name: str, *columns: str, while_: str = "true", by_acts: bool = False) -> list[Trigger]:
    """Guard a table's contents: `columns` are marked, and the table is never emptied."""
    return [mark_of(name, *columns, while_=while_, by_acts=by_acts), not_emptied(name, REFUSE)]


def mark_of(name: str, *columns: str, while_: str = "true", by_acts: bool = False) -> Marked:
    """Mark some columns of a table that refuses to be emptied by itself.

    The list is never changed without marking all rows anew: old digests are of the old list.
    """
    return Marked(name=f"{name}_marked", columns=columns, while_=while_, by_acts=by_acts)


def _value(field: Any, row: str) -> str:
    column = f'{row}."{field.column}"'
    if isinstance(field, models.BinaryField):
        return f"{column} IS NOT NULL"
    if isinstance(field, models.DateTimeField):
        return f"extract(epoch FROM {column})"
    return column
