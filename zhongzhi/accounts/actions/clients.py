"""Outside systems: their registration, and tokens given and taken back."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zhongzhi.accounts.actions.people import create_user
from zhongzhi.accounts.actions.security import note
from zhongzhi.accounts.models import ApiClient, ApiToken, ClientSight, Scope, SecurityKind, UserKind
from zhongzhi.accounts.models.clients import with_combined
from zhongzhi.accounts.queries import sender_of_another
from zhongzhi.accounts.tokens import digest_of, new_signing_secret, new_token_text, prefix_of
from zhongzhi.core.ciphers import seal
from zhongzhi.core.errors import BadInput, RuleViolation

USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class IssuedToken:
    """A new token; `text` exists nowhere else and is shown once."""

    row: ApiToken
    text: str


@transaction.atomic
def register_client(name: str, scopes: Iterable[str], *, ends_on: date | None = None) -> ApiClient:
    """The outside system of that name with exactly these scopes, made with its service user if new.

    `ends_on` is the last day on which its tokens work; None leaves it as it is, without end for a new one.
    Raises `BadInput` for a scope that does not exist. What it may see comes from a posting of its service user,
    made elsewhere.
    """
    wanted = _known_scopes(scopes)
    client = ApiClient.objects.select_for_update().filter(name=name).first()
    if client is None:
        user = create_user(username=f"api-{secrets.token_hex(4)}", name=name[:50], kind=UserKind.SERVICE)
        client = ApiClient(name=name, user=user)
    client.scopes, client.ends_on = wanted, ends_on or client.ends_on
    client.save()
    note(SecurityKind.SCOPES_CHANGED, client.user, detail=" ".join(wanted))
    return client


@transaction.atomic
def change_client(client: ApiClient, scopes: Iterable[str], *, ends_on: date | None) -> None:
    """Give a client exactly these scopes, and this last day (None: without end)."""
    client.scopes, client.ends_on = _known_scopes(scopes), ends_on
    client.save(update_fields=["scopes", "ends_on"])
    note(SecurityKind.SCOPES_CHANGED, client.user, detail=" ".join(client.scopes))


@transaction.atomic
def limit_client(
    client: ApiClient, *, sight: str, channel: str = "", highest_risk: str = "", sender: str | None = None
) -> None:
    """Say which cases a client sees, the source and the highest risk of what it registers, and the name under which its
    numbers are kept (None: as it is). Raises RuleViolation at `sender` for the name of another client."""
    if sight not in ClientSight.values:
        raise BadInput("请选择查看范围。", field="sight")
    if sender and sender_of_another(sender, client):
        raise RuleViolation(f"“{sender}”是另一个外部系统的来源系统名。", field="sender")
    client.sight, client.channel, client.highest_risk = sight, channel, highest_risk
    client.sender = client.sender if sender is None else sender
    client.save(update_fields=["sight", "channel", "highest_risk", "sender"])
    note(SecurityKind.SCOPES_CHANGED, client.user, detail=f"sight {sight}")


@transaction.atomic
def end_client(client: ApiClient) -> None:
    """Let a client call no more: itself and all its tokens end at once."""
    client.is_active = False
    client.save(update_fields=["is_active"])
    for token in client.tokens.filter(revoked_at=None).select_related("client__user"):
        revoke_token(token)


def shorten_token(token: ApiToken, until: datetime) -> None:
    """Let a token work no longer than until then; one that ends before stays as it is."""
    ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=until), pk=token.pk).update(expires_at=until)


@transaction.atomic
def issue_token(client: ApiClient, *, days: int | None = 365, scopes: Iterable[str] | None = None) -> IssuedToken:
    """Give the client one more token, good for `days` (None: as long as the client itself), for these of its scopes
    (None: all it holds, now and later). Raises BadInput at `scopes` for none, and for one that it does not hold."""
    opened = None if scopes is None else _held_by(client, scopes)
    text = new_token_text()
    expires_at = timezone.now() + timedelta(days=days) if days is not None else None
    row = ApiToken.objects.create(
        client=client, prefix=prefix_of(text), digest=digest_of(text), expires_at=expires_at, scopes=opened
    )
    note(SecurityKind.TOKEN_ISSUED, client.user, detail=str(row))
    return IssuedToken(row, text)


@transaction.atomic
def sign_calls(client: ApiClient) -> str:
    """Have all calls of a client signed from now on, with a new key, which is shown once."""
    secret = new_signing_secret()
    client.signing_sealed = seal(secret, aad=client.signing_place)
    client.save(update_fields=["signing_sealed"])
    note(SecurityKind.SIGNING_CHANGED, client.user, detail="on")
    return secret


@transaction.atomic
def end_signing(client: ApiClient) -> None:
    """Take calls of a client without signature again."""
    client.signing_sealed = None
    client.save(update_fields=["signing_sealed"])
    note(SecurityKind.SIGNING_CHANGED, client.user, detail="off")


@transaction.atomic
def revoke_token(token: ApiToken) -> None:
    """Take a token back at once; taking it back twice keeps the first time."""
    revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    if revoked:
        note(SecurityKind.TOKEN_REVOKED, token.client.user, detail=str(token))


def note_token_use(token: ApiToken, now: datetime) -> None:
    """Remember when the token and its client were last used; written at most once a minute."""
    if token.last_used_at and token.last_used_at >= now - USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    ApiClient.objects.filter(stale, pk=token.client_id).update(last_used_at=now)


def _held_by(client: ApiClient, scopes: Iterable[str]) -> list[str]:
    wanted = _known_scopes(scopes)
    if not wanted or not set(wanted) <= with_combined(client.scopes):
        raise BadInput("请从这个系统的接口权限中勾选。", field="scopes")
    return wanted


def _known_scopes(scopes: Iterable[str]) -> list[str]:
    wanted = set(scopes)
    if unknown := sorted(wanted.difference(Scope.values)):
        raise BadInput(
            errors={"scopes": [f"没有这样的权限：{'、'.join(unknown)}。可用的有：{'、'.join(Scope.values)}。"]}
        )
    return [scope for scope in Scope.values if scope in wanted]
