"""Reading notices and the outbox."""

from base64 import b64decode
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.http import url_has_allowed_host_and_scheme

from zhongzhi.core.errors import InvalidTransition, NotFound
from zhongzhi.notices.models import CALLS, LINK_LENGTH, Notice, OutboxMessage


def notices_of(user: AbstractBaseUser) -> QuerySet[Notice]:
    """What a person was told, unread first, then the newest."""
    return Notice.objects.filter(user_id=user.pk).order_by("-is_unread", "-id")


def unread_count(user: AbstractBaseUser) -> int:
    """How many notices a person has not read."""
    return Notice.objects.filter(user_id=user.pk, is_unread=True).count()


def told_under(head: str) -> dict[int, datetime]:
    """Who was told under keys that begin so, each with the moment of the first time."""
    rows = OutboxMessage.objects.filter(key__startswith=head, payload__has_key="user").order_by("-id")
    return {int(row.payload["user"]): row.not_before or row.created_at for row in rows}


def texts_taken(keys: Iterable[str]) -> set[str]:
    """Of text messages posted under these keys those that the gateway has taken."""
    own = {f"text:{key}": key for key in keys}
    taken = OutboxMessage.objects.filter(key__in=own, delivered_at__isnull=False).values_list("key", flat=True)
    return {own[key] for key in taken}


def waiting() -> QuerySet[OutboxMessage]:
    """Messages that are neither delivered nor given up."""
    return OutboxMessage.objects.filter(delivered_at__isnull=True, given_up_at__isnull=True)


def due_messages(now: datetime) -> QuerySet[OutboxMessage]:
    """Undelivered messages whose time has come, the longest due first."""
    return waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "id")


def due_next(now: datetime, *, are_calls: bool, but_not: Collection[str]) -> QuerySet[OutboxMessage]:
    """Of those the calls to other systems, or all others; those of some topics left out."""
    rows = due_messages(now)
    rows = rows.filter(topic__startswith=CALLS) if are_calls else rows.exclude(topic__startswith=CALLS)
    return rows.exclude(topic__in=but_not) if but_not else rows


def oldest_due(now: datetime) -> datetime | None:
    """Since when the message that is due longest waits; None when nothing does. For the state of health."""
    return due_messages(now).values_list("next_attempt_at", flat=True).first()


def waiting_messages() -> int:
    """How many messages are not delivered yet."""
    return waiting().count()


def waiting_sealed_messages(topic: str, head: bytes) -> Iterator[int]:
    """Messages of a topic with sealed parts that wait, with something in them whose seal does not begin with this head.

    By key.
    """
    for pk, payload in waiting().filter(topic=topic).order_by("pk").values_list("pk", "payload").iterator(2000):
        if not all(b64decode(text).startswith(head) for text in payload.values()):
            yield pk


def messages_of_keys(keys: Iterable[str]) -> dict[str, OutboxMessage]:
    """Messages by their keys."""
    return {message.key: message for message in OutboxMessage.objects.filter(key__in=list(keys))}


def outbox() -> QuerySet[OutboxMessage]:
    """What was to be delivered, the latest first."""
    return OutboxMessage.objects.order_by("-id")


def failing_messages() -> QuerySet[OutboxMessage]:
    """What failed at least once and is neither delivered nor given up."""
    return waiting().filter(attempts__gt=0).order_by("-id")


def locked_message(pk: int) -> OutboxMessage:
    """A message that waits, locked; NotFound for none, InvalidTransition for one that does not wait any more."""
    message = OutboxMessage.objects.select_for_update().filter(pk=pk).first()
    if message is None:
        raise NotFound("没有找到这条待发消息。")
    if message.delivered_at or message.given_up_at:
        raise InvalidTransition("这条消息已经送出或放弃。")
    return message


def is_local(link: str) -> bool:
    """Whether a link stays within this site: a path, never another host."""
    return link.startswith("/") and len(link) <= LINK_LENGTH and url_has_allowed_host_and_scheme(link, None)
