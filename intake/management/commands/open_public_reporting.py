"""Let citizens report without a visit: their reports go to one centre's sorters."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from grids.actions import post_person
from grids.queries import organisation_named
from grids.roles import POST_OF_SYSTEMS
from intake.public.queries import PUBLIC_DESK, public_desk
from zhongzhi.accounts.actions import create_user
from zhongzhi.accounts.models import UserKind
from zhongzhi.core.errors import NotFound


class Command(BaseCommand):
    help = "开通群众网上反映：来件登记到指定综治中心待研判（已开通的不变）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--centre", required=True, help="综治中心全称")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(f"网上反映：已开通，来件到{public_desk().organisation}")
            return
        except NotFound:
            pass
        centre = organisation_named(options["centre"])
        if not centre.is_centre:
            raise CommandError(f"“{centre}”不是综治中心。")
        user = create_user(username="public-report", name=PUBLIC_DESK, kind=UserKind.SERVICE)
        post_person(user, centre, POST_OF_SYSTEMS, starts_on=timezone.localdate())
        self.stdout.write(f"网上反映：开通，来件到{centre}")
