"""Begin the feed of changes anew, after the database was brought back by other means than `manage.py restore`."""

from typing import Any

from django.core.management.base import BaseCommand

from intake.actions import restart_feed


class Command(BaseCommand):
    help = "变更流重新开始：外部系统手中的位置全部作废（用其他办法恢复数据库后执行；manage.py restore 会自动执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        restart_feed()
        self.stdout.write("变更流已重新开始：外部系统须重新全量拉取")
