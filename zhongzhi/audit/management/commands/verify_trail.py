"""`manage.py verify_trail [--chain case:12] [--anchors [FILE]] [--json]`."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from zhongzhi.audit.verify import Counts, Fault, at_one_moment, verify, verify_all


class Command(BaseCommand):
    """Names every entry, head and seal of the trail that is not as it was written, and every row it vouches for."""

    help = (
        "核对留痕：逐条检查是否被改动、删除或插入，并核对受保护内容（当事人、任职、密码、时限、状态、公文、协议等）。"
        "完好时退出码为 0，否则为 1，每处一行。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One chain, or everything; with what was told outside of the database, or not."""
        parser.add_argument("--chain", help="只核对一条链，例如 case:12（不核对封存与内容）")
        own = settings.ANCHOR_FILE
        parser.add_argument("--anchors", nargs="?", const=own, help=f"与库外的封存记录核对，默认 {own}")
        parser.add_argument("--json", action="store_true", help="每处问题输出为一行 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one line per fault: where, code, sentence; the counts at the end. Raises CommandError if any."""
        counts, faults = Counts(), 0
        with at_one_moment():
            for fault in _faults(counts, options["chain"], options["anchors"]):
                faults += 1
                self.stdout.write(_line(fault, as_json=options["json"]))
        checked = f"链 {counts.chains} 条，留痕 {counts.entries} 条，封存 {counts.seals} 号"
        if faults:
            raise CommandError(f"留痕不完好：发现 {faults} 处问题（已核对{checked}）。", returncode=1)
        self.stdout.write(f"留痕完好：已核对{checked}。")


def _faults(counts: Counts, chain: str | None, anchors: str | None) -> Iterator[Fault]:
    if chain is not None:
        return verify(counts, chain)
    return verify_all(counts, Path(anchors) if anchors else None)


def _line(fault: Fault, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(fault), ensure_ascii=False)
    return f"{fault.where}\t{fault.code}\t{fault.what}"
