"""Make the demo county: tables, places, organisations, one account for each role, cases."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from devkit.commands import run
from devkit.demo.county import make_accounts, make_found, make_organisations, make_rosters, make_territories
from devkit.demo.county.people import CENTRE, Account
from devkit.demo.documents import make_documents
from devkit.demo.mediations import make_bodies, make_mediations
from early_warning.queries import has_warnings
from intake.tasks import sweep_clocks
from mediation.tasks import sweep_obligations
from referrals.tasks import run_escalation
from zhongzhi.notices.actions import deliver_due


def go_round() -> None:
    """What the clock's programs do at a moment: time limits, escalation, and notices that are due."""
    sweep_clocks()
    run_escalation()
    deliver_all()


def look_at_dates() -> None:
    """What they do about agreements: dates that come near or are over, and what there is to tell."""
    sweep_obligations()
    deliver_all()


def deliver_all() -> None:
    """Everything that may be told at this moment."""
    while deliver_due(timezone.now()):
        pass


class Command(BaseCommand):
    help = "生成演示旗县（可重复执行：已有的不动，只补缺少的；新账号的密码只显示这一次）"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_tables", stdout=self.stdout)
        places = make_territories(settings.BASE_DIR / "data" / "towns.csv")
        self.stdout.write(f"区划：新增 {places} 个")
        self.stdout.write(f"机构：新增 {make_organisations()} 个")
        self.stdout.write(f"名册：新增 {make_rosters()} 条任职")
        accounts = make_accounts()
        self.stdout.write(f"排查、走访、值班：新增 {make_found()} 条")
        self.stdout.write(f"调解组织：新增 {make_bodies()} 个")
        run("load_demo_cases", stdout=self.stdout)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # within the transaction nobody else counts the new rows for the planner
        self.stdout.write(f"公文：新增 {make_documents(go_round)} 份")
        self.stdout.write(f"调解：新增 {make_mediations(look_at_dates)} 件")
        if not has_warnings():
            call_command("raise_warnings", days=60, stdout=self.stdout)
            deliver_all()
        self._show(accounts)
        call_command("open_public_reporting", centre=CENTRE, stdout=self.stdout)

    def _show(self, accounts: list[Account]) -> None:
        if not accounts:
            self.stdout.write("账号：均已存在")
            return
        self.stdout.write("账号（密码只显示这一次，请记下）：")
        for account in accounts:
            self.stdout.write(f"  {account.username:<16}{account.password:<20}{account.name}  {account.post}")
