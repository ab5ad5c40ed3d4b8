"""`manage.py backup [--to FOLDER] [--keep N]`, `manage.py backup --sign ARCHIVE`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workbench.operations.actions import make_backup, remove_old
from workbench.operations.archive import sign
from zhongzhi.core.errors import DomainError


class Command(BaseCommand):
    """Writes one archive and says what is in it."""

    help = "备份：数据库和上传的文件写成一个归档（不含密钥，密钥须另行保存）。办理照常进行。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how many to keep."""
        folder = Path(settings.BACKUP_DIR)
        parser.add_argument("--to", type=Path, default=folder, metavar="目录", help=f"放在哪个目录，默认 {folder}")
        parser.add_argument("--keep", type=int, metavar="份数", help="只留最新的几份，更早的删除；新备份缺文件时不删除")
        parser.add_argument(
            "--sign", type=Path, metavar="备份文件", help="不做备份，只为以前做的、来源可靠的备份补签名"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; then remove old ones. Where files were missing none is removed, and exit status 1 calls somebody."""
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep 至少为 1。")
        if options["sign"]:
            self._sign(options["sign"])
            return
        try:
            made = make_backup(options["to"])
            removed = remove_old(options["to"], 0 if made.manifest.missing else options["keep"] or 0)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(
                f"备份没有写成：{error.strerror or error}（{error.filename or options['to']}）"
            ) from error
        manifest = made.manifest
        self.stdout.write(f"备份已写成：{made.path}（{made.size / 1024 / 1024:.1f} MB）")
        self.stdout.write(
            f"  数据表 {len(manifest.tables)} 张，共 {sum(manifest.tables.values())} 行；文件 {manifest.files} 个；"
            f"留痕 {manifest.trail['chains']} 条链。恢复时需要密钥：{'、'.join(manifest.keys)}"
        )
        if removed:
            self.stdout.write(f"  已删除 {len(removed)} 份旧备份。")
        if manifest.missing:
            raise CommandError(
                f"备份已写成，但有 {len(manifest.missing)} 个文件在磁盘上缺失或已损坏，例如 {manifest.missing[0]}；"
                "请从更早的备份找回。" + ("因此没有删除任何旧备份。" if options["keep"] else "")
            )

    def _sign(self, path: Path) -> None:
        try:
            sign(path)
        except (DomainError, OSError) as error:
            raise CommandError(f"没有签名：{error}") from error
        self.stdout.write(f"已签名：{path}")
