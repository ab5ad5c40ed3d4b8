"""Let the database count the cases by the measures as this version defines them."""

from typing import Any

from django.core.management.base import BaseCommand

from intake.counting.actions import count_changes


class Command(BaseCommand):
    help = "按本版本的统计口径建立自动计数；口径有变化时重新汇总（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("统计口径：已更新并重新汇总" if count_changes() else "统计口径：没有变化")
