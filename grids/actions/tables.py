"""The tables that counties keep of their rosters and places: columns, and the two kinds of table there are."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from grids.models import Posting, Role, Service, ServiceKind, Territory
from grids.queries import BeatLine
from zhongzhi.core.errors import BadInput, RuleViolation
from zhongzhi.core.masking import mask_id_number, mask_phone
from zhongzhi.core.text import name_key, says_nothing, to_halfwidth
from zhongzhi.web.sheets import Column
from zhongzhi.web.written_days import read_day

KEY = Column("key", "编号", note="系统给出的编号；更新时按它对应，新增留空", example="", width=14)
ROSTER = (
    KEY,
    Column("kind", "类别", required=True, choices=tuple(ServiceKind.labels), example="专职网格员", also=("人员类别",)),
    Column("place", "区划代码", required=True, note="网格 15 位或村 12 位；包片民警留空", example="150526103200001",
           width=18, also=("网格编码", "网格代码")),
    Column("place_name", "地方", note="只供核对，不导入", example="巨日合镇五家子村第1网格", width=28),
    Column("beat", "警格", note="包片民警填：派出所名称/警格名称", example="", width=22),
    Column("name", "姓名", required=True, example="王海"),
    Column("phone", "手机", note="带 * 的表示不变", example="13800000000", also=("联系电话", "电话")),
    Column("public_phone", "公示电话", example=""),
    Column("paper_number", "身份证号", note="带 * 或留空表示不变；须设为文本", width=22, also=("身份证号码",)),
    Column("title", "职务", example=""),
    Column("households", "联系户数", example=""),
    Column("households_note", "联系范围", example="", width=18),
    Column("starts_on", "任职日期", example="2026-01-01", also=("上岗日期",)),
    Column("ends_on", "离任日期", note="填写即办理离任", example="", also=("离岗日期",)),
    Column("end_reason", "离任原因", example=""),
    Column("username", "账号", note="用户名；没有账号留空", example=""),
    Column("system", "外部系统", note="如：自治区综治和网格化信息平台", example=""),
    Column("number", "外部编号", example=""),
)  # fmt: skip
PLACES = (
    Column("code", "区划代码", required=True, note="村 12 位，网格 15 位", example="150526103200007", width=18),
    Column("name", "名称", required=True, example="第7网格"),
    Column("full_name", "全称", note="不填则由上级全称和名称组成", example="", width=28),
    Column("kind", "类别", note="村、社区、嘎查、基础网格、专属网格", example="基础网格"),
    Column("starts_on", "启用日期", example="2026-01-01"),
    Column("ends_on", "停用日期", note="填写即停用，不晚于导入当天；代码不再使用", example=""),
    Column("successor", "并入代码", note="停用后由哪里接替", example="", width=18),
    Column("system", "外部系统", example=""),
    Column("number", "外部编号", example=""),
)  # fmt: skip
BEATS = (
    Column("station", "派出所", required=True, note="派出所的全称或简称", example="巨日合镇派出所", width=22),
    Column("beat", "警格", required=True, note="还没有的警格会新设", example="第1警格", also=("警格名称",)),
    Column("place", "网格代码", required=True, note="网格 15 位；改警格即划入别的警格", example="150526103200001",
           width=18, also=("区划代码", "网格编码")),
    Column("place_name", "网格名称", note="只供核对，不导入", example="巨日合镇五家子村第1网格", width=28),
    Column("starts_on", "起始日期", note="不填为导入当天", example="2026-01-01"),
    Column("ends_on", "结束日期", note="填写即从警格划出", example=""),
    Column("officer", "包片民警", note="只供核对；在警格页面指定，或导入名册", example=""),
)  # fmt: skip
PEOPLE = (
    Column("name", "姓名", required=True, example="包萨仁"),
    Column("username", "用户名", required=True, note="登录用，字母或数字；已有的账号会增加任职", example="baosaren"),
    Column("phone", "手机号", example="13800000000", also=("联系电话",)),
    Column(
        "organisation", "机构", required=True, note="全称或简称", example="扎鲁特旗综治中心", width=28, also=("单位",)
    ),
    Column("role", "岗位", required=True, choices=tuple(Role.labels), example="窗口受理员"),
    Column("title", "职务", example=""),
    Column("starts_on", "任职日期", note="不填为导入当天", example="2026-01-01"),
    Column("ends_on", "离任日期", note="填写即办理离任", example=""),
)
ALSO_CALLED = {
    "网格员": ServiceKind.FULL_TIME.label,
    "联户长": ServiceKind.HOUSEHOLD_HEAD.label,
    "户长": ServiceKind.HOUSEHOLD_HEAD.label,
}
"""Kinds of service under names that rosters of offices have for them."""
TABLES = {"roster": ("名册", ROSTER), "places": ("区划", PLACES), "beats": ("警格", BEATS), "people": ("人员", PEOPLE)}


def as_meant(table: str, values: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row as they are compared: names in one form, kinds by their own name, nothing where a cell that
    may be empty holds words for nothing."""
    must = {column.name for column in TABLES[table][1] if column.required}
    cells = {name: text if name in must or not says_nothing(text) else "" for name, text in values.items()}
    if "name" in cells:
        cells["name"] = name_key(cells["name"])
    if table == "roster" and "kind" in cells:
        kind = name_key(cells["kind"])
        cells["kind"] = ALSO_CALLED.get(kind, kind)
    return cells


