"""The words of a document, from the templates of its kind: data, run in a sandbox, that see only `WORDS`."""

from collections.abc import Mapping
from typing import Any

from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.wording import Wording

WORDS: Mapping[str, Any] = {
    "issuer": "扎鲁特旗综治中心",
    "addressee": "司法局",
    "case_code": "ZJ150526202611240001X",
    "case_title": "土地少三垄",
    "category": "土地权属",
    "place": "巨日合镇五家子村",
    "place_detail": "村东二道渠边",
    "narrative": "自家土地少了3垄，怀疑邻地农户多种。",
    "request": "重新丈量，归还土地。",
    "accepted_on": "2026年11月24日",
    "issuer_phone": "0475-7221234",
    "instruction": "请实地丈量。",
    "part": "主办",
    "lead": "司法局",
    "co_handlers": "民政局",
    "sign_due": "2026年11月25日17时30分",
    "handle_due": "2026年12月1日17时30分",
    "former_due": "2026年11月30日17时30分",
    "party": "张某、李某",
    "receiver": "扎鲁特旗人民法院",
    "receiver_address": "鲁北镇中央大街",
    "receiver_phone": "0475-7220000",
    "road": "诉讼",
    "ground": "已进入诉讼程序",
    "reference": "扎鲁特综交〔2026〕1号",
    "missed": "应于2026年12月1日前办结，至今未反馈",
    "level": "黄色",
    "receipt_within": "2个工作日内",
    "answer_within": "3个工作日内",
    "subject_matter": "办理超期",
    "matters": ("第一项", "第二项"),
}
"""Every word a template may use, with an example; what is not known of a document is empty."""

DOCUMENTS = Wording("文种模板", WORDS)


def written(template: str, facts: Mapping[str, Any]) -> str:
    """The text of a template for these facts (of `WORDS`). Raises RuleViolation for a template that cannot be read."""
    return DOCUMENTS.written(template, facts)


def check_templates(subject: str, body: str) -> None:
    """Refuse templates that fail with the example words (RuleViolation at their field)."""
    for field, template in (("subject_template", subject), ("body_template", body)):
        if not DOCUMENTS.example(template, field=field):
            raise RuleViolation("模板没有写出任何文字。", field=field)
