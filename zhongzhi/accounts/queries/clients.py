"""Reads of outside systems: clients, their tokens, the calls that are made once."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from zhongzhi.accounts.models import (
    ApiClient,
    ApiToken,
    IdempotencyRecord,
    User,
    UserKind,
)
from zhongzhi.accounts.models.clients import with_combined
from zhongzhi.accounts.tokens import is_digest_of, prefix_of, read_pass
from zhongzhi.core.errors import NotFound
from zhongzhi.rows.remembered import remember_for, version_there

IDEMPOTENCY_KEPT = timedelta(hours=48)


def client_named(name: str) -> ApiClient:
    """An outside system by its name; NotFound for none."""
    client = ApiClient.objects.select_related("user").filter(name=name).first()
    if client is None:
        raise NotFound(f"没有名为“{name}”的外部系统，请先用 issue_token 登记。")
    return client


def has_client(name: str) -> bool:
    """Whether an outside system has this name, ended ones included."""
    return ApiClient.objects.filter(name=name).exists()


def api_clients() -> QuerySet[ApiClient]:
    """All outside systems, those in use first, with how many tokens of each work now."""
    works = Q(tokens__revoked_at=None) & (Q(tokens__expires_at=None) | Q(tokens__expires_at__gt=timezone.now()))
    counted = ApiClient.objects.select_related("user").annotate(working_tokens=Count("tokens", filter=works))
    return counted.order_by("-is_active", "name")


def client_of(pk: int, *, lock: bool = False) -> ApiClient:
    """An outside system by its key, locked where asked; NotFound for none."""
    rows = ApiClient.objects.select_related("user")
    client = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if client is None:
        raise NotFound("没有找到这个外部系统。")
    return client


def client_behind(user: User) -> ApiClient | None:
    """The outside system that a service account stands for; None for people and for the program's own desks."""
    if user.kind != UserKind.SERVICE:
        return None
    try:
        return user.api_client
    except ApiClient.DoesNotExist:
        return None


def sender_of_another(sender: str, client: ApiClient) -> bool:
    """Whether numbers of this sender belong to another outside system than this one."""
    others = ApiClient.objects.exclude(pk=client.pk)
    return others.filter(Q(sender=sender) | Q(sender="", name=sender)).exists()


def token_of(client: ApiClient, pk: int) -> ApiToken:
    """One of the tokens of an outside system; NotFound for none."""
    token = ApiToken.objects.select_related("client__user").filter(client=client, pk=pk).first()
    if token is None:
        raise NotFound("没有找到这个令牌。")
    return token


def tokens_of(client: ApiClient) -> QuerySet[ApiToken]:
    """Its tokens, the latest first."""
    return ApiToken.objects.filter(client=client).order_by("-pk")


def tokens_that_end(before: datetime) -> int:
    """How many tokens in use stop working before a moment: those have to be renewed."""
    return tokens_in_force(timezone.now()).filter(expires_at__lt=before).count()


def usable_token(text: str, now: datetime) -> ApiToken | None:
    """The token row for a token as shown by a client, or None: unknown, revoked, expired, client ended. Of a pass it is
    the token behind it; its client holds what token and pass open."""
    if (shown := read_pass(text)) is not None:
        return _narrowed(tokens_in_force(now).filter(pk=shown.token).first(), shown.scopes)
    token = tokens_in_force(now).filter(prefix=prefix_of(text)).first()
    if token is None or not is_digest_of(bytes(token.digest), text):
        return None
    return _narrowed(token, None)


def _narrowed(token: ApiToken | None, opened: frozenset[str] | None) -> ApiToken | None:
    """The token with its client holding no more than the token opens, and of that no more than what is given here."""
    if token is not None:
        remember_for(getattr(token, "remembered", ""))
        own = token.client.held_scopes if token.scopes is None else with_combined(token.scopes)
        token.client.narrowed_to = own if opened is None else own & opened
    return token


def token_by_prefix(text: str) -> ApiToken | None:
    """The token row with that prefix; the whole token may be given as well."""
    return ApiToken.objects.select_related("client__user").filter(prefix=prefix_of(text) or text).first()


def spent_idempotency_records(now: datetime) -> QuerySet[IdempotencyRecord]:
    """Answers older than the 48 hours for which a key is remembered."""
    return IdempotencyRecord.objects.filter(created_at__lt=now - IDEMPOTENCY_KEPT)


def tokens_in_force(now: datetime) -> QuerySet[ApiToken]:
    """Tokens that open the API at a moment."""
    today = timezone.localdate(now)
    return (
        ApiToken.objects.select_related("client__user")
        .filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            Q(client__ends_on__isnull=True) | Q(client__ends_on__gte=today),
            revoked_at__isnull=True,
            client__is_active=True,
            client__user__is_active=True,
        )
        .annotate(remembered=version_there())
    )