def roster_rows(services: Iterable[Service], *, in_clear: bool = False) -> Iterator[list[Any]]:
    """Rows of a roster for its table; sealed numbers masked, which means unchanged when the table comes back.

    `in_clear` leaves them whole: only for what `export_in_clear` has recorded.
    """
    phone_of, paper_of = (str, str) if in_clear else (mask_phone, mask_id_number)
    for s in services:
        beat = f"{s.beat.station.name}/{s.beat.name}" if s.beat else ""
        person, place = s.person, s.territory
        yield [
            s.key,
            s.get_kind_display(),
            place.code if place else "",
            place.full_name if place else "",
            beat,
            person.name,
            phone_of(person.phone) if person.phone_sealed else "",
            person.public_phone,
            paper_of(person.paper_number) if person.paper_sealed else "",
            s.title,
            s.households,
            s.households_note,
            s.starts_on,
            s.ends_on,
            s.end_reason,
            person.user.username if person.user else "",
            "",
            "",
        ]


def place_rows(places: Iterable[Territory]) -> Iterator[list[Any]]:
    """Rows of places for their table."""
    for place in places:
        successor = place.successor.code if place.successor else ""
        yield [place.code, place.name, place.full_name, place.kind, place.starts_on, place.ends_on, successor, "", ""]


def beat_rows(lines: Iterable[BeatLine]) -> Iterator[list[Any]]:
    """Rows of beats for their table: one for each grid that a beat covers today."""
    for line in lines:
        officer, beat = line.officer.person.name if line.officer else "", line.beat
        for row in line.covered:
            grid = row.territory
            yield [beat.station.name, beat.name, grid.code, grid.full_name, row.starts_on, row.ends_on, officer]


def people_rows(posts: Iterable[Posting]) -> Iterator[list[Any]]:
    """Rows of people and the posts they hold for their table; phones masked."""
    for post in posts:
        who = post.user
        phone = mask_phone(who.phone) if who.phone else ""
        label = post.get_role_display()
        place = post.organisation.name
        yield [who.name, who.username, phone, place, label, post.title, post.starts_on, post.ends_on]


def day_of(text: str, title: str) -> date | None:
    """A day as offices write it. RuleViolation in words."""
    if not text.strip():
        return None
    try:
        day = read_day(text)
    except BadInput:
        raise RuleViolation(f"{title}“{text[:20]}”不是日期，请写成 2026-01-02。") from None
    if not 1950 <= day.year <= timezone.localdate().year + 5:
        raise RuleViolation(f"{title} {day} 不合理，请核对年份。")
    return day


def whole_number(text: str, title: str, unit: str = "") -> int | None:
    """A number of the table, with its unit behind it or without, perhaps "about"; RuleViolation in words."""
    text = "".join(to_halfwidth(text).split()).removesuffix(unit).removeprefix("约")
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise RuleViolation(f"{title}“{text[:20]}”不是整数。")
    return int(text)
