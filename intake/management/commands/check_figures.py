"""Compare the roll-ups with a plain recount of the same moment."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from intake.actions import differences


class Command(BaseCommand):
    help = "统计汇总与逐案重新清点相比较；不一致时列出并以状态 1 退出"

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for place, axis, grain, measure, day, key, kept, plain in found:
            self.stderr.write(f"{place} {day}({grain}) {measure} {axis}={key}: 汇总 {kept}，清点 {plain}")
        if found:
            raise CommandError("统计汇总与清点不一致；请执行 manage.py rebuild_figures")
        self.stdout.write("统计汇总与清点一致")
