"""Identity: people, their sessions, outside systems."""

from typing import Any

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.backends.signals import connection_created

from zhongzhi.rows.remembered import notice_changes, remember_for


class AccountsConfig(AppConfig):
    name = "zhongzhi.accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """What is remembered is remembered for one request."""
        connection_created.connect(notice_changes, dispatch_uid="zhongzhi.rows.remembered")
        for moment in (request_started, request_finished):
            moment.connect(_nothing_remembered, dispatch_uid="zhongzhi.rows.remembered")


def _nothing_remembered(sender: Any, **_: Any) -> None:
    remember_for("")
