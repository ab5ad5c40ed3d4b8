"""What the rules would have done in the past: how many a week, how many right, how much foreseen, how early."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from early_warning.actions import backtest_rule
from early_warning.detection import OF_CASES
from early_warning.models import BacktestRun, WarningRule
from early_warning.queries import rules_in_force


class Command(BaseCommand):
    help = "用过去的案件回测预警规则：每周几条、查准率、查全率、提前天数"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which rule, in which form, over how long."""
        parser.add_argument("--rule", default="", help="规则代号，如 same-sides；不写为全部")
        parser.add_argument("--days", type=int, default=730, help="回测多少天，默认 730")
        parser.add_argument("--window", type=int, default=0, help="试用的时段（天）")
        parser.add_argument("--threshold", type=int, default=0, help="试用的件数")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run them one after the other, and print the table."""
        today = timezone.localdate()
        rules = [rule for rule in rules_in_force(today) if rule.kind in OF_CASES]
        rules = [rule for rule in rules if options["rule"] in ("", rule.slug)]
        if not rules:
            raise CommandError(f"没有代号为 {options['rule']} 的规则。")
        self.stdout.write("规则\t时段\t件数\t每周\t预警\t查准率\t查全率\t提前天数")
        for rule in rules:
            self._form(rule, options)
            self.stdout.write(_line(backtest_rule(rule, today - timedelta(days=options["days"]), today)))

    def _form(self, rule: WarningRule, options: dict[str, Any]) -> None:
        rule.window_days = options["window"] or rule.window_days
        rule.threshold = options["threshold"] or rule.threshold


def _line(run: BacktestRun) -> str:
    shares = ["-" if share is None else f"{share:.2f}" for share in (run.precision, run.recall)]
    lead = "-" if run.lead_days is None else run.lead_days
    return "\t".join(
        map(str, (run.slug, run.window_days, run.threshold, f"{run.a_week:.1f}", run.raised, *shares, lead))
    )
