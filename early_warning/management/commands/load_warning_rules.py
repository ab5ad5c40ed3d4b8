"""Load the shipped rules and words of danger; what is there already is left as it is."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from early_warning.models import DangerWord, WarningRule

SHIPPED_ON = "2020-01-01"


class Command(BaseCommand):
    help = "导入默认预警规则和危险言辞（可重复执行；已有的不改动）"

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(WarningRule.objects.values_list("slug", flat=True))
        rules = [WarningRule(**row) for row in self._rows("warning_rules.csv") if row["slug"] not in known]
        WarningRule.objects.bulk_create(rules)
        if not DangerWord.objects.exists():
            DangerWord.objects.bulk_create(
                DangerWord(**row, starts_on=SHIPPED_ON) for row in self._rows("danger_words.csv")
            )
        self.stdout.write(f"预警规则 {WarningRule.objects.count()} 条，危险言辞 {DangerWord.objects.count()} 个")

    def _rows(self, name: str) -> list[dict[str, str]]:
        with (settings.BASE_DIR / "data" / name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))
