"""Where a message goes, by its topic. A handler delivers one message or raises; it may be called again."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from django.conf import settings

from zhongzhi.core.ciphers import unseal
from zhongzhi.notices import gateway
from zhongzhi.notices.models import Notice, OutboxMessage

Handler: TypeAlias = Callable[[OutboxMessage], None]
NOTICE: Final = "notice"
TEXT_MESSAGE: Final = "text_message"


class UnknownTopic(LookupError):
    """No channel is known for the topic of a message; it is kept until one is."""


def channel_of(topic: str) -> Handler:
    """The handler of a topic (`webhook:7` is of `webhook`); raises UnknownTopic."""
    kind = topic.partition(":")[0]
    handler = CHANNELS.get(kind) or further_channels.get(kind)
    if handler is None:
        raise UnknownTopic(topic)
    return handler


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


def send_text(message: OutboxMessage) -> None:
    """Hand a text message to the gateway: by HTTP where an address is set, else by its pick-up folder.

    The number and the words are unsealed only here. Raises what `gateway.send` raises.
    """
    facts = {name: unseal(b64decode(message.payload[name]), aad=message.key) for name in ("to", "text")}
    if settings.TEXT_MESSAGE_URL:
        gateway.send(f"{message.key}@{message.created_at.isoformat()}", **facts)
    else:
        put_in_file(message, facts)


def put_in_file(message: OutboxMessage, facts: Mapping[str, str]) -> None:
    """One file a message in the pick-up folder; writing it again changes nothing."""
    folder = Path(settings.TEXT_MESSAGE_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{message.pk}.json"
    partial = target.with_suffix(".part")
    partial.write_text(json.dumps({"id": message.pk, **facts}, ensure_ascii=False), encoding="utf-8")
    partial.rename(target)


CHANNELS: Final[Mapping[str, Handler]] = MappingProxyType({NOTICE: put_in_list, TEXT_MESSAGE: send_text})

further_channels: dict[str, Handler] = {}
"""Those of apps above, filled in `AppConfig.ready()`."""
