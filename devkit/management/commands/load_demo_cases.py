"""Make the invented disputes of the demo county."""

from typing import Any

from django.core.management.base import BaseCommand

from devkit.demo.cases import make_cases


class Command(BaseCommand):
    help = "生成演示旗县的案件：到今天为止两年的办理历史和各状态的在办案件（只生成一次）"

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_cases()
        self.stdout.write(f"案件：新增 {made} 件" if made else "案件：已有演示案件，不再生成")
