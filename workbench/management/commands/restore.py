"""`manage.py restore ARCHIVE [--check] [--replace]`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workbench.operations.actions import Restored, fitting_keys, note_restored, restore_backup, start_anew
from workbench.operations.archive import Manifest, verified
from workbench.operations.queries import needs_migrating, trail_now
from zhongzhi.audit.actions import note_restored_trail
from zhongzhi.core.errors import DomainError


class Command(BaseCommand):
    """Restores an archive and checks what came of it; or only looks at the archive."""

    help = "恢复：由备份归档恢复数据库和上传的文件，并核对行数、留痕和统计。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which archive, and how."""
        parser.add_argument("archive", type=Path, metavar="备份文件")
        parser.add_argument("--check", action="store_true", help="只检查备份是否完整，不碰数据库")
        parser.add_argument("--replace", action="store_true", help="放弃数据库里现有的全部数据")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 1 when it was refused, or when what was restored is not as it should be."""
        try:
            if options["check"]:
                self._check(verified(options["archive"]))
                return
            self._restore(options["archive"], replace=options["replace"])
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(
                f"恢复中断，数据库没有改动：{error.strerror or error}（{error.filename or ''}）"
            ) from error

    def _check(self, manifest: Manifest) -> None:
        self._report("备份完整", manifest)
        wrong = fitting_keys(manifest)
        self.stdout.write(
            f"  所需密钥：{'、'.join(manifest.keys)}；" + (f"本机缺少 {'、'.join(wrong)}" if wrong else "本机齐全")
        )
        self.stdout.write("  签名：" + ("本系统" if manifest.is_signed else "没有，或不是本系统的；不能恢复"))

    def _restore(self, path: Path, *, replace: bool) -> None:
        done = restore_backup(path, replace=replace)
        try:
            faults = self._finished(done, path)
            if not faults:
                self.stdout.write("恢复完成。请核对备份之后撤销过的接口令牌和停用过的账号，再启动服务。")
        except (Exception, KeyboardInterrupt) as error:
            raise CommandError(
                f"数据已替换，但收尾没有完成（{_reason(error)}）。请排除原因后重新执行 restore --replace。"
            ) from error
        if faults:
            raise CommandError("数据已恢复，但核对发现问题：" + "；".join(faults))

    def _finished(self, done: Restored, path: Path) -> list[str]:
        """What follows once the data are replaced; faults found on the way.

        Sign-ins and places in the feed end first, as soon as the tables are those that this program knows.
        """
        if outdated := needs_migrating():
            call_command("migrate", interactive=False, verbosity=0)
        if settings.DATABASE_PROGRAM_ROLE:
            call_command("grant_program", stdout=self.stdout)
        start_anew(done)
        faults = [] if trail_now() == done.manifest.trail else ["留痕的末端与清单不符"]
        note_restored(done, path)
        note_restored_trail()
        self._report("已恢复，各表行数与清单一致", done.manifest)
        self.stdout.write(f"  放回文件 {done.files} 个")
        if outdated:
            call_command("load_tables", stdout=self.stdout)
            self.stdout.write("  数据库结构和代码表已更新到本程序的版本")
        return faults + self._checked(done)

    def _checked(self, done: Restored) -> list[str]:
        """Faults of trail and figures; each speaks for itself."""
        faults = []
        for command in ("verify_trail", "check_figures"):
            try:
                call_command(command, stdout=self.stdout, stderr=self.stderr)
            except CommandError as error:
                faults.append(str(error))
        self.stdout.write(f"  登录会话 {done.sessions} 个已全部结束；外部系统须重新全量拉取变更")
        if missing := done.manifest.missing:
            self.stdout.write(f"  备份时就缺少或损坏的文件 {len(missing)} 个，例如 {missing[0]}")
        return faults

    def _report(self, what: str, manifest: Manifest) -> None:
        self.stdout.write(
            f"{what}：{manifest.made_at} 的备份，程序 {manifest.program}，PostgreSQL {manifest.server}；"
            f"数据表 {len(manifest.tables)} 张，共 {sum(manifest.tables.values())} 行，文件 {manifest.files} 个"
        )


def _reason(error: BaseException) -> str:
    """What stopped it, in one line; further lines of a database's error may quote rows."""
    if isinstance(error, DomainError):
        return error.message
    words = str(error).strip().partition("\n")[0]
    return words if isinstance(error, CommandError) else ": ".join(filter(None, (type(error).__name__, words)))
