"""A case read to be shown with all that hangs on it.

The statement that reads the case says of what it has any rows at all; what it has none of is not asked for again,
however many parts of a page or an answer look for it. Never for an act: acts read what they lock.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, Model, QuerySet

from intake.deadlines.models import Clock, ExtensionRequest
from intake.models import Case, Handling, Party, ReturnRequest
from intake.permissions import note_free_of
from intake.queries.parties import read_parties
from zhongzhi.accounts.models import User
from zhongzhi.rows.arrays import THESE_KEYS, among
from zhongzhi.rows.related import known_of, read_beside
from zhongzhi.rows.statements import PreparedRows

ALWAYS = ("parties", "status_changes", "merged_cases")
"""Every case has the first two, and the last is read another way."""
BEYOND = {"return_requests": (ReturnRequest, "handling"), "extension_requests": (ExtensionRequest, "clock")}
"""What hangs on something that hangs on a case."""


class NothingThere(QuerySet[Any]):
    """Rows of which is known that there are none: no statement is made for them, however they are asked for."""

    def _fetch_all(self) -> None:
        self._result_cache = []

    def exists(self) -> bool:
        """Never."""
        return False

    def _filter_or_exclude(self, negate: bool, args: Any, kwargs: Any) -> "NothingThere":
        return self._chain()  # type: ignore[no-any-return, attr-defined]


@cache
def _nothing_of(model: type[Model]) -> NothingThere:
    """One for all cases: nobody can put anything into it, and who filters it gets a copy."""
    return NothingThere(model).none()


def with_what_hangs_on_it(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Annotate `hanging`: the names of what a case has any rows of. No statement more."""
    hanging = Func(F("pk"), function="intake_case_hanging", output_field=ArrayField(CharField()))
    return cases.annotate(hanging=hanging)


def complete(user: User, case: Case) -> Case:
    """Let a case with `hanging` know what it has none of, and read what every reader looks at: at most 3 queries, 1
    where its parties and limits are in hand."""
    hanging: list[str] = case.hanging  # type: ignore[attr-defined]
    for relation in _relations():
        if (name := str(relation.get_accessor_name())) in hanging:
            continue
        if relation.one_to_one:
            relation.set_cached_value(case, None)
        else:
            known_of(case)[name] = _nothing_of(relation.related_model)
    case.lacks = frozenset([*BEYOND, "members"]).difference(hanging)
    _read_on(case, hanging)
    own = user.phone and any(p.name == user.name for p in case.parties.all())
    if "standing_back" not in hanging and "members" not in hanging and not own:
        note_free_of(user, case)
    return case


def _read_on(case: Case, hanging: list[str]) -> None:
    if "parties" not in known_of(case):
        read_parties([case])
    if "handlings" in hanging:
        read_beside([case], "handlings", HANDLINGS)
    if "clocks" in hanging:
        if "running" not in case.__dict__:
            read_running([case])
    else:
        case.running = []  # type: ignore[attr-defined]


HANDLINGS = PreparedRows(
    Handling.objects.filter(among("case_id", THESE_KEYS)).select_related("organisation", "signed_by", "clerk")
)
RUNNING = PreparedRows(
    Clock.objects.filter(among("case_id", THESE_KEYS), stopped_at=None).select_related(
        "organisation", "rule", "handling"
    )
)


def read_running(cases: Sequence[Case]) -> None:
    """Read the clocks of cases that have not been stopped, for `running_clocks`. One query."""
    read_beside(cases, "clocks", RUNNING, to="running")


@cache
def _relations() -> list[Any]:
    relations = (r for r in Case._meta.related_objects if not r.hidden)
    return [relation for relation in relations if relation.get_accessor_name() not in ALWAYS]


def hanging_function() -> str:
    """What `intake_case_hanging` returns, made from the models: what an app above hangs on a case is among it.

    A function, for the database plans it once per connection and not with every case that is read, which took longer
    than all the rest. A migration carries it; a test says when it is no longer what the models are.
    """
    here = {str(r.get_accessor_name()): _here(r.related_model, r.field.column) for r in _relations()}
    beyond = {name: _beyond(model, step) for name, (model, step) in BEYOND.items()}
    group = {"members": _here(Party, "case_id") + " AND h.role = 'member'"}
    names = sorted((here | beyond | group).items())
    lines = ",\n".join(f"        CASE WHEN EXISTS ({sql}) THEN '{name}' END" for name, sql in names)
    return f"    RETURN array_remove(ARRAY[\n{lines}\n    ], NULL);"


def _here(model: Any, column: str) -> str:
    return f"SELECT 1 FROM {model._meta.db_table} h WHERE h.{column} = $1"  # noqa: S608 - our own names


def _beyond(model: Any, step: str) -> str:
    key = model._meta.get_field(step)
    join = f"JOIN {key.related_model._meta.db_table} s ON s.id = h.{key.column}"
    return f"\n            SELECT 1 FROM {model._meta.db_table} h {join} WHERE s.case_id = $1"  # noqa: S608
