"""Identity: people, their sessions, outside systems."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhongzhi.accounts"
    verbose_name = "账号"
