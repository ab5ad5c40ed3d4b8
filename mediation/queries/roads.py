"""The legal roads that are open to a dispute, in words: for refusals and for those who could not agree."""

from intake.models import Category, Road

OPEN_ROADS = {
    "13": "可告知当事人：对行政行为不服的，六十日内向复议机关申请行政复议，或向人民法院提起行政诉讼。",
    "14": "可告知当事人：涉法涉诉事项由政法机关依法办理，可申诉、申请再审或检察监督，并导引至相应政法机关。",
    "15": "可告知当事人：组织人事、干部作风问题由组织部门或纪检监察机关受理，请导引至相应机关。",
    "16": "可告知当事人：涉民族、宗教问题由民族宗教事务部门处理，请导引至民委并及时报告。",
}
OTHERWISE = "请改走行政处理、复议、诉讼等途径，并导引至有权处理的单位。"
ROADS_OF_GROUP = {
    "07": (Road.ARBITRATION, Road.LITIGATION),
    "09": (Road.ARBITRATION, Road.LITIGATION, Road.ADMINISTRATIVE),
    "11": (Road.RECONSIDERATION, Road.LITIGATION, Road.ADMINISTRATIVE),
    "13": (Road.RECONSIDERATION, Road.LITIGATION),
}
WORDS = {
    Road.ARBITRATION: "向有管辖权的仲裁机构申请仲裁（劳动争议自知道权利被侵害之日起一年内）",
    Road.LITIGATION: "向有管辖权的人民法院提起诉讼",
    Road.RECONSIDERATION: "自知道行政行为之日起六十日内申请行政复议",
    Road.ADMINISTRATIVE: "请求有权机关作出行政处理或裁决",
    Road.PETITION: "依法信访",
    Road.PROTECTION_ORDER: "向人民法院申请人身安全保护令（七十二小时内作出，情况紧急的二十四小时内）",
    Road.MEDIATION: "另行申请其他方式的调解",
}


def open_road_of(category: Category) -> str:
    """What to tell the parties of a matter that people's mediation does not take (domain groups 13 to 16)."""
    return OPEN_ROADS.get(category.code[:2], OTHERWISE)


def roads_of(category: Category | None) -> tuple[Road, ...]:
    """The roads usually open after a mediation that failed, the nearest first."""
    return ROADS_OF_GROUP.get(category.code[:2] if category else "", (Road.LITIGATION,))


def road_words(road: str) -> str:
    """A road as it is told to a party."""
    return WORDS[Road(road)]
