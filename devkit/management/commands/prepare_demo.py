"""Everything between servers and pages, in one process: tables, demo county, static files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from devkit.commands import run
from zhongzhi.core.ciphers import sm3


class Command(BaseCommand):
    help = "准备演示系统：更新数据表、补齐演示旗县、收集静态文件（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        run("load_demo_county", stdout=self.stdout)
        stamp = settings.STATIC_ROOT / "collected-from"
        wanted = static_state()
        if not stamp.exists() or stamp.read_text() != wanted:
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            stamp.write_text(wanted)


def static_state() -> str:
    """A digest of names, sizes and times of all static files, that tells whether they must be collected again."""
    lines = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            lines.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return sm3("\n".join(sorted(lines)).encode())
