"""Load the shipped time limits from `data/clock_rules.csv`; rules that exist are left as they are."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from intake.deadlines.models import ClockRule, OfficeHoursRow


class Command(BaseCommand):
    help = "导入默认时限规则与办公时间（可重复执行；已有的规则不改动）"

    def handle(self, *args: Any, **options: Any) -> None:
        with (settings.BASE_DIR / "data" / "clock_rules.csv").open(encoding="utf-8") as file:
            rules = [ClockRule(**row) for row in csv.DictReader(file)]
        ClockRule.objects.bulk_create(rules, ignore_conflicts=True)
        OfficeHoursRow.objects.get_or_create(
            starts_on="2020-01-01", defaults={"periods": ["08:30-12:00", "14:30-17:30"]}
        )
        self.stdout.write(f"时限规则 {ClockRule.objects.count()} 条")
