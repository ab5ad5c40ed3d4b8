"""Plant known courses in a year of cases in a database of its own, and say what the rules of early warning find."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from devkit.management.commands import simulate_sweeps
from devkit.simulation.warning_year import TITLE, YearPlan, judged_year, table_of
from devkit.simulation.written import commit, write_part
from intake.models import Case


class Command(simulate_sweeps.Command):
    help = (
        "在一个临时数据库里生成一年的案件，埋入已知走向的邻里积怨、集体讨薪和案件突增的村，看各条预警规则发现多少、多早"
    )
    program, sizes = "simulate_warnings", ("cases", "quarrels", "claims", "bursts", "before", "seed", "write")

    def add_arguments(self, parser: Any) -> None:
        """How many cases and courses, and whether the table is kept."""
        parser.add_argument("--cases", type=int, default=20_000)
        parser.add_argument("--quarrels", type=int, default=60)
        parser.add_argument("--claims", type=int, default=25)
        parser.add_argument("--bursts", type=int, default=12)
        parser.add_argument("--before", type=int, default=1, help="之前还有几年的案件（没有埋入的走向）")
        parser.add_argument("--seed", type=int, default=20)
        parser.add_argument("--write", nargs="?", type=int, const=1, default=0, help="写入 docs/warnings.md")
        parser.add_argument("--inside", action="store_true", help="用当前数据库（须为空库）")

    def _run(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        if Case.objects.exists():
            raise CommandError("当前数据库里已有案件；模拟只能在空库里进行。")
        plan = YearPlan(**{name: options[name] for name in self.sizes[:-1]})
        found = []
        for one in judged_year(plan):
            found.append(one)
            self._say(
                f"{one.run.slug}: {one.run.raised} raised, {one.beside} beside, {one.in_time}/{one.planted} in time"
            )
        table = table_of(plan, found, timezone.localdate(), commit())
        self._say(table)
        if options["write"]:
            write_part(TITLE, table)
