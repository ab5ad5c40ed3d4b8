"""Fill the working calendar: announced years from the package, later ones provisional, or a year from a CSV."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from intake.deadlines.actions import announced_year, reckoned_year, write_days
from intake.deadlines.announcements import Day, kind_of
from zhongzhi.core.errors import DomainError
from zhongzhi.web.sheets import Column, Sheet, SheetRow
from zhongzhi.web.written_days import read_day

COLUMNS = (
    Column("date", "date", required=True, also=("日期",)),
    Column("is_workday", "is_workday", required=True, also=("是否上班",)),
    Column("name", "name", also=("名称",)),
)
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
            with path.open("rb") as file:
                days = [_day(row) for row in Sheet(file, path.name, COLUMNS).rows()]
        except OSError as error:
            raise CommandError(f"读不到文件 {path}：{error.strerror}") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        changed = write_days(days, source=source, provisional=False, overrules=True)
        self.stdout.write(f"导入 {len(days)} 天，更新 {changed} 天；在走的时限已重新计算")


def _day(row: SheetRow) -> Day:
    try:
        day = read_day(row.values["date"])
        works = {"1": True, "0": False}[row.values["is_workday"]]
    except (KeyError, DomainError) as error:
        raise CommandError(f"第 {row.number} 行有误：需要 date（YYYY-MM-DD）与 is_workday（1 或 0）。") from error
    return Day(day, works, kind_of(day, works), row.values.get("name", "")[:20])
