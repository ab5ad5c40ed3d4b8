"""Give an outside system a token for the API."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongzhi.accounts.actions import IssuedToken, issue_token, limit_client, register_client
from zhongzhi.accounts.models import ClientSight, Scope
from zhongzhi.core.errors import BadInput


class Command(BaseCommand):
    """Registers the client if it is new, sets its scopes, and prints the token, once."""

    help = "发放接口令牌：登记外部系统（如尚未登记）、设定其权限，并只显示一次令牌。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, scopes, and how long."""
        parser.add_argument("--client", required=True, help="外部系统名称")
        parser.add_argument("--scopes", required=True, nargs="+", help=f"权限：{' '.join(Scope.values)}")
        parser.add_argument("--sight", choices=ClientSight.values, help="查看范围，新登记的默认 organisation")
        parser.add_argument("--days", type=int, default=365, help="令牌有效天数，默认 365")
        parser.add_argument("--ends-on", type=date.fromisoformat, help="客户端有效期至（含），如 2027-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue and print."""
        try:
            client = register_client(options["client"], options["scopes"], ends_on=options["ends_on"])
            if options["sight"]:
                limit_client(client, sight=options["sight"], channel=client.channel, highest_risk=client.highest_risk)
        except BadInput as refusal:
            raise CommandError(refusal.message) from refusal
        issued = issue_token(client, days=options["days"])
        self.stdout.write(issued.text)
        self.stderr.write(_hint(issued))


def _hint(issued: IssuedToken) -> str:
    client, row = issued.row.client, issued.row
    return (
        f"令牌只显示这一次，请妥善保存。权限：{' '.join(client.scopes)}；到期：{row.expires_at:%Y-%m-%d}。\n"
        f"查看范围：{client.get_sight_display()}。\n"
        f"任职单位由其账号 {client.user.username} 的任职决定，没有任职则什么也看不到。"
    )
