"""What is known of places before there is a county: names by GB/T 2260, and the towns of tables."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from grids.entries import TownEntry
from grids.models import Level, Territory
from grids.queries.places import significant_digits
from zhongzhi.core.errors import BadInput, InvalidTransition
from zhongzhi.core.text import clean_text

PLACES = "places.csv"
TOWNS = "towns.csv"
CODE_COLUMNS = ("code12", "code", "区划代码")
NAME_COLUMNS = ("name", "名称")
KIND_ENDS = ("街道", "苏木", "镇", "乡")
FARMS = "农牧场"


def require_no_county() -> None:
    """Refuse where a county stands already: an installation is for one."""
    county = Territory.objects.filter(level=Level.COUNTY).order_by("code").first()
    if county is not None:
        raise InvalidTransition(f"本系统已设立{county.name}（{county.code}），不能再次设立；没有改动任何数据。")


def county_code(text: str) -> str:
    """The code of a county as typed; BadInput says what is wrong with any other."""
    code = text.strip()
    if not re.fullmatch(r"[0-9]{6}", code):
        raise BadInput(f"旗县代码“{code[:20]}”不对：应为 GB/T 2260 的 6 位数字，如 150526。", field="county")
    if not name_by_code(code[:2]):
        raise BadInput(f"旗县代码“{code}”不对：没有以 {code[:2]} 开头的省级代码。", field="county")
    if "00" in (code[2:4], code[4:]):
        level = "省级" if code[2:4] == "00" else "地级"
        raise BadInput(f"{code} 不是旗县代码（它属于{level}）；请填写旗县（区、市）的代码。", field="county")
    return code


def name_by_code(code: str) -> str:
    """The name of a province, prefecture or county; empty where the program's table does not have it."""
    with (settings.BASE_DIR / "data" / PLACES).open(encoding="utf-8") as file:
        return next((row["name"] for row in csv.DictReader(file) if row["code"] == code), "")


def known_towns(county: str) -> tuple[TownEntry, ...]:
    """The towns of a county that the program's own table has; none for most counties."""
    return tuple(_towns(settings.BASE_DIR / "data" / TOWNS, county))


def towns_of_file(path: Path, county: str) -> tuple[TownEntry, ...]:
    """The towns of a county in a CSV table (columns code12 and name); lines of other counties are passed over.

    Raises BadInput that says what is wrong with the file, or in which line.
    """
    try:
        towns = tuple(_towns(path, county))
    except OSError as error:
        raise BadInput(f"读不到文件 {path}：{error.strerror}", field="towns") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"文件 {path.name} 不是 UTF-8 编码；请另存为“CSV UTF-8”后再试。", field="towns") from error
    if not towns:
        raise BadInput(f"文件 {path.name} 中没有代码以 {county} 开头的乡镇。", field="towns")
    return towns


def _towns(path: Path, county: str) -> Iterator[TownEntry]:
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            code = significant_digits(_cell(row, CODE_COLUMNS))
            if not code.startswith(county):
                _require_code(code, number)
                continue
            yield _town(number, code, _cell(row, NAME_COLUMNS), seen)


def _town(number: int, code: str, name: str, seen: set[str]) -> TownEntry:
    _require_code(code, number)
    if len(code) != Level.TOWN or code.endswith("000"):
        raise BadInput(f"第 {number} 行：{code} 不是乡镇（苏木、街道）的代码。", field="towns")
    if code in seen:
        raise BadInput(f"第 {number} 行：代码 {code} 在前面已出现过。", field="towns")
    seen.add(code)
    clean = clean_text(name)
    if not 0 < len(clean) <= 60:
        raise BadInput(f"第 {number} 行：请填写 {code} 的名称，最多 60 个字。", field="towns")
    return TownEntry(code, clean, next((end for end in KIND_ENDS if clean.endswith(end)), FARMS))


def _require_code(code: str, number: int) -> None:
    if not re.fullmatch(r"[0-9]{6}([0-9]{3}){0,3}", code):
        raise BadInput(f"第 {number} 行：区划代码“{code[:20]}”应为 9 位或 12 位数字。", field="towns")


def _cell(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[name].strip() for name in names if row.get(name)), "")
