"""The words that each kind of mediation has of its own: names of the forms, who mediates, rights, what it is worth."""

from dataclasses import dataclass

from mediation.models import Mode

CONFIRMABLE = (
    "各方可以自协议生效之日起三十日内，共同向有管辖权的人民法院申请司法确认（民事诉讼法第二百零五条）；"
    "经确认有效的协议，一方不履行的，对方可以申请强制执行。"
)
CONTRACT = "本协议由各方自愿达成，具有民事合同效力，各方应当按照约定履行。"


@dataclass(frozen=True)
class Instrument:
    """One kind of mediation as its papers speak of it. `law` names what its effect rests on."""

    name: str
    mediator: str
    body: str
    effect: str
    worth: str
    is_confirmable: bool = True
    rights: str = ""

    @property
    def agreement(self) -> str:
        """What its agreement is called."""
        return f"{self.name}协议书"


PEOPLES = Instrument(
    name="人民调解",
    mediator="人民调解员",
    body="人民调解委员会",
    effect="本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效（人民调解法第二十九条）。",
    worth=f"本协议具有法律约束力，各方当事人应当按照约定履行（人民调解法第三十一条）。{CONFIRMABLE}",
    rights="""一、当事人在人民调解活动中享有下列权利（人民调解法第二十三条）：
（一）选择或者接受人民调解员；
（二）接受调解、拒绝调解或者要求终止调解；
（三）要求调解公开进行或者不公开进行；
（四）自主表达意愿、自愿达成调解协议。
二、当事人在人民调解活动中履行下列义务（人民调解法第二十四条）：
（一）如实陈述纠纷事实；
（二）遵守调解现场秩序，尊重人民调解员；
（三）尊重对方当事人行使权利。
三、人民调解员与一方有利害关系、可能影响公正调解的，当事人有权要求其回避。
四、人民调解不收取任何费用。""",
)

GENERAL_RIGHTS = """一、当事人在{name}中享有下列权利：
（一）自愿接受调解，也可以拒绝调解或者要求终止调解；
（二）了解{mediator}的身份，认为其与一方有利害关系、可能影响公正的，申请其回避；
（三）自主表达意愿，自愿达成调解协议；
（四）委托代理人参加调解。
二、当事人在{name}中履行下列义务：
（一）如实陈述纠纷事实，提供真实的证据材料；
（二）遵守调解秩序，尊重{mediator}和对方当事人；
（三）履行依法达成的调解协议。
三、{fee}"""


def _other(
    name: str, mediator: str, body: str, *, fee: str, worth: str = "", is_confirmable: bool = True
) -> Instrument:
    return Instrument(
        name=name,
        mediator=mediator,
        body=body,
        effect=f"本协议自各方当事人签名、盖章或者按指印，{mediator}签名并加盖{body}印章之日起生效。",
        worth=worth or f"{CONTRACT}{CONFIRMABLE}",
        is_confirmable=is_confirmable,
        rights=GENERAL_RIGHTS.format(name=name, mediator=mediator, fee=fee),
    )


INSTRUMENTS: dict[str, Instrument] = {
    Mode.PEOPLES: PEOPLES,
    Mode.BRANDED: PEOPLES,
    Mode.ADMINISTRATIVE: _other(
        "行政调解", "行政调解人员", "行政机关", fee="行政调解不收取费用；调解不影响行政机关依法作出处理。"
    ),
    Mode.INDUSTRY: _other(
        "行业专业调解", "调解员", "调解组织", fee="调解是否收费按照调解组织公示的办法执行，收费的应当事先告知。"
    ),
    Mode.MASS: _other("群团调解", "调解员", "调解组织", fee="群团调解不收取费用。"),
    Mode.LAWYER: _other(
        "律师调解",
        "律师调解员",
        "律师调解工作室",
        fee="律师调解是否收费按照事先告知的办法执行；律师不得同时担任一方代理人。",
    ),
    Mode.JUDICIAL: _other(
        "法院调解",
        "主持调解人员",
        "人民法院",
        fee="调解不成的，人民法院依法立案或者及时判决。",
        worth="本协议经人民法院审查后记入笔录或者制作民事调解书；民事调解书经各方签收后，即具有法律效力（民事诉讼法第一百条），"
        "一方不履行的，对方可以申请强制执行，无须另行申请司法确认。",
        is_confirmable=False,
    ),
}


def instrument_of(mode: str) -> Instrument:
    """The words of a mode of mediation."""
    return INSTRUMENTS[mode]
