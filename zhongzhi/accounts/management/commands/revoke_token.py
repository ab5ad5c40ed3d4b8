"""Take a token back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongzhi.accounts.actions import revoke_token
from zhongzhi.accounts.queries import token_by_prefix


class Command(BaseCommand):
    """Revokes the token with the given prefix, at once."""

    help = "吊销接口令牌，立即生效。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The part of the token between zz_ and the second underscore."""
        parser.add_argument("prefix", help="令牌前缀（zz_ 之后、第二个下划线之前），也可给出整个令牌")

    def handle(self, *args: Any, **options: Any) -> None:
        """Revoke."""
        token = token_by_prefix(options["prefix"])
        if token is None:
            raise CommandError("没有这个前缀的令牌。")
        revoke_token(token)
        self.stdout.write(f"已吊销 {token}（{token.client}）。")
