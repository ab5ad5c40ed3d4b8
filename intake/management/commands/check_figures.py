"""Compare the roll-ups with what the triggers would count now, and what is read of them with a plain recount."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grids.models import Level, Territory
from intake.counting import queries as counting_queries
from intake.counting.actions import differences


class Command(BaseCommand):
    help = "统计汇总与逐案重新清点相比较；不一致时列出并以状态 1 退出"

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for place, axis, grain, measure, day, key, kept, plain in found:
            self.stderr.write(f"{place} {day}({grain}) {measure} {axis}={key}: 汇总 {kept}，清点 {plain}")
        misread = [line for county in _counties() for line in _apart(county)]
        for line in misread:
            self.stderr.write(line)
        if found or misread:
            raise CommandError("统计汇总与清点不一致；请执行 manage.py rebuild_figures")
        self.stdout.write("统计汇总与清点一致")


def _counties() -> list[str]:
    return list(Territory.objects.filter(level=Level.COUNTY).order_by("code").values_list("code", flat=True))


def _apart(county: str) -> list[str]:
    """All there ever was in a county, as it is read and as it is recounted."""
    of = counting_queries.Slice(county, date(2000, 1, 2), date(2999, 12, 31))
    lines = counting_queries.apart(of).items()
    return [f"{county} {m} {axis}={key}: 读出 {read}，清点 {n}" for (m, axis, key), (read, n) in lines]
