"""Load the tables that every installation needs; safe to run again, at first start and after every upgrade."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

TABLES = (
    "load_categories",
    "load_clock_rules",
    "load_citizen_texts",
    "load_calendar",
    "load_measures",
    "load_mediation_tables",
    "load_document_kinds",
    "load_warning_rules",
    "load_knowledge",
)


class Command(BaseCommand):
    help = "载入系统运行所需的各种代码表和规则表（可重复执行）"

    def handle(self, *args: Any, **options: Any) -> None:
        for command in TABLES:
            call_command(command, stdout=self.stdout, verbosity=options["verbosity"])
