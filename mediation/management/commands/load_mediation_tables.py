"""Load what every installation needs to mediate: the forms of the file, team templates, reminders."""

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from mediation.models import FileRule, ReminderRule, Team

REMINDERS = {
    ReminderRule.Of.PERFORMANCE: (7, 1),
    ReminderRule.Of.CONFIRMATION: (10, 3, 1),
}


class Command(BaseCommand):
    help = "导入卷宗文书规则、联动调解模式和提醒规则（可重复执行；已有的不改动）"

    def handle(self, *args: Any, **options: Any) -> None:
        FileRule.objects.bulk_create([FileRule(**row) for row in _rows("mediation_file.csv")], ignore_conflicts=True)
        teams = [Team(**{**row, "members": row["members"].split("|")}) for row in _rows("mediation_teams.csv")]
        Team.objects.bulk_create(teams, ignore_conflicts=True)
        rules = [ReminderRule(of=of, days_before=days) for of, all_days in REMINDERS.items() for days in all_days]
        ReminderRule.objects.bulk_create(rules, ignore_conflicts=True)
        self.stdout.write(f"卷宗文书 {FileRule.objects.count()} 种，联动模式 {Team.objects.count()} 种")


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (settings.BASE_DIR / "data" / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
