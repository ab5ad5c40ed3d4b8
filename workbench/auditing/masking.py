"""Reasons that people typed, without the names and numbers that may stand in them."""

import re
from collections.abc import Collection, Sequence

from intake.models import Party
from zhongzhi.audit.models import TrailEntry
from zhongzhi.core.masking import mask_name

NUMBER = re.compile(r"\d{7,}[\dXx]?")
LEAST = 2


def reason_without_names(entries: Sequence[TrailEntry], cases: Collection[int]) -> dict[int, str]:
    """The reason of each entry by its key; names of the parties of its case masked, long numbers cut."""
    names: dict[int, set[str]] = {}
    for case, name in Party.everyone.filter(case__in=cases).values_list("case", "name"):
        if len(name) >= LEAST:
            names.setdefault(case, set()).add(name)
    return {
        entry.pk: _masked(str(entry.facts.get("reason") or ""), names.get(_case(entry), set())) for entry in entries
    }


def _case(entry: TrailEntry) -> int:
    kind, _, key = entry.chain.partition(":")
    return int(key) if kind == "case" and key.isdigit() else 0


def _masked(reason: str, names: Collection[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        reason = reason.replace(name, mask_name(name))
    return NUMBER.sub(lambda found: f"{found[0][:3]}****", reason)
