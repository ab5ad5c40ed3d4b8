"""Messages to people, and the outbox they leave from."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhongzhi.notices"
    verbose_name = "消息"

    def ready(self) -> None:
        """The checks of the gateway's settings."""
        from zhongzhi.notices import checks  # noqa: F401 - checks are registered when the app is ready
