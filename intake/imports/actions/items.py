"""Rows and items registered at once, each for itself: what is known is a repeat, what is faulty is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from grids.models import Organisation
from grids.queries import county_of
from intake.actions.client_entry import require_own_kind
from intake.imports.actions.bulk import register_all, risks_for
from intake.imports.actions.kept_pieces import Row
from intake.imports.actions.row_checks import Found, Remark, RowChecks
from intake.imports.actions.row_entries import number_in
from intake.imports.models import ImportKind
from intake.models import Case
from intake.permissions import may_import_at
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import require
from zhongzhi.web.sheets import SheetRow


@dataclass(frozen=True)
class ItemResult:
    """What became of one item: its case, new or known, or what is wrong by the item's own names."""

    number: str
    case: str | None
    is_repeat: bool
    faults: dict[str, str]
    notes: dict[str, str]


@transaction.atomic
def register_items(
    kind: ImportKind, items: Sequence[Mapping[str, str]], *, actor: User, centre: Organisation
) -> list[ItemResult]:
    """Register calls, orders or petitions that an outside system sends, at once, each for itself.

    Names are those of the columns. Raises PermissionDenied for who does not take cases in at the centre.
    """
    require(may_import_at(actor, centre), f"您不在{centre}的窗口或分流岗位，不能在那里导入。")
    require_own_kind(kind.system, actor)
    rows = [SheetRow(at, {name: str(text) for name, text in item.items()}) for at, item in enumerate(items)]
    checks = RowChecks(kind, county_of(centre), risks=risks_for(actor))
    found, cases = look_and_register(checks, rows, actor=actor, centre=centre)
    said = {row.number: [r for r in found.remarks if r.row == row.number] for row in rows}
    made = dict(zip(found.good_rows, cases, strict=True))
    codes = {number_in(row)[0]: str(made[row.number].code) for row in rows if row.number in made}
    return [_result(row, said[row.number], made.get(row.number), codes) for row in rows]


def _result(row: SheetRow, said: list[Remark], case: Case | None, codes: dict[str, str]) -> ItemResult:
    number = row.values.get("number", "")
    faults = {r.name: r.message for r in said if not r.is_note and not r.is_repeat}
    notes = {r.name: r.message for r in said if r.is_note}
    if case is not None:
        return ItemResult(number, str(case.code), False, {}, notes)
    if not faults:
        return ItemResult(number, said[0].code or codes.get(number_in(row)[0]), True, {}, {})
    return ItemResult(number, None, False, faults, notes)


def look_and_register(
    checks: RowChecks, rows: Sequence[Row], *, actor: User, centre: Organisation, batch: int = 0
) -> tuple[Found, list[Case]]:
    """Look at a piece and register its good rows. Numbers that somebody registered meanwhile are repeats when the
    piece is looked at again."""
    for last in (False, False, True):
        found = checks.look_at(rows)
        try:
            with transaction.atomic():
                return found, register_all(found.good, actor=actor, centre=centre, batch=batch)
        except IntegrityError:
            if last:
                raise
            checks.forget(found)
    raise AssertionError("the last attempt returns or raises")
