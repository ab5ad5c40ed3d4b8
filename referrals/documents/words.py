"""The words of a document, from the templates of its kind: data, run in a sandbox, that see only `WORDS`."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from referrals.documents.language import check_language
from zhongzhi.core.errors import RuleViolation

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

EMPTY = {name: () if isinstance(example, tuple) else "" for name, example in WORDS.items()}
LISTS = [name for name, example in WORDS.items() if isinstance(example, tuple)]
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=False, autoescape=False)
LONGEST = 10_000
MOST_WRITTEN = 4 * LONGEST
"""Blank lines and indents count until they are taken away."""


def written(template: str, facts: Mapping[str, Any]) -> str:
    """The text of a template for these facts (of `WORDS`). Raises RuleViolation for a template that cannot be read."""
    try:
        text = _compiled(template)(facts)
    except (TemplateError, TypeError, ValueError, OverflowError) as error:
        raise RuleViolation(f"文种模板有误，请管理员修改：{error}") from error
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())[:LONGEST]


def check_templates(subject: str, body: str) -> None:
    """Refuse templates that fail with the example words (RuleViolation at their field)."""
    for field, template in (("subject_template", subject), ("body_template", body)):
        try:
            text = written(template, WORDS)
        except RuleViolation as error:
            raise RuleViolation(f"{error.message}。可用的词：{'、'.join(WORDS)}。", field=field) from error
        if not text:
            raise RuleViolation("模板没有写出任何文字。", field=field)


@lru_cache(maxsize=64)
def _compiled(template: str) -> Callable[[Mapping[str, Any]], str]:
    """A template ready to be filled: what it may see is put together once, not for each text."""
    check_language(_environment.parse(template), template, LISTS)
    ready = _environment.from_string(template)
    known = {**ready.globals, **EMPTY}

    def filled(facts: Mapping[str, Any]) -> str:
        return _up_to_limit(ready.root_render_func(ready.new_context({**known, **facts}, shared=True)))

    return filled


def _up_to_limit(pieces: Iterable[str]) -> str:
    """Piece by piece, so that too much is refused before it is there."""
    found, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_WRITTEN:
            raise ValueError(f"写出的文字超过{MOST_WRITTEN}字")
        found.append(piece)
    return "".join(found)
