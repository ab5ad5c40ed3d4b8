"""Statements as Django writes them: to be put into others, and to be asked again without being written again."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

from zhongzhi.rows.planned_once import as_planned, give_up_plans, new_name

NO_ROWS: Final = "SELECT NULL::bigint WHERE FALSE"
ModelT = TypeVar("ModelT", bound=Model)
RowT = TypeVar("RowT")


def statement_of(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """The SQL of rows, and its parameters; one that finds nothing where Django knows so without asking."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return NO_ROWS, ()


class Given(Expression):
    """A value of a `PreparedRows` that is named when the rows are asked for."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        """`field` says what kind of value it is."""
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """Itself, in the place of the value."""
        return "%s", [self]


def with_given(values: Sequence[Any], given: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of a statement, those that are given put in their places."""
    return tuple(given[one.name] if isinstance(one, Given) else one for one in values)


class PreparedRows(Generic[RowT]):
    """Rows that every request asks for, with other values each time: for Django to write the statement takes longer
    than for PostgreSQL to answer it, so it is written once for a process. Only the values change: who asks is one of
    them, and nothing of one person is in the statement of another."""

    def __init__(self, rows: QuerySet[Any, RowT], *, planned_once: bool = True) -> None:
        """`rows` have a `Given` where a value differs. Not `planned_once` are lists: how they are read best depends on
        how much of all somebody sees."""
        self._rows = rows
        self._name = new_name() if planned_once else ""
        self._converters: Any = None

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, tuple[Any, ...]]:
        compiler = self._rows.query.get_compiler(self._rows.db)
        sql, params = compiler.as_sql()
        return compiler, sql, tuple(params)

    @property
    def written(self) -> tuple[str, tuple[Any, ...]]:
        """The statement and its values, each `Given` in its place."""
        return self._compiled[1:]

    def read(self, **values: Any) -> list[RowT]:
        """The rows for these values, one for each `Given`."""
        return self.read_with(self._compiled[2], **values)

    def first(self, **values: Any) -> RowT | None:
        """The first of them, where there is one. Of a statement for one row, or for few."""
        return next(iter(self.read(**values)), None)

    def read_with(self, params: Sequence[Any], **values: Any) -> list[RowT]:
        """The rows of the same statement with other values in it, as `written` has them."""
        compiler, sql, _ = self._compiled
        given = with_given(params, values)
        rows: QuerySet[Any, RowT] = object.__new__(type(self._rows))  # a copy; Django would copy the query as well
        rows.__dict__.update(self._rows.__dict__)
        asked = copy(compiler)
        asked.connection = connections[rows.db]
        if rows.query.select_for_update and not asked.connection.in_atomic_block:
            raise TransactionManagementError("rows are locked within a transaction")
        if self._name:
            sql = as_planned(asked.connection, self._name, sql)
        asked.as_sql = lambda *args, **kwargs: (sql, given)  # type: ignore[method-assign]
        asked.get_converters = self._converters_of  # type: ignore[method-assign]
        query = copy(rows.query)
        query.get_compiler = lambda *args, **kwargs: asked  # type: ignore[method-assign]
        rows._query = query  # type: ignore[attr-defined]  # the property would make dictionaries of tuples
        try:
            return list(rows)
        except NotSupportedError:  # what was planned gives columns of another type by now
            if not self._name:
                raise
            give_up_plans(asked.connection)
            if asked.connection.in_atomic_block:
                raise
            return self.read_with(params, **values)

    def _converters_of(self, expressions: Any) -> Any:
        """How values of the columns are made of those of the database: found out once, as the statement is."""
        if self._converters is None:
            self._converters = self._compiled[0].get_converters(expressions)
        return self._converters


def in_order_of(keys: Iterable[int], rows: Iterable[ModelT]) -> list[ModelT]:
    """Rows in the order in which their keys were named; those that are there no more are left out."""
    found = {row.pk: row for row in rows}
    return [found[key] for key in keys if key in found]
