"""Compare the ways of finding bursts in sparse counts on simulated series."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from devkit.simulation.bursts import SIZES, TITLE, compared, table_of
from devkit.simulation.written import commit, write_part


class Command(BaseCommand):
    help = "在模拟的稀疏件数序列上比较几种发现突增的方法：发现率、误报率、查准率、天数"
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        """How many series, and whether the table is kept."""
        parser.add_argument("--series", type=int, default=4000)
        parser.add_argument("--write", action="store_true", help="写入 docs/warnings.md")

    def handle(self, *args: Any, **options: Any) -> None:
        number, found = options["series"], []
        for least in SIZES:
            for one in compared(number, least):
                found.append((least, one))
                self.stdout.write(f"{least} {one}")
        table = table_of(number, found, timezone.localdate(), commit())
        self.stdout.write(table)
        if options["write"]:
            write_part(TITLE, table)
