"""What an import looks up for every row, read once: places by code or name, categories by code or name."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from grids.models import Level, Territory
from grids.queries import open_territories, significant_digits
from intake.models import Category
from intake.queries import active_leaves
from zhongzhi.core.errors import RuleViolation

RowT = TypeVar("RowT")


class Places:
    """The places in force, from the county down; one name may stand for several."""

    def __init__(self) -> None:
        """Read them."""
        rows = list(open_territories().filter(level__gte=Level.COUNTY))
        self._by_code = {row.code: row for row in rows}
        self._by_name = _gathered((name, row) for row in rows for name in {row.full_name, row.name})
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, text: str) -> Territory:
        """The place of a code, of a full name (巨日合镇五家子村), or of a short name that only one has."""
        if row := self._by_code.get(significant_digits(text)):
            return row
        found = self._by_name.get("".join(text.split()), [])
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(sorted(row.full_name for row in found)[:3])
            raise RuleViolation(f"叫这个名字的地方不止一个（{names}等），请写全名或填区划代码。")
        raise RuleViolation("没有这个地方，请写村、镇的全名（如 巨日合镇五家子村）或区划代码。")


class Leaves:
    """The categories in force."""

    def __init__(self) -> None:
        """Read them."""
        rows = list(active_leaves())
        self._by_code = {row.code: row for row in rows}
        self._by_name = _gathered((row.name, row) for row in rows)

    def find(self, text: str) -> Category:
        """The leaf of a code or a name."""
        wanted = text.strip()
        if row := self._by_code.get(wanted.partition(" ")[0]) or self._by_code.get(wanted.zfill(4)):
            return row
        found = self._by_name.get(wanted, [])
        if len(found) != 1:
            raise RuleViolation("没有这个纠纷类别，请填二级类别的名称或代码（如 0202），或留空。")
        return found[0]


def _gathered(pairs: Iterable[tuple[str, RowT]]) -> dict[str, list[RowT]]:
    found: dict[str, list[RowT]] = {}
    for name, row in pairs:
        found.setdefault(name, []).append(row)
    return found
