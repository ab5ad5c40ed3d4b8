"""Words of danger in what was written: the county's list, each word looked at in its clause for a negation.

A word that is denied is passed over only where the denial stands right before it; in doubt it is read as said.
"""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from early_warning.detection.found import Asked, Found, FoundOf, Sign, at_least
from early_warning.models import DangerClass, DangerWord, WarningRule
from grids.models import Hazard
from intake.models import Case, FollowUp, WorkNote
from zhongzhi.core.han import spellings
from zhongzhi.rows.periods import in_force

NEGATION = re.compile(
    r"(?:没有|没|未曾|未|并无|并未|无|不是|并非|不存在|未发现|否认|不会|不要|从未|从来没有|排除|防止|避免|禁止|不得|不再)"
    r"(?:要|去|有|想|再|过|进行|实施|发生|出现|存在|任何|使用|什么|人|被|遭受|遭到|受到|说|扬言)*$"
)
CLAUSE = re.compile(r"[，。；！？、,;.!?\s：:（）()“”\"]")
REACH = 12
"""Characters before a word that are read for a denial."""
KEPT_SECONDS = 30
_held: tuple[float, tuple["Word", ...]] = (0.0, ())


@dataclass(frozen=True)
class Word:
    """A word of the list."""

    word: str
    meaning: str
    level: str


def words_in_force() -> tuple[Word, ...]:
    """The list as of today, kept for half a minute."""
    global _held
    if time.monotonic() - _held[0] > KEPT_SECONDS or not _held[1]:
        rows = DangerWord.objects.filter(in_force(timezone.localdate()))
        _held = (time.monotonic(), tuple(Word(r.word, r.meaning, r.level) for r in rows))
    return _held[1]


def forget_words() -> None:
    """Read the list again the next time: it was changed."""
    global _held
    _held = (0.0, ())


def said(text: str, words: Iterable[Word]) -> list[Word]:
    """The words that are said in a text and not denied."""
    return [word for word in words if any(_is_said(text, one) for one in spellings(word.word))]


def _is_said(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        before = CLAUSE.split(text[max(0, at - REACH) : at])[-1]
        if not NEGATION.search(before):
            return True
        at = text.find(word, at + 1)
    return False


def danger_words(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """The words of danger of cases, with what was written on them until then; the gravest gives the level."""
    keys = [one.matter.pk for one in asked]
    written: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for rows in (
        WorkNote.objects.filter(case__in=keys).values_list("case_id", "written_at", "text"),
        FollowUp.objects.filter(case__in=keys).values_list("case_id", "made_at", "note"),
    ):
        for case, at, text in rows:
            written[case].append((at, text))
    return _each(rule, asked, lambda one: [text for at, text in written[one.matter.pk] if at <= one.at])


def words_in_hazards(rule: WarningRule, asked: Sequence[Asked]) -> FoundOf:
    """The same of hazards."""
    return _each(rule, asked, lambda one: [])


def _each(rule: WarningRule, asked: Sequence[Asked], more: Callable[[Asked], list[str]]) -> FoundOf:
    concerned = [one for one in asked if isinstance(one.matter, Hazard) or rule.concerns(one.matter.category_id)]
    found = ((one, found_in(one.matter, rule, one.at, [*own_texts(one.matter), *more(one)])) for one in concerned)
    return {one.matter.pk: said for one, said in found if said}


def found_in(matter: Case | Hazard, rule: WarningRule, at: datetime, texts: list[str]) -> Found | None:
    """The words of danger in texts that are at hand; the gravest of them gives the level."""
    spoken = {word.word: word for text in texts for word in said(text, words_in_force())}
    if len(spoken) < rule.threshold or matter.territory is None:
        return None
    level = rule.level
    for word in spoken.values():
        level = at_least(level, word.level)
    meanings = sorted({word.meaning for word in spoken.values()})
    why = "、".join(str(DangerClass(meaning).label) for meaning in meanings)
    kind = "hazard" if isinstance(matter, Hazard) else "case"
    moment = matter.reported_at if isinstance(matter, Hazard) else matter.registered_at or at
    return Found(
        f"{kind}:{matter.pk}", matter.territory, level, (Sign(matter, moment, why[:60]),), {"meanings": meanings}
    )


def own_texts(matter: Case | Hazard) -> list[str]:
    """What was written when it came in."""
    if isinstance(matter, Hazard):
        return [matter.narrative, matter.result]
    return [matter.title, matter.narrative, matter.request]
