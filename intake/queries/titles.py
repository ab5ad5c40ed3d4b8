"""What a dispute is called: 甲与乙 + its kind + 纠纷, made from the parties and the category, never from cut text."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from intake.models import Case, Category, PartyKind, PartyRole, PartySide
from zhongzhi.core.masking import mask_name

LONGEST = 100
WHOLE_SENTENCE = 30
NAMED = 2
ENDINGS = ("纠纷", "争议", "问题")


class Named(Protocol):
    """A party, entered or registered."""

    @property
    def side(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...


def dispute_name(case: Case, parties: Iterable[Named]) -> str:
    """In the clear, for the papers of those who handle the case; its own title where no party is named."""
    return _named(list(parties), case.category, _clear) or case.title


def title_from(parties: Iterable[Named], category: Category | None, narrative: str) -> str:
    """A title for those who did not type one. It is read in lists by people who see names masked: so are these."""
    made = _named(list(parties), category, _masked)
    if made:
        return made
    sentence = re.split(r"[。！？!?\n；;]", narrative, maxsplit=1)[0].strip()
    return sentence if len(sentence) <= WHOLE_SENTENCE else f"群众反映的{kind_of_dispute(category)}"


def kind_of_dispute(category: Category | None) -> str:
    """土地权属纠纷; the group where the leaf says 其他."""
    if category is None:
        return "矛盾纠纷"
    name = category.name
    if name.startswith("其他") and category.parent is not None:
        name = category.parent.name
    return name if name.endswith(ENDINGS) else f"{name}纠纷"


def _named(parties: Sequence[Named], category: Category | None, shown: Callable[[Named], str]) -> str:
    sides = [_of_side(parties, side, shown) for side in (PartySide.APPLICANT, PartySide.RESPONDENT)]
    kind = kind_of_dispute(category)
    for most in (NAMED, 1):
        words = "与".join(filter(None, (_together(names, most) for names in sides)))
        if words and len(words) + len(kind) <= LONGEST:
            return f"{words}{kind}"
    return ""


def _of_side(parties: Sequence[Named], side: str, shown: Callable[[Named], str]) -> list[str]:
    return [shown(p) for p in parties if p.side == side and p.role == PartyRole.PRINCIPAL and p.name]


def _together(names: Sequence[str], most: int) -> str:
    """甲、乙; 甲等23人 for more than are named."""
    return "、".join(names) if len(names) <= most else f"{names[0]}等{len(names)}人"


def _clear(party: Named) -> str:
    return party.name


def _masked(party: Named) -> str:
    return party.name if party.kind == PartyKind.ORGANISATION else mask_name(party.name)
