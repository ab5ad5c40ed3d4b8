"""What a window, a phone, a table or an outside system hands in: the entry of a case, before it is a case.

Each value is declared once, with its words, limits and codes: the form of the page, the serializer of the API, the
columns of imports and what is shown of the case are made from it. The rules that go beyond the shape are checked in
`intake.actions.entry`, once for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from intake.fields import CategoryLeaf, Ethnic, OtherPlaces, PartyPosition, Place
from intake.imports.models import ImportKind
from intake.models import (
    Capacity,
    Channel,
    Complexity,
    Outcome,
    PaperKind,
    PartyKind,
    PartyRole,
    PartySide,
    Risk,
    Road,
    Scale,
)
from intake.models.party import TYPED_ROLES
from zhongzhi.web.shapes import Amount, Ask, Choice, Count, Day, Line, Shape, Text, Tick, declared, shape_of
from zhongzhi.web.sheets import Column

QUIET: Final = {"autocomplete": "off"}
THIRD, SIXTH = "c4", "c2"
APPLICANT, RESPONDENT = PartySide.APPLICANT.value, PartySide.RESPONDENT.value
PERSON: Final[Mapping[str, Column]] = {
    APPLICANT: Column(
        "person", "姓名", note="不填即按“不愿透露姓名”登记", example="王某某",
        also=("来电人", "报警人", "信访人", "诉求人"),
    ),
    RESPONDENT: Column("respondent", "被反映人", also=("对方姓名", "对方当事人", "被反映人姓名")),
}  # fmt: skip
PHONE: Final = Column(
    "phone", "联系电话", note="一格一个号码", example="13800000000", also=("电话", "手机号", "来电号码", "报警电话")
)
PAPER: Final = Column("paper", "身份证号", note="18 位，该列请设为文本", width=22, also=("身份证号码", "证件号码"))
PAPER_KIND: Final = Column("paper_kind", "证件类型", note="不填按身份证；护照等请写明", also=("证件种类",))


@dataclass(frozen=True)
class PartyEntry:
    """One party as typed. `represents` is the position (from 0) of the party that an agent stands for.

    `keep` names what a party that is known by `uid` keeps although nothing was typed: sealed values are never
    shown again, so an empty field means no change. A table brings a first party and perhaps the one complained of; its
    phone is kept `phone_as_told` where it is not one number that can be dialled.
    """

    side: str = declared(Choice("当事方", PartySide, api_default=PartySide.APPLICANT), PartySide.APPLICANT)
    kind: str = declared(Choice("类型", PartyKind, api_default=PartyKind.PERSON), PartyKind.PERSON)
    role: str = declared(Choice("身份", TYPED_ROLES, api_default=PartyRole.PRINCIPAL), PartyRole.PRINCIPAL)
    represents: int | None = declared(
        PartyPosition("代表", api_help="代理人、监护人所代表的当事人在本列表中的位置，从 0 起"), None
    )
    name: str = declared(Line("姓名或名称", required=False, longest=80, page_longest=500, attrs=QUIET, columns=PERSON))
    name_withheld: bool = declared(Tick("不愿透露姓名", api_default=False), False)
    paper_kind: str = declared(
        Choice(
            "证件类型", PaperKind, required=False, empty="自动识别", may_be_blank=True, columns={APPLICANT: PAPER_KIND}
        )
    )
    paper_number: str = declared(
        Line(
            "证件号码",
            required=False,
            attrs=QUIET | {"spellcheck": "false"},
            api_help="身份证号或统一社会信用代码，加密保存；性别和出生日期由号码得出",
            columns={APPLICANT: PAPER},
        )
    )
    phone: str = declared(
        Line("联系电话", required=False, attrs=QUIET | {"inputmode": "tel"}, columns={APPLICANT: PHONE})
    )
    works_at: str = declared(
        Line(
            "被反映人所在单位",
            required=False,
            longest=80,
            page_longest=500,
            attrs=QUIET,
            help_text="反映干部或单位时填写，写单位全称或简称",
            api_help="role 为 accused（被反映人）时必填：所在单位的全称或简称；被反映的是单位时即该单位",
        )
    )
    address: str = declared(Line("住址", required=False, longest=200, page_longest=1000, attrs=QUIET))
    capacity: str = declared(
        Choice(
            "行为能力",
            Capacity,
            required=False,
            empty="按年龄",
            may_be_blank=True,
            help_text="成年人无、限制行为能力的，或满 16 周岁自食其力的填写；其他按年龄",
            api_help="行为能力：full、limited、none；空为按年龄（民法典第十七条至第二十四条）",
        )
    )
    ethnic: str = declared(Ethnic("民族", api_help="GB/T 3304 民族代码"))
    uid: str = ""
    keep: frozenset[str] = frozenset()
    phone_as_told: bool = False

    @property
    def is_blank(self) -> bool:
        """A row of the form that was left empty."""
        typed = (self.name, self.paper_number, self.phone, self.address, self.uid)
        return not self.name_withheld and not any(typed)


NUMBERS: Final[Mapping[str, Column]] = {
    ImportKind.POLICE_CALL: Column(
        "number", "警情编号", True, "110 系统中的编号，用来识别重复", "J2026112300001", width=20,
        also=("接警编号", "接警单号", "编号", "来源编号")
    ),
    ImportKind.HOTLINE: Column(
        "number", "工单编号", True, "12345 系统中的编号，用来识别重复", "GD2026112300001", width=20,
        also=("工单号", "编号", "来源编号")
    ),
    ImportKind.PETITION: Column(
        "number", "信访件编号", True, "信访系统中的编号，用来识别重复", "XF2026112300001", width=20,
        also=("信访编号", "信访件号", "编号", "来源编号")
    ),
}  # fmt: skip
DAYS: Final[Mapping[str, Column]] = {
    ImportKind.POLICE_CALL: Column(
        "day", "接警时间", note="如 2026-11-23 或 2026-11-23 08:15", example="2026-11-23 08:15", width=18,
        also=("报警时间", "日期", "时间")
    ),
    ImportKind.HOTLINE: Column(
        "day", "来电时间", note="如 2026-11-23 或 2026-11-23 08:15", example="2026-11-23 08:15", width=18,
        also=("受理时间", "日期", "时间")
    ),
    ImportKind.PETITION: Column(
        "day", "登记日期", note="如 2026-11-23", example="2026-11-23", width=14, also=("信访日期", "日期", "时间")
    ),
}  # fmt: skip
PLACE: Final = Column(
    "place", "发生地", True, "村、镇名称或区划代码", "巨日合镇五家子村", width=24, also=("事发地", "所属区域", "属地")
)
NARRATIVE: Final = Column(
    "narrative", "内容", True, "发生了什么，最多 5000 字", "与邻居因宅基地边界发生争执。", width=50,
    also=("警情内容", "诉求内容", "信访内容", "事情经过", "反映内容")
)  # fmt: skip
CATEGORY: Final = Column(
    "category", "纠纷类别", note="二级类别名称或代码，可不填", example="0901", also=("类别", "问题类别")
)
PLACE_DETAIL: Final = Column("place_detail", "详细地点", width=24, also=("地址", "事发地址", "详细地址"))
REQUEST: Final = Column("request", "诉求", width=24, also=("诉求事项", "信访诉求"))
PEOPLE: Final = Column("people_count", "涉及人数", also=("人数",))
AMOUNT: Final = Column("amount", "涉及金额", note="元", also=("涉案金额", "金额"))
INTERNAL_NUMBER: Final = Column("internal_number", "内部编号", note="本单位自己的编号，可不填", also=("自编号",))
RISK: Final = Column("risk", "风险等级", choices=tuple(f"{label}色" for label in Risk.labels), example="蓝色")


@dataclass(frozen=True)
class CaseEntry:
    """A whole case as typed. Codes are codes: `category` of the table, `territory` of the place."""

    narrative: str = declared(
        Text("事情经过", page=Ask.TOLD, rows=5, api_help="事情经过，最多 5000 字", columns=NARRATIVE)
    )
    territory: str = declared(
        Place(
            page=Ask.TOLD,
            help_text="输入村、镇、网格名称或区划代码，可用空格分开",
            api_help="发生地区划代码，9、12 或 15 位",
            width=THIRD,
            columns=PLACE,
        )
    )
    category: str = declared(
        CategoryLeaf(
            required=False,
            help_text="输入名称、拼音首字母或代码；可在受理时再定",
            api_help="二级纠纷类别代码，如 0202",
            width=THIRD,
            columns=CATEGORY,
        )
    )
    request: str = declared(
        Text("诉求", required=False, longest=2000, page_longest=5000, rows=2, width=THIRD, columns=REQUEST)
    )
    title: str = declared(
        Line(
            "标题",
            required=False,
            page_longest=1000,
            attrs=QUIET | {"placeholder": "不填则取经过的第一句"},
            api_help="不填则取经过的第一句；最多 100 字",
            width=THIRD,
        )
    )
    place_detail: str = declared(
        Line("详细地点", required=False, longest=200, page_longest=1000, attrs=QUIET, width=THIRD, columns=PLACE_DETAIL)
    )
    other_places: tuple[str, ...] = declared(
        OtherPlaces(
            help_text="边界纠纷等跨村镇的事项填写；案件在发生地统计一次，在这些地方列为“涉及”",
            api_help="涉及的其他地方的区划代码，最多 3 处，不与发生地重复或互相包含；案件只在发生地统计",
            width=THIRD,
        ),
        (),
    )
    occurred_on: date | None = declared(Day("发生日期", required=False, nullable=True, width=SIXTH, columns=DAYS), None)
    amount: Decimal | None = declared(
        Amount("涉及金额（元）", required=False, nullable=True, width=SIXTH, columns=AMOUNT), None
    )
    people_count: int | None = declared(
        Count(
            "涉及人数",
            most=1_000_000,
            noun="人数",
            unit="人",
            required=False,
            nullable=True,
            width=SIXTH,
            columns=PEOPLE,
        ),
        None,
    )
    scale: str = declared(
        Choice("规模", Scale, api_default=Scale.INDIVIDUAL, first=Scale.INDIVIDUAL, width=SIXTH), Scale.INDIVIDUAL
    )
    complexity: str = declared(
        Choice("难易程度", Complexity, api_default=Complexity.SIMPLE, first=Complexity.SIMPLE, width=SIXTH),
        Complexity.SIMPLE,
    )
    risk: str = declared(
        Choice(
            "风险等级", Risk, api_default=Risk.BLUE, first=Risk.BLUE, width=SIXTH, endings=("风险", "色"), columns=RISK
        ),
        Risk.BLUE,
    )
    is_restricted: bool = declared(
        Tick("限制知悉", api_default=False, help_text="只有指定的人员可以查看", width=THIRD), False
    )
    channel: str = declared(
        Choice("来源渠道", Channel, api_default=Channel.INTERFACE, first=Channel.WINDOW, width=THIRD), Channel.WINDOW
    )
    external_system: str = declared(
        Line(
            "来源系统",
            required=False,
            longest=30,
            page_longest=100,
            attrs=QUIET | {"placeholder": "如 12345"},
            width=SIXTH,
        )
    )
    external_number: str = declared(
        Line(
            "来源编号",
            required=False,
            longest=60,
            page_longest=200,
            attrs=QUIET,
            api_help="来源系统中的编号；同一编号只登记一次",
            width=SIXTH,
            columns=NUMBERS,
        )
    )
    internal_number: str = declared(
        Line(
            "内部编号",
            required=False,
            longest=40,
            page_longest=200,
            attrs=QUIET,
            api_help="本单位自己的编号，不要求唯一",
            width=SIXTH,
            columns=INTERNAL_NUMBER,
            listed=True,
        )
    )
    parties: tuple[PartyEntry, ...] = field(default_factory=tuple)


PARTY: Final = shape_of(PartyEntry, "PartyIn")
CASE: Final = shape_of(CaseEntry)
SETTLEMENT: Final = Shape(
    outcome=Choice("办理结果", Outcome, page=Ask.OPTIONAL, empty="请选择"),
    road=Choice("引导走哪条法律途径", Road, required=False, empty="请选择", may_be_blank=True, api_help="未化解时必填"),
    note=Text("办理情况", page=Ask.OPTIONAL),
)
"""The outcome that goes with an entry on the fast track; on the page it may be left empty, as most cases are."""
