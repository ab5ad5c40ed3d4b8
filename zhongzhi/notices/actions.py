"""Posting to people, delivering what was posted, and reading it."""

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from zhongzhi.core.ciphers import reseal, seal
from zhongzhi.core.errors import NotFound
from zhongzhi.core.idnumbers import takes_text_messages
from zhongzhi.notices import queries
from zhongzhi.notices.channels import NOTICE, TEXT_MESSAGE, channel_of
from zhongzhi.notices.gateway import GatewayAway
from zhongzhi.notices.models import KEY_LENGTH, TITLE_LENGTH, Notice, OutboxMessage

# One statement for any number of messages; a key that was used is passed over.
POST = """
    INSERT INTO notices_outboxmessage
        (key, topic, payload, created_at, not_before, attempts, next_attempt_at, last_error)
    SELECT key, %s, payload::jsonb, %s, not_before, 0, coalesce(not_before, %s), ''
    FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS told (key, payload, not_before) ON CONFLICT DO NOTHING
"""
LONGEST_WAIT = timedelta(hours=6)
CALLING, LONGEST_CALLING = "notices:calling", 300
"""Whoever calls other systems says so here, for so many seconds at most."""
log = logging.getLogger(__name__)


def post(
    users: Iterable[AbstractBaseUser],
    kind: str,
    *,
    title: str,
    body: str = "",
    link: str = "",
    key: str,
    not_before: datetime | None = None,
) -> None:
    """Tell `users` something once the caller's transaction is committed, and not before `not_before`.

    `key` names the occasion: the same key again tells nobody a second time. `link` is an address of ours ("/cases/…").
    Raises ValueError for a link elsewhere or a key that is too long.
    """
    post_all([Announcement(tuple(users), kind, title, body, link, key, not_before)])


@dataclass(frozen=True)
class Announcement:
    """One thing told to some people; see `post`."""

    users: Collection[AbstractBaseUser]
    kind: str
    title: str
    body: str
    link: str
    key: str
    not_before: datetime | None = None


