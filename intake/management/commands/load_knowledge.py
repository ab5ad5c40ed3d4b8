"""Load the shipped pieces of knowledge into a base that is empty; what the county keeps is left as it is."""

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from intake.models import Knowledge, KnowledgeKind


class Command(BaseCommand):
    help = "导入随系统提供的知识（知识库为空时；可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = {str(one.label): one.value for one in KnowledgeKind}
        if not Knowledge.objects.exists():
            with (settings.BASE_DIR / "data" / "knowledge.csv").open(encoding="utf-8") as file:
                Knowledge.objects.bulk_create(_piece(row, kinds) for row in csv.DictReader(file))
        self.stdout.write(f"知识 {Knowledge.objects.count()} 条")


def _piece(row: dict[str, str], kinds: dict[str, str]) -> Knowledge:
    return Knowledge(
        kind=kinds[row["种类"]], title=row["标题"], text=row["内容"], source=row["来源"], dated_on=row["日期"],
        categories=row["纠纷类别"],
    )  # fmt: skip
