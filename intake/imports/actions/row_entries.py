"""A row of a table as the entry of a case. What happened, where, and its number are compulsory; whatever else cannot be
read is noted, and its words are kept with the case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from intake.actions.entry import CheckedEntry, Tables, check_entry
from intake.entries import APPLICANT, CASE, PARTY, RESPONDENT, CaseEntry, PartyEntry
from intake.imports.columns import names_of, titles_of
from intake.imports.lookups import Words
from intake.imports.models import ImportKind
from intake.models import PaperKind
from zhongzhi.core.errors import BadInput, DomainError
from zhongzhi.core.text import number_key, says_nothing
from zhongzhi.web.sheets import SheetRow

COMPULSORY: Final = ("number", "place", "narrative")
PASSPORT: Final = re.compile(r"[A-Z]{1,2}[0-9]{7,8}")
TEACHABLE: Final = ("place", "category", "risk", "paper_kind")
SEALED: Final = ("phone", "paper")
"""Columns whose words are kept sealed with the party, never in the text of the case."""
NARRATIVE: Final = CASE["narrative"].longest  # type: ignore[attr-defined]


@dataclass
class RowReading:
    """What a row became: a checked entry unless there are faults; what was noted, the words behind the notes, and those
    that somebody could explain once for all tables to come. `kept` is the entry as the check keeps it, in place of the
    entry itself where another process has read the row."""

    number: str = ""
    checked: CheckedEntry | None = None
    faults: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    kept: str = ""


def number_in(row: SheetRow) -> tuple[str, str]:
    """The outside number as it is compared, and what is wrong with it."""
    try:
        number = number_key(row.values.get("number", ""))
    except BadInput as error:
        return "", error.message
    return number, row.faults.get("number", "" if number else "请填写编号，用来识别重复。")


def read_row(
    kind: ImportKind, row: SheetRow, tables: Tables, words: Words, number: tuple[str, str] | None = None
) -> RowReading:
    """Read and check a row; `number` is what `number_in` says of it, where that is known."""
    reading = RowReading()
    reading.number, wrong = number or number_in(row)
    cells = words.meant(_said(row.values, reading)) | {"number": reading.number}
    for name, message in row.faults.items():
        (reading.faults if name in COMPULSORY else reading.notes)[name] = message
    kept: dict[str, str] = {}
    for _ in range(3):
        faults = _checked(kind, cells, kept, tables, reading)
        if not faults.keys() - set(COMPULSORY):
            break
        _set_aside({name: text for name, text in faults.items() if name not in COMPULSORY}, cells, kept, reading)
    reading.faults = faults | reading.faults | ({"number": wrong} if wrong else {})
    unread = reading.words | {name: cells.get(name, "") for name in reading.faults}
    reading.unknown = {name: unread[name].strip() for name in TEACHABLE if unread.get(name, "").strip()}
    return reading


def _said(values: Mapping[str, str], reading: RowReading) -> dict[str, str]:
    """The cells in which something is said."""
    cells = dict(values)
    for name, text in values.items():
        if text and name not in COMPULSORY and says_nothing(text):
            cells[name] = ""
            reading.notes[name] = f"“{text.strip()[:20]}”按未填写处理。"
    return cells


def _checked(
    kind: ImportKind, cells: dict[str, str], kept: dict[str, str], tables: Tables, reading: RowReading
) -> dict[str, str]:
    """Check the entry of the cells; the faults by column."""
    faults: dict[str, str] = {}
    values = CASE.read_cells(kind, cells, faults)
    titles = titles_of(kind) if reading.words else {}
    words = "；".join(f"{title}：{reading.words[name]}" for name, title in titles.items() if name in reading.words)
    if words and len(values.get("narrative", "")) + len(words) + 8 <= NARRATIVE and values.get("narrative"):
        values["narrative"] += f"\n（来文所载 {words}）"
    entry = CaseEntry(
        **values, channel=kind.channel, external_system=kind.system, parties=_parties(cells, kept, faults)
    )
    try:
        reading.checked = check_entry(entry, tables=tables)
    except DomainError as error:
        names = names_of(kind)
        faults = {names.get(name, name): texts[0] for name, texts in error.errors.items()} | faults
    return faults


def _set_aside(faults: dict[str, str], cells: dict[str, str], kept: dict[str, str], reading: RowReading) -> None:
    """Take what cannot be read out of its column, with its words kept."""
    for name, message in faults.items():
        text = cells.get(name, "")
        cells[name] = ""
        if name in SEALED and name not in kept:
            kept[name] = text
            reading.notes[name] = f"{message}已按原文保存，请核对。"
        else:
            kept.pop(name, None)
            reading.words[name] = text
            reading.notes[name] = f"{message}这一项留空，原文记在内容后面。"


def _parties(cells: dict[str, str], kept: dict[str, str], faults: dict[str, str]) -> tuple[PartyEntry, ...]:
    """Who complained, by name or withheld, and whom it is about where the table says so."""
    first, other = PARTY.read_cells(APPLICANT, cells, faults), PARTY.read_cells(RESPONDENT, cells, faults)
    party = PartyEntry(**first, name_withheld="name" not in first)
    if party.paper_kind and not party.paper_number:
        party = replace(party, paper_kind="")
    if "phone" in kept:
        party = replace(party, phone=kept["phone"], phone_as_told=True)
    if "paper" in kept:
        party = replace(party, paper_number=kept["paper"], paper_kind=_paper_kind(kept["paper"]))
    return (party, PartyEntry(side=RESPONDENT, **other)) if other else (party,)


def _paper_kind(text: str) -> str:
    return PaperKind.PASSPORT if PASSPORT.fullmatch(number_key(text).upper()) else PaperKind.OTHER
