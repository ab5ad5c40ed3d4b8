"""Rows of the list of cases as text, made by the database: a stream of all of them costs what it reads.

What a line says, to whom and how much of it, is what `list_rows` and the serializer of the list say of one case; a test
holds both side by side for all kinds of cases and readers. Names are masked by functions of the database (migration
0039), which a test holds beside `masking.mask_name`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Case as When_
from django.db.models import F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from grids.models import Organisation
from intake.models import Case, Party, PartyRole, PartySide
from intake.queries.veiling import OUTLINED
from intake.search.queries import is_restricted
from intake.sight import Level, with_level
from zhongzhi.accounts.models import User
from zhongzhi.long_reads import streamed

CHUNK = 2000
OWN = (
    *("code", "version", "title", "status", "tier", "risk", "complexity", "channel", "category_id", "centre_id"),
    *("holder_id", "is_fast_track", "registered_at", "accepted_at", "closed_at", "internal_number", "senders"),
    *("is_overdue", "sight_level", "named"),
)
JOINED: Mapping[str, str] = MappingProxyType({
    "category_name": "category__name",
    "category_group": "category__parent__name",
    "territory_code": "territory__code",
    "territory_full_name": "territory__full_name",
    **{f"{who}_{name}": f"{who}__{name}" for who in ("centre", "holder") for name in ("name", "kind")},
    "due_at": "next_due",
})  # fmt: skip
LABELLED = ("status", "tier", "risk", "complexity", "channel")
MOMENTS = ("registered_at", "accepted_at", "closed_at", "due_at")
SHOWN_NAMES = (
    f"CASE WHEN r.sight_level < {Level.MASKED} THEN ARRAY[]::text[]"
    f" ELSE intake_shown_names(r.named, r.sight_level = {Level.FULL}) END"
)


class Cell(NamedTuple):
    """A field in a line: its value of JSON, and its cells of CSV by column. SQL over `r`, one row."""

    json: str
    csv: Mapping[str, str]


def lines_of(user: User, cases: QuerySet[Case], names: Sequence[str], *, as_csv: bool) -> Iterator[str]:
    """These fields of cases of `cases_for_list`, in its order, as this reader may see them: one line a case, handed out
    many at a time. The first come while the last are not read yet."""
    inner, values = _rows(user, cases).query.sql_with_params()
    # OFFSET 0: what is asked of a row, its level above all, is asked once and not wherever it is used
    sql = f"SELECT {_line(names, as_csv)} FROM ({inner} OFFSET 0) r"  # noqa: S608  written by Django, and our own names
    return streamed(partial(_read, sql, values, "\r\n" if as_csv else "\n"))


def columns_of(names: Sequence[str]) -> list[str]:
    """The columns of CSV for these fields."""
    return [column for name in names for column in _cells()[name].csv]


def _read(sql: str, values: Sequence[Any], end: str) -> Iterator[str]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(CHUNK):
            yield end.join([line for (line,) in rows]) + end


def _rows(user: User, cases: QuerySet[Case]) -> QuerySet[Case, dict[str, Any]]:
    """What the lines are made of. `named` are the principals: their names behind a letter that says how they are
    shown."""
    shown = When_(
        When(~Q(side=PartySide.APPLICANT), then=Value("o")),
        When(is_restricted(), then=Value("r")),
        When(name_withheld=True, then=Value("w")),
        default=Value("a"),
    )
    principals = Party.objects.filter(case=OuterRef("pk"), role=PartyRole.PRINCIPAL).order_by("ordinal", "pk")
    named = ArraySubquery(principals.annotate(token=Concat(shown, F("name"))).values("token"))
    rows = with_level(cases.select_related(None).prefetch_related(None), user).annotate(named=named)
    lines: QuerySet[Case, dict[str, Any]] = rows.values(*OWN, **{alias: F(path) for alias, path in JOINED.items()})
    return lines


def _line(names: Sequence[str], as_csv: bool) -> str:
    cells = [_cells()[name] for name in names]
    if as_csv:
        return " || ',' || ".join(f"intake_csv_cell({sql})" for cell in cells for sql in cell.csv.values())
    pairs = ", ".join(f"'{name}', {cell.json}" for name, cell in zip(names, cells, strict=True))
    return f"json_build_object({pairs})::text"


@cache
def _cells() -> dict[str, Cell]:
    """By the name of the field in the API."""
    found = {name: _plain(name, f"r.{name}") for name in ("code", "version", *LABELLED)}
    found |= {f"{name}_label": _plain(f"{name}_label", _label(Case, name, f"r.{name}")) for name in LABELLED}
    found |= {name: _plain(name, _moment(f"r.{name}")) for name in MOMENTS}
    found |= {name: _flag(name) for name in ("is_fast_track", "is_overdue")}
    found |= {name: _organisation(name) for name in ("centre", "holder")}
    outlined = f"coalesce(r.category_name, '案件') || '{OUTLINED}'"
    found["title"] = _plain(
        "title",
        f"CASE WHEN r.sight_level < {Level.MASKED} THEN {outlined}"
        f" WHEN r.sight_level < {Level.FULL} THEN intake_masked_text(r.title, r.named) ELSE r.title END",
    )
    number = f"CASE WHEN r.sight_level < {Level.MASKED} THEN '' ELSE r.internal_number END"
    found["internal_number"] = _plain("internal_number", number)
    found["applicants"] = Cell(f"to_json({SHOWN_NAMES})", {"applicants": f"array_to_string({SHOWN_NAMES}, '、')"})
    found["senders"] = Cell("to_json(r.senders)", {"senders": _senders()})
    found["category"] = Cell(
        "CASE WHEN r.category_id IS NOT NULL THEN json_build_object("
        "'code', r.category_id, 'name', r.category_name, 'group', r.category_group) END",
        {"category_code": "r.category_id", "category_name": "r.category_name"},
    )
    code12 = "CASE length(r.territory_code) WHEN 15 THEN r.territory_code ELSE rpad(r.territory_code, 12, '0') END"
    found["territory"] = Cell(
        f"json_build_object('code', r.territory_code, 'code12', {code12}, 'full_name', r.territory_full_name)",
        {"territory_code": "r.territory_code", "territory_full_name": "r.territory_full_name"},
    )
    return found


def _plain(name: str, sql: str) -> Cell:
    return Cell(sql, {name: f"({sql})::text"})


def _flag(name: str) -> Cell:
    return Cell(f"r.{name}", {name: f"CASE WHEN r.{name} THEN 'True' ELSE 'False' END"})


def _organisation(name: str) -> Cell:
    kind = _label(Organisation, "kind", f"r.{name}_kind")
    return Cell(
        f"json_build_object('id', r.{name}_id, 'name', r.{name}_name, 'kind', r.{name}_kind, 'kind_label', {kind})",
        {f"{name}_name": f"r.{name}_name"},
    )


def _senders() -> str:
    each = "SELECT (s ->> 'system') || ' ' || (s ->> 'number') FROM unnest(r.senders) WITH ORDINALITY AS u (s, at)"
    return f"array_to_string(ARRAY({each} ORDER BY u.at), '、')"


def _label(model: Any, name: str, sql: str) -> str:
    """The Chinese label of a coded column; a code that is none stands as it is."""
    known = " ".join(f"WHEN '{value}' THEN '{text}'" for value, text in model._meta.get_field(name).flatchoices)
    return f"CASE {sql} {known} ELSE {sql} END"


def _moment(sql: str) -> str:
    """A moment as the API writes it: the clock of the country, microseconds where there are any."""
    here = f"{sql} AT TIME ZONE 'Asia/Shanghai'"
    whole, part = f"to_char({here}, 'YYYY-MM-DD\"T\"HH24:MI:SS')", f"to_char({here}, '.US')"
    return f"({whole} || coalesce(nullif({part}, '.000000'), '') || '+08:00')"
