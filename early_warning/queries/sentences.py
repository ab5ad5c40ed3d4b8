"""A warning in one sentence, made of the matters that its reader sees and of counts that everybody may."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from early_warning.models import DangerClass, Evidence, RuleKind, Warning

K = RuleKind
Facts = Mapping[str, Any]


def sentence_of(warning: Warning, seen: Sequence[Evidence]) -> str:
    """Why it was raised, so that anybody understands it."""
    return SENTENCES[warning.kind](warning, seen, warning.figures)


def _same_sides(warning: Warning, seen: Sequence[Evidence], facts: Facts) -> str:
    counted = {why: sum(row.why == why for row in seen) for why in ("警情", "案件", "排查")}
    parts = "、".join(f"{why} {n}" for why, n in counted.items() if n)
    rising = "，一次比一次重" if facts.get("rising") else ""
    return f"同一双方 {warning.rule.window_days} 天内第 {len(seen)} 次（{parts}）{rising}"


def _many(warning: Warning, seen: Sequence[Evidence], facts: Facts) -> str:
    return f"{warning.rule.window_days} 天内 {len(seen)} 件反映同一对象"


def _above(warning: Warning, seen: Sequence[Evidence], facts: Facts) -> str:
    return f"近四周{facts.get('what') or '各类'} {facts.get('recent')} 件，往常约 {facts.get('usual')} 件"


def _words(warning: Warning, seen: Sequence[Evidence], facts: Facts) -> str:
    meanings = "、".join(str(DangerClass(one).label) for one in facts.get("meanings", []))
    return f"提到{meanings}"


def _season(warning: Warning, seen: Sequence[Evidence], facts: Facts) -> str:
    return f"{warning.rule.name}：{facts.get('season')} 将至，去年同期 {facts.get('cases')} 件"


def _latest(warning: Warning, seen: Sequence[Evidence], facts: Facts) -> str:
    """What the latest matter says."""
    return seen[0].why if seen and seen[0].why else warning.rule.name


def _hazard(warning: Warning, seen: Sequence[Evidence], facts: Facts) -> str:
    return f"隐患 {seen[0].why}" if seen and seen[0].why else warning.rule.name


SENTENCES: Mapping[str, Callable[[Warning, Sequence[Evidence], Facts], str]] = MappingProxyType({
    K.SAME_SIDES: _same_sides,
    K.MANY_AGAINST_ONE: _many,
    K.ABOVE_USUAL: _above,
    K.COME_BACK: lambda warning, seen, facts: f"办结后又来，第 {facts.get('times', 1)} 次",
    K.PROMISE_BROKEN: lambda warning, seen, facts: f"协议 {facts.get('instalments', 1)} 期逾期未履行",
    K.BEFORE_HOLIDAY: _latest,
    K.DANGER_WORDS: _words,
    K.HAZARD_UNSETTLED: _hazard,
    K.REFUSED_TWICE: lambda warning, seen, facts: f"{facts.get('organisations')} 个单位退回",
    K.SEASON: _season,
    K.UNREACHABLE: _latest,
})  # fmt: skip
