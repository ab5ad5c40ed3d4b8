"""The columns of each kind of table, under the titles that the sending systems use."""

from typing import Final

from intake.imports.models import ImportKind
from intake.models import Risk
from zhongzhi.web.sheets import Column

RISKS: Final = tuple(f"{label}色" for label in Risk.labels)
COMMON: Final = (
    Column(
        "person",
        "姓名",
        note="不填即按“不愿透露姓名”登记",
        example="王某某",
        also=("来电人", "报警人", "信访人", "诉求人"),
    ),
    Column(
        "phone", "联系电话", note="一格一个号码", example="13800000000", also=("电话", "手机号", "来电号码", "报警电话")
    ),
    Column("paper", "身份证号", note="18 位，该列请设为文本", width=22, also=("身份证号码", "证件号码")),
    Column(
        "place",
        "发生地",
        True,
        "村、镇名称或区划代码",
        "巨日合镇五家子村",
        width=24,
        also=("事发地", "所属区域", "属地"),
    ),
    Column("place_detail", "详细地点", width=24, also=("地址", "事发地址", "详细地址")),
    Column(
        "narrative",
        "内容",
        True,
        "发生了什么，最多 5000 字",
        "与邻居因宅基地边界发生争执。",
        width=50,
        also=("警情内容", "诉求内容", "信访内容", "事情经过", "反映内容"),
    ),
    Column("request", "诉求", width=24, also=("诉求事项", "信访诉求")),
    Column("category", "纠纷类别", note="二级类别名称或代码，可不填", example="0901", also=("类别", "问题类别")),
    Column("respondent", "被反映人", also=("对方姓名", "对方当事人", "被反映人姓名")),
    Column("people_count", "涉及人数", also=("人数",)),
    Column("amount", "涉及金额", note="元", also=("涉案金额", "金额")),
    Column("risk", "风险等级", choices=RISKS, example="蓝色"),
)
NUMBERS: Final = {
    ImportKind.POLICE_CALL: Column(
        "number",
        "警情编号",
        True,
        "110 系统中的编号，用来识别重复",
        "J2026112300001",
        width=20,
        also=("接警编号", "接警单号", "编号", "来源编号"),
    ),
    ImportKind.HOTLINE: Column(
        "number",
        "工单编号",
        True,
        "12345 系统中的编号，用来识别重复",
        "GD2026112300001",
        width=20,
        also=("工单号", "编号", "来源编号"),
    ),
    ImportKind.PETITION: Column(
        "number",
        "信访件编号",
        True,
        "信访系统中的编号，用来识别重复",
        "XF2026112300001",
        width=20,
        also=("信访编号", "信访件号", "编号", "来源编号"),
    ),
}
DAYS: Final = {
    ImportKind.POLICE_CALL: Column(
        "day",
        "接警时间",
        note="如 2026-11-23 或 2026-11-23 08:15",
        example="2026-11-23 08:15",
        width=18,
        also=("报警时间", "日期", "时间"),
    ),
    ImportKind.HOTLINE: Column(
        "day",
        "来电时间",
        note="如 2026-11-23 或 2026-11-23 08:15",
        example="2026-11-23 08:15",
        width=18,
        also=("受理时间", "日期", "时间"),
    ),
    ImportKind.PETITION: Column(
        "day", "登记日期", note="如 2026-11-23", example="2026-11-23", width=14, also=("信访日期", "日期", "时间")
    ),
}


def columns_of(kind: ImportKind) -> tuple[Column, ...]:
    """The columns of a kind, in the order of its template."""
    return (NUMBERS[kind], DAYS[kind], *COMMON)


def titles_of(kind: ImportKind) -> dict[str, str]:
    """Title of each column by its name."""
    return {column.name: column.title for column in columns_of(kind)}


def remark_columns() -> tuple[Column, ...]:
    """The columns of the list of what was found in the rows."""
    return (Column("row", "行号"), Column("column", "列"), Column("message", "说明"))
