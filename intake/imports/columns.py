"""The columns of each kind of table, under the titles that the sending systems use, as the entry declares them."""

from typing import Final

from intake.entries import APPLICANT, CASE, PARTY, RESPONDENT
from intake.imports.models import ImportKind
from zhongzhi.web.sheets import Column

ORDER: Final = (
    "number", "day", "person", "phone", "paper", "paper_kind", "place", "place_detail", "narrative", "request",
    "category", "respondent", "people_count", "amount", "risk",
)  # fmt: skip
"""Of the templates that offices have; columns that came later stand behind."""


def columns_of(kind: ImportKind) -> tuple[Column, ...]:
    """The columns of a kind, in the order of its template."""
    found = [value.column(kind) for value in CASE.values()]
    found += [value.column(side) for side in (APPLICANT, RESPONDENT) for value in PARTY.values()]
    known = [column for column in found if column is not None]
    return tuple(sorted(known, key=lambda c: ORDER.index(c.name) if c.name in ORDER else len(ORDER)))


def titles_of(kind: ImportKind) -> dict[str, str]:
    """Title of each column by its name."""
    return {column.name: column.title for column in columns_of(kind)}


def names_of(kind: ImportKind) -> dict[str, str]:
    """The column that each field of an entry comes from, where they are called otherwise."""
    found = {name: value.column(kind) for name, value in CASE.items()}
    for at, side in enumerate((APPLICANT, RESPONDENT)):
        found |= {f"parties.{at}.{name}": value.column(side) for name, value in PARTY.items()}
    names = {field: column.name for field, column in found.items() if column is not None}
    return names | {"external_system": names["external_number"], "parties": names["parties.0.name"]}


def remark_columns() -> tuple[Column, ...]:
    """The columns of the list of what was found in the rows."""
    return (Column("row", "行号"), Column("column", "列"), Column("message", "说明"))
