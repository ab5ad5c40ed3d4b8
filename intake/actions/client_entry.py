"""What an outside system may say of a case that it registers: its source is fixed, and its risk has a highest grade."""

from dataclasses import replace

from intake.entries import CaseEntry
from intake.models import Risk
from zhongzhi.accounts.models import ApiClient, User
from zhongzhi.accounts.queries import client_behind, sender_of_another
from zhongzhi.core.errors import RuleViolation

GRAVITY = tuple(Risk)
"""From the gravest on."""


def as_entitled(entry: CaseEntry, actor: User) -> CaseEntry:
    """An entry as its author may hand it in: of an outside system with the source that is set for it.

    Raises RuleViolation at `risk` for a graver risk than the system may give, at `external_system` for another's name.
    """
    client = client_behind(actor)
    if client is None:
        return entry
    if entry.risk in Risk.values and highest_allowed(entry.risk, actor) != entry.risk:
        label = Risk(client.highest_risk).label
        raise RuleViolation(f"这个系统登记的案件风险最高为{label}色；更高的由综治中心研判后调整。", field="risk")
    return replace(entry, channel=client.channel or entry.channel, external_system=_own_sender(entry, client))


def _own_sender(entry: CaseEntry, client: ApiClient) -> str:
    """The name under which the numbers of a system are kept: nobody claims another's."""
    if not (entry.external_number or entry.external_system):
        return ""
    if entry.external_system not in ("", client.own_sender):
        raise RuleViolation(
            f"这个系统的编号记在“{client.own_sender}”名下，请填这个名称或不填；要用别的名称，请由系统管理员设定。",
            field="external_system",
        )
    return client.own_sender


def require_own_kind(system: str, actor: User) -> None:
    """Calls, orders and petitions of a kind are taken from every system, unless their sender is a client of its own."""
    client = client_behind(actor)
    if client is not None and system != client.own_sender and sender_of_another(system, client):
        raise RuleViolation(f"来源“{system}”属于另一个外部系统。", field="kind")


def highest_allowed(risk: str, actor: User) -> str:
    """This risk, or the highest that the outside system may give: rows of tables are taken with that."""
    client = client_behind(actor)
    if client is None or not client.highest_risk:
        return risk
    return GRAVITY[max(GRAVITY.index(Risk(risk)), GRAVITY.index(Risk(client.highest_risk)))]
