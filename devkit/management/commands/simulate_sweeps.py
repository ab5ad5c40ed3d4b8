"""Simulate a county for some weeks with real workers and beats, kills and a broker away; check what must be true."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from devkit import installation
from devkit.servers.postgres import Postgres
from devkit.servers.valkey import Valkey
from devkit.simulation.course import Plan, simulate
from intake.models import Case
from zhongzhi.environment import KEYS, SERVERS


class Command(BaseCommand):
    help = "在一个临时数据库里模拟运行：真实的后台任务和定时调度，随机杀进程、消息队列中断，最后用 SQL 核对"
    requires_system_checks = ()
    program: str = "simulate_sweeps"
    sizes: tuple[str, ...] = ("cases", "days", "kill_every")

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--cases", type=int, default=10_000)
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--kill-every", type=float, default=20.0, help="秒")
        parser.add_argument("--inside", action="store_true", help="用当前数据库（须为空库）")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            self._run(options)
            return
        with tempfile.TemporaryDirectory(prefix="zz-simulate-") as name:
            data = Path(name).resolve()
            data.chmod(0o711)
            servers = (Postgres(data, fast=True), Valkey(data, fast=True))
            installation.prepare(data)
            own = {"ZHONGZHI_DATA": name, "LOG_LEVEL": "ERROR"}
            try:
                for server in servers:
                    server.start()
                self._again_inside(own, options)
            finally:
                for server in servers:
                    server.stop()

    def _again_inside(self, own: dict[str, str], options: dict[str, Any]) -> None:
        inherited = {k: v for k, v in os.environ.items() if k not in (*KEYS, *SERVERS)}
        sizes = [f"--{name.replace('_', '-')}={options[name]}" for name in self.sizes]
        program = [sys.executable, "-m", "devkit", self.program, "--inside", *sizes]
        done = subprocess.run(program, cwd=settings.BASE_DIR, env=inherited | own, check=False)
        if done.returncode:
            raise CommandError("模拟没有通过，原因见上。")

    def _run(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        if Case.objects.exists():
            raise CommandError("当前数据库里已有案件；模拟只能在空库里进行。")
        plan = Plan(cases=options["cases"], days=options["days"], kill_every=options["kill_every"], say=self._say)
        report = simulate(plan)
        self.stdout.write(f"{report.counts}，杀进程 {report.kills} 次，用时 {report.seconds:.0f} 秒")
        for fault in report.broken:
            self.stderr.write(fault)
        if report.broken:
            raise CommandError(f"{len(report.broken)} 项核对不符。")
        self.stdout.write("全部核对相符。")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
