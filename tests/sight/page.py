"""docs/sight.md: who sees how much of what, a table for each kind of case."""

import re
from pathlib import Path

from django.conf import settings

from tests.sight.objects import NAMES
from tests.sight.readers import READERS
from tests.sight.reading import WORDS
from tests.sight.world import KINDS

PAGE = Path(settings.BASE_DIR) / "docs" / "sight.md"
Cells = dict[tuple[str, str, str], int]
"""By kind of case, object and reader."""
HEAD = """# 谁看得到什么 Who sees what

Written by `make sight` from what the running program answers; `tests/sight/test_table.py` compares the two, and every
answer with the one function of sight (`intake/sight.py`). Change that function, not this page.

- 进度: that there is such a case, its state and limits, no persons and no narrative. 脱敏: what it is about, names
  masked. 完整: names, narrative, records, files. ＋号码: identity numbers and phones too, on papers that need them and
  after a look with its reason. —: nothing, not even that it exists. Empty: not asked (outside systems call the API
  only; pages that are about no case are walked by three of the readers).
- Each cell is the most that any page, dialog, download, search or answer of that kind shows: names, phone numbers and
  words of the narrative are looked for in all of them.
- The complaint is about 被反映人, who serves at the village whose head is 其村负责人. The restricted case names its
  registrar, a sorter and a leader beside those who work on it. The outside systems serve at the bureau that leads; the
  second and third hold personal:read, which opens the numbers of one person of a case for a reason, and nothing else.
"""


def page_of(cells: Cells) -> str:
    """The page."""
    return HEAD + "".join(_table(kind, cells) for kind in KINDS)


def _table(kind: str, cells: Cells) -> str:
    lines = [f"\n## {kind}\n", "| | " + " | ".join(READERS) + " |", "|---" * (len(READERS) + 1) + "|"]
    for name in NAMES:
        words = (WORDS[cells[kind, name, who]] if (kind, name, who) in cells else "" for who in READERS)
        lines.append(f"| {name} | " + " | ".join(words) + " |")
    return "\n".join(lines) + "\n"


def cells_of(page: str) -> Cells:
    """What the page says."""
    found: Cells = {}
    for kind, table in re.findall(r"^## (.+)\n\n((?:\|.*\n)+)", page, re.MULTILINE):
        head, _, *rows = ([cell.strip() for cell in line[1:-1].split("|")] for line in table.strip().splitlines())
        for name, *words in rows:
            for who, word in zip(head[1:], words, strict=True):
                if word:
                    found[kind, name, who] = WORDS.index(word)
    return found


def stored() -> Cells:
    """As it stands in the docs; nothing where there is no page yet."""
    return cells_of(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}


def keep(cells: Cells) -> None:
    """Write what was found of some readers into the page."""
    PAGE.write_text(page_of(stored() | cells), encoding="utf-8")
