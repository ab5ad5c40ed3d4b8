"""What an import looks up for every row, read once: words of the sender, places and categories by code or name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from grids.models import Level, Territory
from grids.queries import open_territories, significant_digits
from intake.imports.models import SenderWord
from intake.models import Category
from intake.queries import active_leaves
from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.text import number_key, to_halfwidth, without_unseen

_SEAMS = re.compile(r"[\s/\\\\>|,、，·→_-]+")
_COMMITTEE = re.compile(r"村?村(?:民委员会|委会|委员会)$")
_OFFICE = re.compile(
    r"(社区|嘎查|镇|乡|苏木|街道)(?:居民委员会|居委会|村民委员会|委员会|嘎查委员会|人民政府|政府|办事处|办)$"
)
RowT = TypeVar("RowT")


class Words:
    """What words of a kind of sender mean in a county, as people said."""

    def __init__(self, county: str, kind: str) -> None:
        """Read them."""
        rows = SenderWord.objects.filter(county=county, kind=kind)
        self._known = {(row.column, row.words): row.meaning for row in rows}

    def facts(self) -> Sequence[object]:
        """What a check stands on."""
        return sorted([*key, meaning] for key, meaning in self._known.items())

    def meant(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The cells, with what is meant in place of words that are known."""
        if not self._known:
            return dict(cells)
        return {name: self._known.get((name, words_key(text)), text) for name, text in cells.items()}


class Places:
    """The places in force, from the county down; one name may stand for several."""

    def __init__(self) -> None:
        """Read them."""
        above = list(open_territories())
        rows = [row for row in above if row.level >= Level.COUNTY]
        self._above = sorted(
            {"内蒙古", *(row.name for row in above if row.level <= Level.COUNTY)}, key=len, reverse=True
        )
        self.by_code = {row.code: row for row in rows}
        self._by_name = _gathered((name, row) for row in rows for name in {row.full_name, row.name})
        self.find = lru_cache(maxsize=4096)(self._find)

    def facts(self) -> Sequence[object]:
        """What a check stands on."""
        rows = sorted(self.by_code.items())
        return [self._above, [[code, row.pk, row.name, row.full_name] for code, row in rows]]

    def _find(self, text: str) -> Territory:
        """The place of a code, of a full name (巨日合镇五家子村), or of a short name that only one has; with what lies
        above it in front, or as the name of its committee."""
        if row := self.by_code.get(significant_digits(number_key(text))):
            return row
        found = self._named(_plain(text))
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(sorted(row.full_name for row in found)[:3])
            raise RuleViolation(f"叫这个名字的地方不止一个（{names}等），请写全名或填区划代码。")
        raise RuleViolation("没有这个地方，请写村、镇的全名（如 巨日合镇五家子村）或区划代码。")

    def _named(self, name: str) -> list[Territory]:
        """By the name, then without province, city and county in front of it."""
        found = self._by_name.get(name, [])
        while not found and (upper := next((part for part in self._above if name.startswith(part)), "")):
            name = name.removeprefix(upper)
            found = self._by_name.get(name, [])
        return found


class Leaves:
    """The categories in force."""

    def __init__(self) -> None:
        """Read them."""
        rows = list(active_leaves())
        self.by_code = {row.code: row for row in rows}
        self._by_name = _gathered((row.name, row) for row in rows)

    def facts(self) -> Sequence[object]:
        """What a check stands on."""
        return sorted([code, row.name] for code, row in self.by_code.items())

    def find(self, text: str) -> Category:
        """The leaf of a code or a name."""
        wanted = to_halfwidth(text).strip()
        if row := self.by_code.get(wanted.partition(" ")[0]) or self.by_code.get(wanted.zfill(4)):
            return row
        found = self._by_name.get(wanted, [])
        if len(found) != 1:
            raise RuleViolation("没有这个纠纷类别，请填二级类别的名称或代码（如 0202），或留空。")
        return found[0]


def words_key(text: str) -> str:
    """Words of a sender as they are compared: half width, small letters, without blanks."""
    return "".join(to_halfwidth(without_unseen(text)).split()).lower()[:120]


def _plain(text: str) -> str:
    """A name or a path of names as one word, without the committee or office that sits there."""
    name = _SEAMS.sub("", without_unseen(to_halfwidth(text)))
    return _OFFICE.sub(r"\1", _COMMITTEE.sub("村", name))


def _gathered(pairs: Iterable[tuple[str, RowT]]) -> dict[str, list[RowT]]:
    found: dict[str, list[RowT]] = {}
    for name, row in pairs:
        found.setdefault(name, []).append(row)
    return found
