"""What the acts on bodies, rooms, mediators and teams share: the lock, the version, the sentences of refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import IntegrityError, transaction

from mediation.models import Body, Mediator, Room, Team
from zhongzhi.core.errors import BadInput, RuleViolation, VersionConflict
from zhongzhi.core.text import clean_text

Row = TypeVar("Row", Body, Room, Mediator, Team)
NOT_KEEPER = "调解组织由所在区划综治中心的负责人或系统管理员管理；本组织的调解员和调解室，也可由本组织负责人管理。"
LOCKED_WITH = {
    Body: ("organisation__territory",),
    Room: ("body__organisation__territory",),
    Mediator: ("body__organisation__territory", "user"),
    Team: (),
}


def locked_row(row: Row, version: int | None = None) -> Row:
    """The row, locked and read again; VersionConflict when it changed since `version` was read."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    fresh = rows.select_related(*LOCKED_WITH[type(row)]).get(pk=row.pk)
    if version is not None and fresh.version != version:
        raise VersionConflict
    return fresh


def save_row(row: Row, **columns: object) -> None:
    """Save changed columns of a locked row as a new version."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=["version", *columns])


def filled(value: str, *, field: str, what: str, longest: int) -> str:
    """A text of one line that must not be empty; `what` names it in the refusal."""
    text = clean_text(value, field=field, max_length=longest)
    if not text:
        raise BadInput(f"请填写{what}。", field=field)
    return text


@contextmanager
def once(message: str, *, field: str) -> Iterator[None]:
    """Put in words what a unique constraint refuses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise RuleViolation(message, field=field) from error
