"""What a person sees of a table before anything is registered: how it was read, its first rows, words nobody knows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

from intake.imports.models import ImportBatch
from zhongzhi.core import ciphers
from zhongzhi.web.readings import Reading, reading_of
from zhongzhi.web.sheets import Sheet, SheetRow

ROWS: Final = 8
MOST_WORDS: Final = 200


class UnknownWord(NamedTuple):
    """Words that are not known, their column, and in how many rows they stand."""

    column: str
    words: str
    rows: int


@dataclass
class Preview(Reading):
    """How the table is read, its first rows, and words that are not known with the number of rows they stand in."""

    rows: list[dict[str, str]] = field(default_factory=list)
    words: list[UnknownWord] = field(default_factory=list)

    def add_rows(self, rows: Sequence[SheetRow]) -> None:
        """Keep the first."""
        for row in rows[: max(0, ROWS - len(self.rows))]:
            self.rows.append({"row": str(row.number), **row.values})

    def add_words(self, words: Iterable[tuple[str, str]]) -> None:
        """Count words with their column, up to a bound."""
        counted = {(word.column, word.words): word.rows for word in self.words}
        for one in words:
            if one in counted or len(counted) < MOST_WORDS:
                counted[one] = counted.get(one, 0) + 1
        self.words = [UnknownWord(column, text, rows) for (column, text), rows in counted.items()]


def preview_of(batch: ImportBatch) -> Preview:
    """What is kept of it; empty before the check and after the end."""
    if batch.preview_sealed is None:
        return Preview()
    kept: dict[str, Any] = json.loads(ciphers.unseal(batch.preview_sealed, aad=_aad(batch)))
    kept["words"] = [UnknownWord(*word) for word in kept["words"]]
    return Preview(**kept)


def keep_preview(batch: ImportBatch, preview: Preview) -> None:
    """Seal it with the batch; the caller saves."""
    batch.preview_sealed = ciphers.seal(json.dumps(asdict(preview), ensure_ascii=False), aad=_aad(batch))


def begun(sheet: Sheet) -> Preview:
    """How a table is read, before its rows are."""
    return Preview(**asdict(reading_of(sheet)))


def _aad(batch: ImportBatch) -> str:
    return f"intake.import.preview:{batch.uid}"
