"""`manage.py grant_program [--role zhongzhi_program]`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workbench.operations.actions import grant_program
from zhongzhi.core.errors import BadInput


class Command(BaseCommand):
    """Gives the program's role what it needs; run as the owner of the tables, after every `migrate`."""

    help = "授予程序角色所需的权限并收回其余权限。以数据表所有者的身份、每次 migrate 之后执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the role, by default that of the settings."""
        parser.add_argument("--role", default=settings.DATABASE_PROGRAM_ROLE, help="默认取 DATABASE_PROGRAM_ROLE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many tables the role may write, only add to, only read."""
        if not options["role"]:
            raise CommandError("请用 --role 或 DATABASE_PROGRAM_ROLE 指明程序的数据库角色。")
        try:
            given = grant_program(options["role"])
        except BadInput as error:
            raise CommandError(error.message) from error
        tables = "，".join(f"{right} {number} 张" for right, number in sorted(given.items()))
        self.stdout.write(f"已授权给 {options['role']}：{tables}。")
