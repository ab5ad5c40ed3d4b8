"""What hangs on rows by a relation, read beside them by a statement that is written once."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet

from zhongzhi.rows.statements import PreparedRows


def read_beside(parents: Sequence[Model], name: str, rows: PreparedRows[Any], *, to: str = "", **given: Any) -> None:
    """Let parents know what hangs on them by this relation, as `prefetch_related` does; in a list under the name `to`
    where that is named. One statement for all of them: `rows` take the `keys` of the parents and what else is given."""
    if not parents:
        return
    link = getattr(type(parents[0]), name).field
    found: dict[int, list[Any]] = {parent.pk: [] for parent in parents}
    for row in rows.read(keys=list(found), **given):
        found[getattr(row, link.attname)].append(row)
    for parent in parents:
        here = found[parent.pk]
        for row in here:
            setattr(row, link.name, parent)
        if to:
            setattr(parent, to, here)
        else:
            known_of(parent)[name] = as_prefetched(getattr(parent, name).all(), here)


def known_of(row: Model) -> dict[str, Any]:
    """What is known to hang on a row, by the names of the relations."""
    known: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    return known


def as_prefetched(rows: QuerySet[Any], found: Sequence[Any]) -> QuerySet[Any]:
    """These rows as what was read of a relation beforehand; who filters them asks the database."""
    rows._result_cache = list(found)
    rows._prefetch_done = True  # type: ignore[attr-defined]
    return rows
