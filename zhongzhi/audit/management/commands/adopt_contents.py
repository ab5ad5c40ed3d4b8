"""`manage.py adopt_contents`."""

from typing import Any

from django.core.management.base import BaseCommand

from zhongzhi.audit.actions import adopt_contents


class Command(BaseCommand):
    """Marks rows that were there before their table was marked; after an upgrade, once."""

    help = "升级后执行一次：为原有的内容登记摘要，此后的改动由 verify_trail 核对。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many rows of which table were marked."""
        adopted = adopt_contents()
        for table, rows in adopted.items():
            self.stdout.write(f"{table}\t{rows}")
        self.stdout.write(f"已登记 {sum(adopted.values())} 行。")
