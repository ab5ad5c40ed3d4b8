"""Count all cases anew."""

from typing import Any

from django.core.management.base import BaseCommand

from intake.counting.actions import rebuild_tallies


class Command(BaseCommand):
    help = "由案件重新汇总全部统计（办理照常进行）"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已重新汇总，更正 {rebuild_tallies()} 行")
