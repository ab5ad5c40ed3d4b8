"""Compare the ranking of similar cases with plain BM25 on texts whose kind is known, in a database of its own."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from devkit.management.commands import simulate_sweeps
from devkit.simulation.like_trial import TITLE, Plan, compared, table_of
from devkit.simulation.written import commit, write_part
from intake.models import Case


class Command(simulate_sweeps.Command):
    help = "在一个临时数据库里用已知类别的案情比较“类似的旧案”和 BM25 的排序"
    program, sizes = "simulate_similar", ("cases", "queries", "write")

    def add_arguments(self, parser: Any) -> None:
        """How many of each of the 30 kinds, and whether the table is kept."""
        parser.add_argument("--cases", type=int, default=40, help="每类旧案多少件")
        parser.add_argument("--queries", type=int, default=8, help="每类查询多少件")
        parser.add_argument("--write", nargs="?", type=int, const=1, default=0, help="写入 docs/warnings.md")
        parser.add_argument("--inside", action="store_true", help="用当前数据库（须为空库）")

    def _run(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        if Case.objects.exists():
            raise CommandError("当前数据库里已有案件；比较只能在空库里进行。")
        plan = Plan(options["cases"], options["queries"])
        table = table_of(plan, compared(plan), timezone.localdate(), commit())
        self._say(table)
        if options["write"]:
            write_part(TITLE, table)
