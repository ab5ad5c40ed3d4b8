"""Messages to people, and the outbox they leave from."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhongzhi.notices"
    verbose_name = "消息"
