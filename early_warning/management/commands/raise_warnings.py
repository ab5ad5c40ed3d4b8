"""Look at what is there already, as after an upgrade: cases of the last days and every unsettled hazard."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from early_warning import actions
from early_warning.queries.stock import cases_since, unsettled_hazards


class Command(BaseCommand):
    help = "对已有的案件和隐患研判一遍（升级后首次使用时）"

    def add_arguments(self, parser: CommandParser) -> None:
        """How far back."""
        parser.add_argument("--days", type=int, default=180, help="多少天以来登记的案件，默认 180")

    def handle(self, *args: Any, **options: Any) -> None:
        """Note them all, and look at them."""
        now = timezone.now()
        actions.note_cases(cases_since(now - timedelta(days=options["days"])))
        actions.note_hazards(unsettled_hazards())
        seen = 0
        while batch := actions.look_at_changes(now):
            seen += batch
        actions.look_at_day(now)
        self.stdout.write(f"已研判 {seen} 件")
