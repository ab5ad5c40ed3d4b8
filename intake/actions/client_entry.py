"""What an outside system may say of a case that it registers: its source is fixed, and its risk has a highest grade."""

from dataclasses import replace

from intake.entries import CaseEntry
from intake.models import Risk
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import client_behind
from zhongzhi.core.errors import RuleViolation

GRAVITY = tuple(Risk)
"""From the gravest on."""


def as_entitled(entry: CaseEntry, actor: User) -> CaseEntry:
    """An entry as its author may hand it in: of an outside system with the source that is set for it.

    Raises RuleViolation at `risk` for a graver risk than the system may give.
    """
    client = client_behind(actor)
    if client is None:
        return entry
    if entry.risk in Risk.values and highest_allowed(entry.risk, actor) != entry.risk:
        label = Risk(client.highest_risk).label
        raise RuleViolation(f"这个系统登记的案件风险最高为{label}色；更高的由综治中心研判后调整。", field="risk")
    return replace(entry, channel=client.channel or entry.channel)


def highest_allowed(risk: str, actor: User) -> str:
    """This risk, or the highest that the outside system may give: rows of tables are taken with that."""
    client = client_behind(actor)
    if client is None or not client.highest_risk:
        return risk
    return GRAVITY[max(GRAVITY.index(Risk(risk)), GRAVITY.index(Risk(client.highest_risk)))]
