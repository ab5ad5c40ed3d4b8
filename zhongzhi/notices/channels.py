"""Where a message goes, by its topic. A handler delivers one message or raises; it may be called again."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from zhongzhi.notices.models import Notice, OutboxMessage

Handler: TypeAlias = Callable[[OutboxMessage], None]
NOTICE: Final = "notice"


class UnknownTopic(LookupError):
    """No channel is known for the topic of a message; it is kept until one is."""


def channel_of(topic: str) -> Handler:
    """The handler of a topic; raises UnknownTopic."""
    try:
        return CHANNELS[topic]
    except KeyError:
        raise UnknownTopic(topic) from None


def put_in_list(message: OutboxMessage) -> None:
    """Put a message into its reader's list; a second time changes nothing."""
    facts = message.payload
    notice = Notice(
        user_id=facts["user"],
        outbox=message,
        kind=facts["kind"],
        title=facts["title"],
        body=facts["body"],
        link=facts["link"],
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


CHANNELS: Final[Mapping[str, Handler]] = MappingProxyType({NOTICE: put_in_list})
