"""Load the national dispute categories and the county's own from `data/dispute_categories.csv`."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from intake.models import Category


class Command(BaseCommand):
    help = "导入纠纷类别表（可重复执行；表中没有的国家类别停用，不删除；本地增设的和已停用的不动）"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with (settings.BASE_DIR / "data" / "dispute_categories.csv").open(encoding="utf-8") as file:
            rows = [_category(row) for row in csv.DictReader(file)]
        Category.objects.bulk_create(
            sorted(rows, key=lambda c: len(c.code)),
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=FIELDS,
        )
        gone = Category.objects.filter(is_active=True, is_local=False).exclude(pk__in=[c.code for c in rows])
        ended = gone.update(is_active=False)
        self.stdout.write(f"纠纷类别 {len(rows)} 条，停用 {ended} 条")


FIELDS = ["name", "parent", "is_local", "people_mediable", "stat_code", "default_lead"]


def _category(row: dict[str, str]) -> Category:
    return Category(
        code=row["code"],
        name=row["name"],
        parent_id=row["parent"] or None,
        is_local=row["origin"] == "local",
        people_mediable=row["people_mediable"] == "Y",
        stat_code=row["mediation_stat_code"],
        default_lead=row["default_lead_dept"],
    )
