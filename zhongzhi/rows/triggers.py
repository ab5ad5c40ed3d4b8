"""Triggers, declared in the `Meta` of the model whose table they guard; migrations are made of what is declared.

django-pgtrigger carries them into migrations. Its own triggers can be switched off by a setting of the session
(`pgtrigger.ignore`), its functions belong to one trigger each, and its names end in a digest. Here nothing switches a
trigger off but its table's owner, several triggers may share a function, and names are as they are given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db.models import Model
from pgtrigger import compiler


@dataclass(frozen=True)
class Function:
    """A function in PL/pgSQL that triggers call: its name, what stands between BEGIN and END (told by the model
    where it depends on its columns), its variables."""

    name: str
    body: str | Callable[[type[Model]], str]
    declare: str = ""


class TriggerSql(compiler.UpsertTriggerSql):
    """The statements that make a trigger and its function, or put others in place of them. Migrations name it."""

    def get_template(self) -> str:
        """Give what the trigger fills in. Never changed: migrations that were made stand on it."""
        return """
            CREATE OR REPLACE FUNCTION {execute} RETURNS trigger LANGUAGE plpgsql AS $body$
            {declare}
            BEGIN
            {func}
            END $body$;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid} {when} {operation} ON {table} {timing} {referencing}
            FOR EACH {level} {condition} EXECUTE FUNCTION {execute};
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Trigger(pgtrigger.Trigger):
    """A trigger under exactly its name, calling a function that it may share with others."""

    def __init__(self, *, function: Function, **how: Any) -> None:
        self.function = function
        super().__init__(**how)

    def render_func(self, model: Any) -> str:
        """Give what its function does."""
        body = self.function.body
        return body if isinstance(body, str) else body(model)

    def get_pgid(self, model: Any) -> str:
        """Give its name in the database."""
        return str(self.name)

    def compile(self, model: Any) -> compiler.Trigger:
        """Give what a migration keeps of it."""
        sql = TriggerSql(
            pgid=self.get_pgid(model),
            declare=f"DECLARE\n{self.function.declare}" if self.function.declare else "",
            func=self.render_func(model),
            table=model._meta.db_table,
            constraint="CONSTRAINT" if self.timing else "",
            when=self.when,
            operation=self.operation,
            timing=f"DEFERRABLE INITIALLY {self.timing}" if self.timing else "",
            referencing=self.referencing or "",
            level=self.level,
            condition=self.render_condition(model),
            execute=f"{self.function.name}()",
        )
        return compiler.Trigger(name=self.name, sql=sql)


def refusal(name: str, *, errcode: str = "insufficient_privilege") -> Function:
    """Make a function that refuses whatever calls it, in the words of an append-only table."""
    return Function(
        name,
        f"""    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '{errcode}';""",
    )


def append_only(name: str, refuse: Function) -> list[Trigger]:
    """Let rows only ever be added: refuse to change them, to delete them and to empty the table."""
    return [
        Trigger(
            name=f"{name}_append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            function=refuse,
        ),
        not_emptied(name, refuse),
    ]


def not_emptied(name: str, refuse: Function) -> Trigger:
    """Refuse TRUNCATE, which no trigger on rows sees."""
    return Trigger(
        name=f"{name}_not_emptied",
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        function=refuse,
    )
