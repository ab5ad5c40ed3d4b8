"""What is wrong with the settings of the text message gateway, said at the start and not at the first message."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from zhongzhi.notices.gateway import PLACEHOLDER, template


@register()
def check_gateway(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """An address of http or https, and a template of JSON that carries number and words."""
    if not settings.TEXT_MESSAGE_URL:
        return []
    found: list[CheckMessage] = []
    parts = urlsplit(settings.TEXT_MESSAGE_URL)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        found.append(Error("TEXT_MESSAGE_URL 应为 http:// 或 https:// 开头的完整地址。", id="notices.E001"))
    elif parts.scheme == "http":
        found.append(
            Warning("TEXT_MESSAGE_URL 未加密，号码和内容明文传输；请只在受保护的内网使用。", id="notices.W001")
        )
    try:
        names = set(PLACEHOLDER.findall(repr(template())))
    except ValueError:
        return [*found, Error("TEXT_MESSAGE_TEMPLATE 不是 JSON。", id="notices.E002")]
    if not {"to", "text"} <= names:
        found.append(Error("TEXT_MESSAGE_TEMPLATE 中应有 {to} 和 {text}。", id="notices.E003"))
    return found
