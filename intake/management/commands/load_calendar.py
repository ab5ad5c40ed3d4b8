"""Fill the working calendar: announced years from the package, later ones provisional, or a year from a CSV."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from intake.deadlines.actions import announced_year, reckoned_year, write_days
from intake.deadlines.actions.calendar import Day
from intake.deadlines.models import DayKind

YEARS_BACK, YEARS_AHEAD = 2, 2


class Command(BaseCommand):
    help = "填充工作日历；--csv 导入国务院办公厅公布的安排（列：date,is_workday,name）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--csv", type=Path, help="CSV 文件，is_workday 为 1 或 0")
        parser.add_argument("--source", default="", help="文号，与 --csv 同用")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["csv"]:
            self._import(options["csv"], options["source"])
            return
        this_year = timezone.localdate().year
        for year in range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1):
            self._fill(year)

    def _fill(self, year: int) -> None:
        try:
            changed = write_days(announced_year(year), source="国务院办公厅通知（chinesecalendar）", provisional=False)
        except NotImplementedError:
            changed = write_days(reckoned_year(year), source="按法定节假日推算", provisional=True)
        self.stdout.write(f"{year} 年：更新 {changed} 天")

    def _import(self, path: Path, source: str) -> None:
        if not source:
            raise CommandError("请用 --source 写明文号。")
        try:
            with path.open(encoding="utf-8-sig") as file:
                days = [_day(number, row) for number, row in enumerate(csv.DictReader(file), start=2)]
        except OSError as error:
            raise CommandError(f"读不到文件 {path}：{error.strerror}") from error
        changed = write_days(days, source=source, provisional=False, overrules=True)
        self.stdout.write(f"导入 {len(days)} 天，更新 {changed} 天；在走的时限已重新计算")


def _day(number: int, row: dict[str, str]) -> Day:
    try:
        day = date.fromisoformat(row["date"].strip())
        works = {"1": True, "0": False}[row["is_workday"].strip()]
    except (KeyError, ValueError, AttributeError) as error:
        raise CommandError(f"第 {number} 行有误：需要 date（YYYY-MM-DD）与 is_workday（1 或 0）。") from error
    return Day(day, works, _kind(day, works), (row.get("name") or "").strip()[:20])


def _kind(day: date, works: bool) -> str:
    if works:
        return DayKind.ORDINARY if day.weekday() < 5 else DayKind.MAKE_UP
    return DayKind.STATUTORY
