"""Say where an outside system works: post its service user at an organisation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from grids.actions import post_person
from grids.queries import organisation_named
from grids.roles import POST_OF_SYSTEMS
from zhongzhi.accounts.queries import client_named
from zhongzhi.core.errors import DomainError


class Command(BaseCommand):
    help = "为外部系统设定任职单位：查看范围由 issue_token --sight 或接口页面设定"

    def add_arguments(self, parser: CommandParser) -> None:
        """The client and its organisation."""
        parser.add_argument("--client", required=True, help="外部系统名称（见 issue_token）")
        parser.add_argument("--organisation", required=True, help="单位全称，如 巨日合镇综治中心")

    def handle(self, *args: Any, **options: Any) -> None:
        """Post, from today on."""
        try:
            client, place = client_named(options["client"]), organisation_named(options["organisation"])
            post_person(client.user, place, POST_OF_SYSTEMS, starts_on=timezone.localdate())
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{client.name} 已任职于 {place.name}，查看范围：{client.get_sight_display()}。")
