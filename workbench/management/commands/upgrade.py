"""`manage.py upgrade [--no-backup] [--tries N]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workbench.operations.actions import faults_after, make_backup, migrate_beside, pending_migrations
from zhongzhi.core.errors import DomainError


class Command(BaseCommand):
    """Backup, check, migrate, verify; the program before this one may run all the while."""

    help = "升级数据库结构：先备份，再逐项迁移（表在使用时让开并重试），最后核对。旧程序可同时运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        """How patient, and whether a backup stands already."""
        parser.add_argument("--no-backup", action="store_true", help="不做备份（已有别的备份）")
        parser.add_argument("--tries", type=int, default=10, metavar="次数", help="每项最多试几次，默认 10")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 where not all was done; the last line says what stands."""
        try:
            pending = pending_migrations()
            if not pending:
                self.stdout.write("数据库结构已是最新。")
                return
            self.stdout.write(f"需要执行 {len(pending)} 项迁移。")
            if not options["no_backup"]:
                made = make_backup(Path(settings.BACKUP_DIR))
                self.stdout.write(f"升级前的备份：{made.path}")
            done = migrate_beside(max(options["tries"], 1), self.stdout.write)
        except DomainError as error:
            raise CommandError(error.message) from error
        if found := faults_after():
            raise CommandError("迁移已执行，但核对发现问题：" + "；".join(found))
        self.stdout.write(f"升级完成：执行 {len(done.applied)} 项，让开 {done.waited} 次。现在可以换上新程序。")
