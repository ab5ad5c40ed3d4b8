"""Simulate a year of a county with the shipped rules in a database of its own; check by SQL what must be true."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from devkit.management.commands import simulate_sweeps
from devkit.simulation.year import YearPlan, simulate_year
from intake.models import Case


class Command(simulate_sweeps.Command):
    help = "在一个临时数据库里按出厂规则模拟旗县一年，最后用 SQL 核对（如：各承办单位都按期的案件不得上提）"
    program, sizes = "simulate_year", ("cases", "days", "seed")

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--cases", type=int, default=300)
        parser.add_argument("--days", type=int, default=365)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--inside", action="store_true", help="用当前数据库（须为空库）")

    def _run(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        if Case.objects.exists():
            raise CommandError("当前数据库里已有案件；模拟只能在空库里进行。")
        sizes = {name: options[name] for name in self.sizes}
        report = simulate_year(YearPlan(**sizes, say=self._say))
        self.stdout.write(f"{report.counts}")
        for fault in report.broken:
            self.stderr.write(fault)
        if report.broken:
            raise CommandError(f"{len(report.broken)} 项核对不符。")
        self.stdout.write("全部核对相符。")
