"""`manage.py sweep_orphan_files`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhongzhi.files import actions


class Command(BaseCommand):
    """Clears away files on the disk that no row knows."""

    help = "删除磁盘上没有登记、且写入超过一小时的文件（上传后事务回滚留下的）。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once and say how many."""
        removed = actions.sweep_orphans(timezone.now())
        self.stdout.write(f"已清理 {removed} 个无主文件。")
