"""Places of the demo county: 19 towns with their real codes, 218 villages and communities, 1,393 grids.

Village names are invented but for a few that the newspaper page names; every row below the towns is marked.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from grids.models import Territory

COUNTY = "150526"
STARTS = date(2020, 1, 1)
VILLAGES, GRIDS = 218, 1393
KINDS = {"镇": "镇", "苏木/乡": "苏木", "农牧场等政企合一": "农牧场"}
# villages and communities of each town, in the order of their codes; they add up to 218
SHARES = (36, 14, 15, 17, 14, 13, 12, 11, 12, 11, 10, 9, 9, 9, 8, 5, 5, 4, 4)
COMMUNITIES = ("南环", "北环", "东兴", "西苑", "中心", "铁南", "罕山", "白音")
NAMED = {"150526103": ("五家子", "五道河子")}
HAN = ("东", "西", "前", "后", "上", "下", "新", "永", "福", "兴")
HAN_ENDS = ("窝堡", "营子", "井子", "岗子", "沟门", "屯")
MONGOL = ("巴彦", "乌兰", "查干", "哈日", "宝力", "敖包", "温都", "套力", "阿日", "额尔")
MONGOL_ENDS = ("花", "塔拉", "诺尔", "艾里", "浑都", "布拉格")


def make_territories(towns_csv: Path) -> int:
    """Make the places that are missing; how many were made."""
    known = set(Territory.objects.values_list("code", flat=True))
    made = 0
    for generation in (_upper, lambda: _towns(towns_csv), lambda: _villages(towns_csv), _grids):
        rows = [row for row in generation() if row.code not in known]
        _link(rows)
        Territory.objects.bulk_create(rows, batch_size=1000)
        made += len(rows)
    return made


def _upper() -> list[Territory]:
    """Region, prefecture and county, one below the other."""
    names = {"15": "内蒙古自治区", "1505": "通辽市", COUNTY: "扎鲁特旗"}
    parent = None
    for code, name in names.items():
        defaults = {"name": name, "full_name": name, "parent": parent, "starts_on": STARTS}
        parent, _ = Territory.objects.get_or_create(code=code, defaults=defaults)
    return []


def _towns(path: Path) -> list[Territory]:
    return [_place(code, name, name, kind, demo=False) for code, name, kind in _town_rows(path)]


def _town_rows(path: Path) -> Iterator[tuple[str, str, str]]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["code12"].startswith(COUNTY):
                yield row["code12"][:9], row["name"], KINDS[row["kind"]]


def _villages(path: Path) -> list[Territory]:
    rows = []
    for (code, town, kind), share in zip(_town_rows(path), SHARES, strict=True):
        names = _village_names(code, kind, share)
        for number, (name, label) in enumerate(names):
            serial = number + 1 if label == "社区" else 200 + number
            rows.append(_place(f"{code}{serial:03d}", name, f"{town}{name}", label))
    return rows


def _village_names(code: str, kind: str, share: int) -> list[tuple[str, str]]:
    """The names of one town's villages: communities in the county seat, 嘎查 in a sumu, 村 elsewhere."""
    names = [(f"{n}社区", "社区") for n in COMMUNITIES] if code == f"{COUNTY}100" else []
    names += [(f"{n}村", "村") for n in NAMED.get(code, ())]
    label, heads, ends = ("嘎查", MONGOL, MONGOL_ENDS) if kind == "苏木" else ("村", HAN, HAN_ENDS)
    while len(names) < share:
        n, turn = len(names), int(code[-3:])
        names.append((f"{heads[n % 10]}{ends[(n + n // 10 + turn) % 6]}{label}", label))
    return names


def _grids() -> list[Territory]:
    """Six grids a village, and a seventh in the first ones, so that they add up."""
    villages = Territory.objects.filter(level=12, code__startswith=COUNTY).order_by("code")
    extra = GRIDS - 6 * VILLAGES
    return [
        _place(f"{village.code}{n:03d}", f"第{n}网格", f"{village.full_name}第{n}网格", "基础网格")
        for at, village in enumerate(villages)
        for n in range(1, 8 if at < extra else 7)
    ]


def _place(code: str, name: str, full_name: str, kind: str, *, demo: bool = True) -> Territory:
    return Territory(code=code, name=name, full_name=full_name, kind=kind, is_demo=demo, starts_on=STARTS)


def _link(rows: list[Territory]) -> None:
    parents = dict(Territory.objects.filter(level__lt=15).values_list("code", "pk"))
    for row in rows:
        row.parent_id = parents[_parent_code(row.code)]


def _parent_code(code: str) -> str:
    lengths = (0, 2, 4, 6, 9, 12)
    return code[: max(n for n in lengths if n < len(code))]
