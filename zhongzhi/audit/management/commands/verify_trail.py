"""`manage.py verify_trail [--chain case:12]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongzhi.audit.verify import Counts, at_one_moment, verify


class Command(BaseCommand):
    """Names every entry, head and seal of the trail that is not as it was written."""

    help = "核对留痕：逐条检查是否被改动、删除或插入。完好时退出码为 0，否则为 1，每处一行。"

    def add_arguments(self, parser: CommandParser) -> None:
        """One chain, or all of them."""
        parser.add_argument("--chain", help="只核对一条链，例如 case:12（不核对封存）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one line per fault: where, code, sentence; the counts at the end. Raises CommandError if any."""
        counts, faults = Counts(), 0
        with at_one_moment():
            for fault in verify(counts, options["chain"]):
                faults += 1
                self.stdout.write(f"{fault.where}\t{fault.code}\t{fault.what}")
        checked = f"链 {counts.chains} 条，留痕 {counts.entries} 条，封存 {counts.seals} 号"
        if faults:
            raise CommandError(f"留痕不完好：发现 {faults} 处问题（已核对{checked}）。", returncode=1)
        self.stdout.write(f"留痕完好：已核对{checked}。")
