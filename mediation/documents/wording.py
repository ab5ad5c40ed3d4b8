"""The texts of the forms that a county may word itself: what each says by itself, and the words it may use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mediation.documents.instruments import INSTRUMENTS, PEOPLES, Instrument
from mediation.models import Mode
from zhongzhi.core.errors import NotFound, RuleViolation
from zhongzhi.core.wording import Wording

EVERYWHERE = {
    "name": "人民调解",
    "mediator": "人民调解员",
    "body": "人民调解委员会",
    "seal": "鲁北镇人民调解委员会",
    "dispute": "岳某某与付某土地权属纠纷",
}
"""Words of every form: the kind of mediation, who mediates, the kind of body, this body, this dispute."""
ROADS = "{n}、调解不成的，可依法通过仲裁、行政、司法等途径维护权利；调解不妨碍当事人随时走其他法律途径。"
GOOD_FAITH = (
    "申请人出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容而给国家、集体或者他人造成损害的，"
    "愿意承担相应的民事责任和其他法律责任。"
)
SERVICE = """一、受送达人应当提供准确的送达地址和联系方式；地址或者联系方式变更的，应当及时书面告知人民法院。
二、因提供的地址不准确、变更后未告知、拒绝签收等原因，诉讼文书未能被实际接收的，文书退回之日视为送达之日。
三、同意电子送达的，送达信息到达受送达人特定系统之日即为送达日期。"""
AUTHORISATION = (
    "委托人{{ principal }}因{{ dispute }}，委托{{ agent }}作为调解活动中的代理人，代为陈述事实、参加调解、"
    "协商和签署调解协议。代理权限以委托人签名的委托书为准。"
)


@dataclass(frozen=True)
class FormText:
    """One text: of which form, what it is, the system's own words, and the words it may use beside those of every form.
    `by_mode` says that each kind of mediation has its own."""

    key: str
    form: str
    label: str
    own: Callable[[Instrument], str]
    words: Mapping[str, Any]
    by_mode: bool
    wording: Wording

    @property
    def modes(self) -> list[str]:
        """The kinds of mediation that have their own; one empty for a text that all share."""
        return [mode for mode in INSTRUMENTS if mode_of(mode) == mode] if self.by_mode else [""]

    def own_words(self, mode: str) -> str:
        """What it says where the county says nothing else."""
        return self.own(INSTRUMENTS[mode] if mode else PEOPLES)

    def example(self, text: str, *, field: str) -> str:
        """Words as they would read. RuleViolation at the field for a template that cannot be read or says nothing."""
        if not (found := self.wording.example(text, field=field)):
            raise RuleViolation("没有写出任何文字。", field=field)
        return found


def _text(
    key: str, form: str, label: str, own: str | Callable[[Instrument], str], *, by_mode: bool = False, **words: Any
) -> FormText:
    says = own if callable(own) else lambda instrument: own
    return FormText(key, form, label, says, words, by_mode, Wording("文书用语", {**EVERYWHERE, **words}))


def _rights(instrument: Instrument) -> str:
    """Rights and duties, what an agreement is worth, which roads stay open."""
    worth = instrument.worth.replace("本协议", "依法达成的调解协议", 1)
    first, second = ("五", "六") if instrument is PEOPLES else ("四", "五")
    return f"{instrument.rights}\n{first}、{worth}\n{ROADS.format(n=second)}"


FORM_TEXTS = {
    text.key: text
    for text in (
        _text(
            "application", "调解申请书", "申请人声明",
            "{{ body }}已将申请{{ name }}的有关规定告知我，现自愿申请由{{ seal }}进行调解。",
        ),
        _text("rights", "权利义务告知书", "告知内容", _rights, by_mode=True),
        _text("identity", "当事人身份证明", "说明", "以上证件信息由登记窗口核对；证件复印件或照片附后。"),
        _text(
            "authorisation", "授权委托书", "委托事项和权限", AUTHORISATION, principal="岳某某", agent="岳小某"
        ),
        _text("effect", "调解协议书", "生效", lambda instrument: instrument.effect, by_mode=True),
        _text("worth", "调解协议书", "效力", lambda instrument: instrument.worth, by_mode=True),
        _text(
            "copies", "调解协议书", "份数", "本协议一式{{ copies }}份，当事人各执一份，调解组织存档一份。", copies="3",
        ),
        _text("oral", "口头协议登记表", "生效", "口头调解协议自各方当事人达成协议之日起生效。"),
        _text(
            "termination", "终结调解告知书", "已告知当事人可以走的途径",
            "{% for road in roads %}{{ loop.index }}. {{ road }}。\n{% endfor %}",
            roads=("诉讼：向有管辖权的人民法院提起诉讼", "仲裁：向有管辖权的仲裁机构申请仲裁"),
        ),
        _text(
            "confirmation", "司法确认申请书", "请求事项",
            "请求确认申请人于{{ in_force_on }}达成的调解协议（{{ number }}）有效。",
            in_force_on="2026年11月24日", number="扎鲁北调〔2026〕1号",
        ),
        _text("good_faith", "司法确认申请书", "承诺", GOOD_FAITH),
        _text("service", "送达地址确认书", "告知事项", SERVICE),
        _text(
            "service_confirmed", "送达地址确认书", "受送达人确认",
            "本人已阅读上述告知事项，所填地址和联系方式真实、准确。",
        ),
    )
}  # fmt: skip


def mode_of(mode: str) -> str:
    """Under which kind of mediation the words of a mode are kept: branded rooms mediate as 人民调解."""
    return Mode.PEOPLES if INSTRUMENTS[mode] is PEOPLES else mode


def form_text(key: str, mode: str) -> FormText:
    """A text by its key and the kind of mediation (`all` for none); NotFound for none such."""
    text = FORM_TEXTS.get(key)
    if text is None or mode not in text.modes:
        raise NotFound("没有这项文书用语。")
    return text
