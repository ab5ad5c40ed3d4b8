"""Load the shipped words of text messages to applicants; those that are there are left as they are."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from intake.public.models import CitizenText


class Command(BaseCommand):
    help = "导入发给申请人的短信内容（可重复执行；已有的不改动，内容留空的不发）"

    def handle(self, *args: Any, **options: Any) -> None:
        with (settings.BASE_DIR / "data" / "citizen_texts.csv").open(encoding="utf-8") as file:
            known = set(CitizenText.objects.values_list("event", flat=True))
            rows = [CitizenText(**row) for row in csv.DictReader(file) if row["event"] not in known]
        CitizenText.objects.bulk_create(rows, ignore_conflicts=True)
        self.stdout.write(f"群众短信 {CitizenText.objects.count()} 条")