def post_all(announcements: Iterable[Announcement]) -> None:
    """Post several at the cost of one; the same rules as for `post`."""
    now = timezone.now()
    rows = [row for announcement in announcements for row in _messages(announcement)]
    if rows:
        keys, payloads, opens = map(list, zip(*rows, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(POST, [NOTICE, now, now, keys, payloads, opens])


def post_text_message(
    number: str, text: str, *, key: str, not_before: datetime | None = None, not_after: datetime | None = None
) -> bool:
    """Send a text message to somebody who is no user, once the caller's transaction is committed.

    What has not gone out by `not_after` is given up: it would tell of what is over. Number and words are kept sealed
    until they are delivered. The same `key` again sends nothing. A number that takes no text messages gets none: the
    answer says so, and the caller sees that somebody phones.
    """
    if not takes_text_messages(number):
        return False
    own = f"text:{key}"
    if len(own) > KEY_LENGTH:
        raise ValueError(f"a key has at most {KEY_LENGTH} characters")
    sealed = {name: b64encode(seal(value, aad=own)).decode() for name, value in (("to", number), ("text", text))}
    message = OutboxMessage(
        key=own,
        topic=TEXT_MESSAGE,
        payload=sealed,
        not_before=not_before,
        not_after=not_after,
        next_attempt_at=not_before or timezone.now(),
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    return True


def _messages(told: Announcement) -> list[tuple[str, str, datetime | None]]:
    """One for each person: key, payload as JSON, and not before when."""
    if told.link and not queries.is_local(told.link):
        raise ValueError("a notice links to pages of ours only")
    title = told.title
    if len(title) > TITLE_LENGTH:
        title = Truncator(title).chars(TITLE_LENGTH, truncate="…")
    facts = {"kind": told.kind, "title": title, "body": told.body, "link": told.link}
    people = sorted({user.pk for user in told.users})
    return [(_key(told.key, pk), json.dumps({"user": pk, **facts}), told.not_before) for pk in people]


def deliver_due(now: datetime, limit: int = 100) -> int:
    """Deliver what is due at `now`, at most `limit` messages, each in a transaction of its own; how many went out.

    Any number of deliverers may run at once: a message is locked by one and passed over by the others. One that
    fails is tried again after 1, 2, 4 … minutes, at most 6 hours, and never dropped. While a gateway is away its other
    messages are left alone until the next call, so that nobody's notices wait behind them. Other systems are called by
    `call_due`: nothing here waits for how slowly they answer.
    """
    return _deliver(now, limit, are_calls=False)


def call_due(now: datetime, limit: int = 20) -> int:
    """The same for what other systems are told, which may take ten seconds each; 0 while somebody else is calling."""
    if not cache.add(CALLING, True, LONGEST_CALLING):
        return 0
    try:
        return _deliver(now, limit, are_calls=True)
    finally:
        cache.delete(CALLING)


def _deliver(now: datetime, limit: int, *, are_calls: bool) -> int:
    delivered, away = 0, set[str]()
    for _ in range(limit):
        went_out = _deliver_next(now, away, are_calls=are_calls)
        if went_out is None:
            break
        delivered += went_out
    return delivered


@transaction.atomic
def reseal_message(pk: int) -> int:
    """Seal a waiting text message again under the first key; 0 when it has gone out meanwhile."""
    message = queries.outbox().select_for_update().filter(pk=pk, delivered_at=None, given_up_at=None).first()
    if message is None:
        return 0
    for name, text in message.payload.items():
        if fresh := reseal(b64decode(text), aad=message.key):
            message.payload[name] = b64encode(fresh).decode()
    message.save(update_fields=["payload"])
    return 1


def empty_messages(keys: Sequence[int]) -> None:
    """Take the contents out of delivered messages; their keys stay, so that nobody is told twice."""
    queries.outbox().filter(pk__in=keys, delivered_at__isnull=False).update(payload={})


@transaction.atomic
def retry_message(pk: int) -> OutboxMessage:
    """Let a message that failed be tried at the next delivery."""
    message = queries.locked_message(pk)
    message.next_attempt_at = timezone.now()
    message.save(update_fields=["next_attempt_at"])
    return message


@transaction.atomic
def give_message_up(pk: int) -> OutboxMessage:
    """Let a message never be delivered; its row stays."""
    message = queries.locked_message(pk)
    message.given_up_at = timezone.now()
    message.save(update_fields=["given_up_at"])
    return message


def post_to_channel(topic: str, key: str, payload: dict[str, str]) -> None:
    """Put a message of a channel of an app above into the outbox; the same `key` again sends nothing."""
    message = OutboxMessage(key=key, topic=topic, payload=payload)
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)


def retry_topic(topic: str) -> int:
    """Let all messages of a topic that wait be tried at the next delivery; how many."""
    waiting = queries.waiting().filter(topic=topic)
    return waiting.update(next_attempt_at=timezone.now(), attempts=0)


def mark_read(user: AbstractBaseUser, ids: Iterable[int]) -> int:
    """Mark these notices of `user` as read; how many were not yet. Notices of others are left alone."""
    return _read(queries.notices_of(user).filter(pk__in=list(ids)))


def open_notice(user: AbstractBaseUser, notice_id: int) -> Notice:
    """The notice of `user`, now read. Raises NotFound for one that is not there or another's."""
    notice = queries.notices_of(user).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound("没有找到这条消息。")
    mark_read(user, [notice.pk])
    return notice


@transaction.atomic
def _deliver_next(now: datetime, away: set[str], *, are_calls: bool) -> bool | None:
    """Try the message that is due longest: whether it went out, None when none is due. A topic whose gateway turns out
    to be away is added to `away`.

    A process that dies here leaves the message as it was, due and unlocked.
    """
    due = queries.due_next(now, are_calls=are_calls, but_not=away)
    message = due.select_for_update(skip_locked=True).first()
    if message is None:
        return None
    if message.not_after is not None and now > message.not_after:
        message.given_up_at = timezone.now()
        message.save(update_fields=["given_up_at"])
        return False
    try:
        with transaction.atomic():
            channel_of(message.topic)(message)
            connection.check_constraints()
    except Exception as error:
        if isinstance(error, GatewayAway):
            away.add(message.topic)
        _put_off(message, now, error)
        return False
    message.delivered_at, message.last_error = timezone.now(), ""
    message.save(update_fields=["delivered_at", "last_error"])
    return True


def _put_off(message: OutboxMessage, now: datetime, error: Exception) -> None:
    """Wait longer for the next try. Only the kind of error is kept: its text may hold personal data."""
    message.attempts += 1
    message.next_attempt_at = now + _wait(message.attempts)
    message.last_error = type(error).__name__[:100]
    message.save(update_fields=["attempts", "next_attempt_at", "last_error"])
    log.warning(
        "message not delivered",
        extra={"outbox": message.pk, "topic": message.topic, "attempts": message.attempts, "error": message.last_error},
    )


def _wait(attempts: int) -> timedelta:
    """1, 2, 4 … minutes after the first, second, third … failure."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)


def _key(key: str, user_id: int) -> str:
    own = f"{key}:{user_id}"
    if not key or len(own) > KEY_LENGTH:
        raise ValueError(f"a key has 1 to {KEY_LENGTH} characters, the reader's number included")
    return own


def _read(notices: QuerySet[Notice]) -> int:
    return notices.filter(read_at__isnull=True).update(read_at=timezone.now())
