"""Reading notices and the outbox."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.http import url_has_allowed_host_and_scheme

from zhongzhi.notices.models import LINK_LENGTH, Notice, OutboxMessage


def notices_of(user: AbstractBaseUser) -> QuerySet[Notice]:
    """What a person was told, unread first, then the newest."""
    return Notice.objects.filter(user_id=user.pk).order_by("-is_unread", "-id")


def unread_count(user: AbstractBaseUser) -> int:
    """How many notices a person has not read."""
    return Notice.objects.filter(user_id=user.pk, is_unread=True).count()


def due_messages(now: datetime, *, but_not: Collection[str] = ()) -> QuerySet[OutboxMessage]:
    """Undelivered messages whose time has come, the longest due first; those of some topics left out."""
    rows = OutboxMessage.objects.filter(delivered_at__isnull=True, next_attempt_at__lte=now)
    return (rows.exclude(topic__in=but_not) if but_not else rows).order_by("next_attempt_at", "id")


def oldest_due(now: datetime) -> datetime | None:
    """Since when the message that is due longest waits; None when nothing does. For the state of health."""
    return due_messages(now).values_list("next_attempt_at", flat=True).first()


def waiting_messages() -> int:
    """How many messages are not delivered yet."""
    return OutboxMessage.objects.filter(delivered_at__isnull=True).count()


def is_local(link: str) -> bool:
    """Whether a link stays within this site: a path, never another host."""
    return link.startswith("/") and len(link) <= LINK_LENGTH and url_has_allowed_host_and_scheme(link, None)
