"""Outside systems: registered with a place, given tokens, ended. What they may see follows from their post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from grids.actions.postings import post_person
from grids.models import Organisation
from grids.permissions import may_keep_api_clients
from grids.roles import POST_OF_SYSTEMS
from grids.verbs import Verb
from zhongzhi.accounts import actions as accounts
from zhongzhi.accounts.models import ApiClient, ApiToken, ClientSight, User
from zhongzhi.accounts.queries import client_of, has_client, token_of
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, InvalidTransition, RuleViolation, require
from zhongzhi.core.text import required_text

LONGEST, OVERLAP = 1095, timedelta(days=7)
WHO = "外部系统由系统管理员登记。"


@dataclass(frozen=True)
class ClientTerms:
    """What an outside system is entitled to: its scopes, the last day of its permission (None: without end), which
    cases it sees, the source and highest risk of what it registers (codes of the case; empty: as it says), and the name
    under which its numbers are kept (empty: its own name)."""

    scopes: tuple[str, ...]
    ends_on: date | None = None
    sight: str = ClientSight.ORGANISATION
    channel: str = ""
    highest_risk: str = ""
    sender: str = ""


@transaction.atomic
def open_client(name: str, organisation: Organisation, terms: ClientTerms, *, actor: User) -> ApiClient:
    """Register an outside system, posted at an organisation from today on.

    Raises RuleViolation at `name` for a name in use or an organisation that has ended, BadInput for no scope at all or
    an end gone by.
    """
    require(may_keep_api_clients(actor), WHO)
    full = required_text(name, field="name", missing="请填写外部系统的名称。", max_length=50)
    if has_client(full):
        raise RuleViolation("已有同名的外部系统。", field="name")
    if not organisation.is_in_force(timezone.localdate()):
        raise RuleViolation("这个机构已撤销，请另选一个。", field="organisation")
    _check(terms)
    client = accounts.register_client(full, terms.scopes, ends_on=terms.ends_on)
    accounts.limit_client(client, **_limits(terms))
    post_person(client.user, organisation, POST_OF_SYSTEMS, starts_on=timezone.localdate(), actor=actor)
    record(actor, Verb.API_CLIENT_OPENED, client, scopes=client.scopes, organisation=organisation.pk, **_limits(client))
    return client


@transaction.atomic
def change_client(pk: int, terms: ClientTerms, *, actor: User) -> ApiClient:
    """Give an outside system other scopes, sight and limits, or another end.

    InvalidTransition for one that was ended.
    """
    client = _open(pk, actor)
    _check(terms)
    before = {"scopes": client.scopes, "ends_on": client.ends_on, **_limits(client)}
    accounts.change_client(client, terms.scopes, ends_on=terms.ends_on)
    accounts.limit_client(client, **_limits(terms))
    after = {"scopes": client.scopes, "ends_on": client.ends_on, **_limits(client)}
    record(actor, Verb.API_CLIENT_CHANGED, client, before=before, **after)
    return client


@transaction.atomic
def end_client(pk: int, *, actor: User, reason: str) -> ApiClient:
    """End an outside system with all its tokens at once; its entries in the trail stay."""
    client = _open(pk, actor)
    why = required_text(reason, field="reason", missing="请写明停用的原因。", max_length=200)
    accounts.end_client(client)
    record(actor, Verb.API_CLIENT_ENDED, client, reason=why)
    return client


@transaction.atomic
def give_token(pk: int, *, actor: User, days: int, scopes: Sequence[str] | None = None) -> accounts.IssuedToken:
    """Issue a token for so many days and for these of the system's scopes (None: all); its text is shown once and kept
    nowhere."""
    client = _open(pk, actor)
    _check_days(days)
    issued = accounts.issue_token(client, days=days, scopes=scopes)
    record(actor, Verb.API_TOKEN_ISSUED, client, token=issued.row.pk, days=days, scopes=issued.row.scopes)
    return issued


@transaction.atomic
def renew_token(pk: int, token: int, *, actor: User, days: int) -> accounts.IssuedToken:
    """Issue a token in place of another, for the same scopes; the other works seven days more, so that the other side
    can change over."""
    client = _open(pk, actor)
    old = _usable(client, token)
    _check_days(days)
    issued = accounts.issue_token(client, days=days, scopes=old.scopes)
    accounts.shorten_token(old, timezone.now() + OVERLAP)
    record(actor, Verb.API_TOKEN_RENEWED, client, token=issued.row.pk, instead_of=old.pk, days=days)
    return issued


@transaction.atomic
def take_token_back(pk: int, token: int, *, actor: User) -> ApiToken:
    """Take a token back at once."""
    client = _open(pk, actor)
    row = _usable(client, token)
    accounts.revoke_token(row)
    record(actor, Verb.API_TOKEN_REVOKED, client, token=row.pk)
    return row


@transaction.atomic
def sign_calls(pk: int, *, actor: User) -> str:
    """Have all calls of a system signed from now on; the new signing key is shown once, the one before ends at once."""
    client = _open(pk, actor)
    secret = accounts.sign_calls(client)
    record(actor, Verb.API_SIGNING_CHANGED, client, signed=True)
    return secret


@transaction.atomic
def end_signing(pk: int, *, actor: User) -> ApiClient:
    """Take calls without signature again."""
    client = _open(pk, actor)
    accounts.end_signing(client)
    record(actor, Verb.API_SIGNING_CHANGED, client, signed=False)
    return client


def _limits(of: ApiClient | ClientTerms) -> dict[str, str]:
    return {name: getattr(of, name) for name in ("sight", "channel", "highest_risk", "sender")}


def _open(pk: int, actor: User) -> ApiClient:
    require(may_keep_api_clients(actor), WHO)
    client = client_of(pk, lock=True)
    if not client.is_active:
        raise InvalidTransition("这个外部系统已经停用。")
    return client


def _usable(client: ApiClient, token: int) -> ApiToken:
    row = token_of(client, token)
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= timezone.now()):
        raise InvalidTransition("这个令牌已经失效。")
    return row


def _check(terms: ClientTerms) -> None:
    if not terms.scopes:
        raise BadInput("请至少勾选一项接口权限。", field="scopes")
    if terms.ends_on is not None and terms.ends_on < timezone.localdate():
        raise RuleViolation("有效期应在今天或以后。", field="ends_on")


def _check_days(days: int) -> None:
    if not 1 <= days <= LONGEST:
        raise BadInput(f"令牌有效期为 1 至 {LONGEST} 天。", field="days")
