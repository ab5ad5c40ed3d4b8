"""What the check made of each piece of rows, kept sealed until it is registered: the second pass neither reads nor
checks a table again while nothing has changed that the check stood on.

A row that is in order is kept as its entry; any other with its cells, and looked at again: its number may have become
known, or free.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Q

from intake.actions.entry import CheckedEntry, title_of
from intake.actions.parties import CheckedParty
from intake.entries import CASE, PARTY, CaseEntry, PartyEntry
from intake.imports.actions.bulk import Ready, Risks, ready_entry
from intake.imports.actions.row_entries import RowReading
from intake.imports.lookups import Leaves, Places, Words
from intake.imports.models import ImportBatch, KeptPiece
from zhongzhi.core import ciphers
from zhongzhi.web.shapes import Amount, Day
from zhongzhi.web.sheets import SheetRow

FORM: Final = 1
"""Of what is kept; another one when the rules of the check change, so that what was kept before is read again."""
KINDS: Final = {**PARTY, **CASE}
BACK: Final[Mapping[str, Callable[[str], Any]]] = {
    **{name: date.fromisoformat for name, kind in KINDS.items() if isinstance(kind, Day)},
    **{name: Decimal for name, kind in KINDS.items() if isinstance(kind, Amount)},
}
"""How values come back that JSON does not know."""
USUAL: Final[Mapping[type, dict[str, Any]]] = {
    entry: {f.name: f.default for f in fields(entry) if f.default is not MISSING} for entry in (CaseEntry, PartyEntry)
}


class ReadRow(NamedTuple):
    """A row that was read and is in order: its number in the file, what it became, and that as it is written."""

    number: int
    reading: RowReading
    ready: Ready | None = None


Row = SheetRow | ReadRow
_TEXT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)


class Basis:
    """What a check stands on, read once a pass."""

    def __init__(self, county: str, kind: str) -> None:
        """Read it."""
        self.words, self.places, self.leaves = Words(county, kind), Places(), Leaves()

    def digest(self, batch: ImportBatch) -> str:
        """What tells whether any of it has changed, or how the table is read."""
        names = [[f.name for f in fields(kind)] for kind in (CaseEntry, PartyEntry, CheckedParty)]
        told = [FORM, names, batch.layout, self.words.facts(), self.places.facts(), self.leaves.facts()]
        return ciphers.sm3(json.dumps(told).encode())


def keep_piece(batch: ImportBatch, rows: Sequence[Row], against: str) -> None:
    """Keep a piece that was checked, in the transaction that says how far the check is."""
    piece = KeptPiece(batch=batch, last_row=rows[-1].number, against=against)
    piece.sealed = ciphers.seal(f"[{','.join(map(kept_text, rows))}]", aad=piece.aad)
    piece.save(force_insert=True)


def kept_text(row: Row) -> str:
    """A row as it is kept."""
    if isinstance(row, ReadRow) and row.reading.kept:
        return row.reading.kept
    return _TEXT.encode(_flat(row))


def kept_rows(batch: ImportBatch, basis: Basis, risks: Risks) -> Iterator[list[Row]] | None:
    """The pieces behind the last row that is done, ready to be written; None where the table has to be read again."""
    pieces = list(batch.pieces.order_by("last_row").values_list("last_row", "pk", "against"))
    if not pieces or batch.last_row not in {0, *(last for last, _, _ in pieces)}:
        return None
    digest, left = basis.digest(batch), [piece for piece in pieces if piece[0] > batch.last_row]
    if any(against != digest for _, _, against in left):
        return None
    return _ahead([pk for _, pk, _ in left], basis, risks)


def _ahead(keys: Sequence[int], basis: Basis, risks: Risks) -> Iterator[list[Row]]:
    """Each piece when it is asked for; the next is made ready by another thread, without the database, while the one
    before is written."""
    with ThreadPoolExecutor(1) as pool:
        waiting: Future[list[Row]] | None = None
        for key in keys:
            following = pool.submit(_rows, KeptPiece.objects.get(pk=key), basis, risks)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()


def forget_pieces(batch: ImportBatch) -> None:
    """Let go what was kept of a table, and of those that are done with: the release before leaves it behind."""
    KeptPiece.objects.filter(Q(batch=batch) | Q(batch__finished_at__isnull=False)).delete()


def _rows(piece: KeptPiece, basis: Basis, risks: Risks) -> list[Row]:
    told = json.loads(ciphers.unseal(piece.sealed, aad=piece.aad))
    return [SheetRow(*row) if len(row) == 3 else _read(basis, risks, *row) for row in told]


def _flat(row: Row) -> list[Any]:
    if isinstance(row, SheetRow):
        return [row.number, row.values, row.faults]
    checked = row.reading.checked
    assert checked is not None and checked.territory is not None
    category = checked.category.code if checked.category else ""
    parties = [[_said(p.entry), p.sex, p.birth_date and p.birth_date.isoformat(), p.warning] for p in checked.parties]
    said = _said(checked.entry) | {"title": title_of(checked)}
    return [row.number, said, checked.territory.code, category, parties, row.reading.notes]


def _said(entry: CaseEntry | PartyEntry) -> dict[str, Any]:
    """The values that are not what they are when nothing is said."""
    usual = USUAL[type(entry)]
    return {name: value for name, value in vars(entry).items() if name in usual and value != usual[name]}


def _read(
    basis: Basis,
    risks: Risks,
    number: int,
    said: Any,
    place: str,
    category: str,
    parties: list[Any],
    notes: dict[str, str],
) -> ReadRow:
    checked = tuple(
        CheckedParty(PartyEntry(**_values(party)), sex, date.fromisoformat(born) if born else None, warning)
        for party, sex, born, warning in parties
    )
    entry = CaseEntry(**_values(said), parties=tuple(party.entry for party in checked))
    leaf = basis.leaves.by_code[category] if category else None
    whole = CheckedEntry(entry, basis.places.by_code[place], leaf, checked)
    return ReadRow(number, RowReading(entry.external_number, whole, notes=notes), ready_entry(whole, risks))


def _values(said: dict[str, Any]) -> dict[str, Any]:
    for name in BACK.keys() & said.keys():
        said[name] = BACK[name](said[name])
    return said
