"""What the facts of an entry suggest for scale, complexity and risk, each with the reason that a clerk can check.

A suggestion is never taken by itself. The words and limits are this project's defaults; five persons are where the
Regulations on Petitions (信访工作条例 art. 20) let a group send representatives only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from intake.models import Complexity, Risk, Scale

WORDS_OF_RISK: tuple[tuple[Risk, str, str], ...] = (
    (Risk.RED, r"自杀|轻生|跳楼|服毒|自焚|同归于尽|杀人|杀了|炸药|爆炸|持刀|投毒|枪", "有伤害自己或他人的迹象"),
    (
        Risk.ORANGE,
        r"报复|威胁|扬言|殴打|打伤|打架|家暴|家庭暴力|堵路|堵门|拉横幅|集访|越级|精神障碍|精神病",
        "有激化的迹象",
    ),
    (Risk.YELLOW, r"多次|反复|屡次|辱骂|争吵|情绪激动|报警|上访|缠访", "矛盾反复或情绪激动"),
)
WORDS_OF_RESTRICTION: tuple[tuple[str, str], ...] = (
    (r"强奸|猥亵|性侵|性骚扰|偷拍|裸照", "涉及性侵害"),
    (r"家暴|家庭暴力|殴打妻|殴打丈夫|打老婆|虐待", "涉及家庭暴力"),
)
RESTRICTED = "true"
GROUP, MAJOR_GROUP = 5, 30
LARGE, VERY_LARGE = Decimal(100_000), Decimal(1_000_000)
MANY_PARTIES = 4
NOT_CIVIL = ("13", "14", "15", "16")
ORDER: dict[str, tuple[Scale | Complexity | Risk, ...]] = {
    "scale": (Scale.INDIVIDUAL, Scale.GROUP, Scale.MAJOR_GROUP),
    "complexity": (Complexity.SIMPLE, Complexity.ORDINARY, Complexity.COMPLEX, Complexity.HARD),
    "risk": (Risk.BLUE, Risk.YELLOW, Risk.ORANGE, Risk.RED),
}
LABELS = {"scale": "规模", "complexity": "难易程度", "risk": "风险等级"}


@dataclass(frozen=True)
class Facts:
    """What was typed so far, as far as it suggests something."""

    text: str = ""
    category: str = ""
    amount: Decimal | None = None
    people: int = 0
    parties: int = 0
    minors: int = 0
    earlier: int = 0
    accused: int = 0
    now: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """One field that should stand higher, and why."""

    field: str
    field_label: str
    value: str
    label: str
    reasons: tuple[str, ...]


def suggestions_for(facts: Facts) -> list[Suggestion]:
    """Only what lies above the values that stand in the form now; a lower grade is never suggested."""
    found = (("scale", _scale(facts)), ("complexity", _complexity(facts)), ("risk", _risk(facts)))
    rows = (_highest(name, grounds) for name, grounds in found)
    raised = [row for row in rows if row and _is_above(row, facts.now.get(row.field, ""))]
    return raised + _restriction(facts)


def _restriction(facts: Facts) -> list[Suggestion]:
    """That few should know of it: complaints about officials, minors, sexual offences, domestic violence."""
    reasons = [reason for words, reason in WORDS_OF_RESTRICTION if re.search(words, facts.text)]
    reasons += ["反映干部或单位"] if facts.accused else []
    reasons += ["涉及未成年人"] if facts.minors else []
    if not reasons or facts.now.get("is_restricted"):
        return []
    return [Suggestion("is_restricted", "知悉范围", RESTRICTED, "限制知悉", tuple(reasons))]


Grounds = list[tuple[str, str]]


def _scale(facts: Facts) -> Grounds:
    people = max(facts.people, facts.parties)
    if people >= MAJOR_GROUP:
        return [(Scale.MAJOR_GROUP, f"涉及 {people} 人，达到 {MAJOR_GROUP} 人")]
    return [(Scale.GROUP, f"涉及 {people} 人，达到 {GROUP} 人")] if people >= GROUP else []


def _complexity(facts: Facts) -> Grounds:
    grounds: Grounds = []
    if facts.amount is not None and facts.amount >= LARGE:
        grade = Complexity.COMPLEX if facts.amount >= VERY_LARGE else Complexity.ORDINARY
        grounds.append((grade, f"涉及金额 {facts.amount:,.0f} 元"))
    if facts.parties >= MANY_PARTIES:
        grounds.append((Complexity.ORDINARY, f"当事人 {facts.parties} 位"))
    if max(facts.people, facts.parties) >= MAJOR_GROUP:
        grounds.append((Complexity.HARD, f"涉及 {max(facts.people, facts.parties)} 人"))
    if facts.category[:2] in NOT_CIVIL:
        grounds.append((Complexity.COMPLEX, "不属民间纠纷，需由有权机关依法处理"))
    if facts.earlier >= 2:
        grounds.append((Complexity.COMPLEX, f"同一当事人此前已有 {facts.earlier} 件"))
    return grounds


def _risk(facts: Facts) -> Grounds:
    grounds: Grounds = []
    for grade, words, reason in WORDS_OF_RISK:
        if spoken := list(dict.fromkeys(re.findall(words, facts.text))):
            grounds.append((grade, f"{reason}：“{'”“'.join(spoken[:3])}”"))
    if max(facts.people, facts.parties) >= MAJOR_GROUP:
        grounds.append((Risk.ORANGE, "重大群体"))
    if facts.minors:
        grounds.append((Risk.YELLOW, "涉及未成年人"))
    if facts.earlier >= 2:
        grounds.append((Risk.YELLOW, f"同一当事人此前已有 {facts.earlier} 件"))
    return grounds


def _highest(name: str, grounds: Sequence[tuple[str, str]]) -> Suggestion | None:
    """The highest grade that something speaks for, with all that speaks for it."""
    if not grounds:
        return None
    value = max((grade for grade, _ in grounds), key=lambda grade: _place(name, grade))
    reasons = tuple(reason for grade, reason in grounds if grade == value)
    label = next(str(choice.label) for choice in ORDER[name] if choice == value)
    return Suggestion(name, LABELS[name], value, label, reasons)


def _is_above(row: Suggestion, now: str) -> bool:
    return _place(row.field, row.value) > _place(row.field, now)


def _place(name: str, grade: str) -> int:
    return next((at for at, choice in enumerate(ORDER[name]) if choice == grade), 0)
