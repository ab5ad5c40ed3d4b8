"""Load a preset of document kinds and the escalation rules; what is in force already is left as it is."""

import csv
import tomllib
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from referrals.documents import check_templates
from referrals.models import DocumentKind, EscalationRule

FIRST_DAY = date(2020, 1, 1)


class Command(BaseCommand):
    help = "载入文种预设与督办规则（可重复执行；已有文种时须用 --from 指定新方案的启用日期）"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--preset", default="", help="standard（默认）、transfer、feedback")
        parser.add_argument("--from", dest="starts_on", type=date.fromisoformat, help="启用日期，如 2027-01-01")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self._load_rules()
        if not DocumentKind.objects.exists():
            self._load(options["preset"] or "standard", options["starts_on"] or FIRST_DAY)
        elif options["preset"]:
            self._change_over(options["preset"], options["starts_on"])
        self.stdout.write(f"文种 {DocumentKind.objects.count()} 个，督办规则 {EscalationRule.objects.count()} 条")

    def _load(self, preset: str, starts_on: date) -> None:
        rows = kinds_of_preset(preset)
        for row in rows:
            check_templates(row["subject_template"], row["body_template"])
        DocumentKind.objects.bulk_create(DocumentKind(**row, preset=preset, starts_on=starts_on) for row in rows)

    def _change_over(self, preset: str, starts_on: date | None) -> None:
        """End what is in force on the day the new preset begins; running documents keep their kind."""
        if starts_on is None or starts_on <= timezone.localdate():
            raise CommandError("已有文种在用：请用 --from 指定今天以后的启用日期。")
        running = DocumentKind.objects.filter(ends_on__isnull=True)
        running.filter(starts_on__gte=starts_on).delete()
        running.update(ends_on=starts_on)
        self._load(preset, starts_on)

    def _load_rules(self) -> None:
        with (settings.BASE_DIR / "data" / "escalation_rules.csv").open(encoding="utf-8") as file:
            rules = [EscalationRule(**row) for row in csv.DictReader(file)]
        EscalationRule.objects.bulk_create(rules, ignore_conflicts=True)


def kinds_of_preset(name: str) -> list[dict[str, Any]]:
    """The kinds of a preset as columns; `copy` takes another preset's kind and changes what is named."""
    presets = tomllib.loads((settings.BASE_DIR / "data" / "document_kinds.toml").read_text(encoding="utf-8"))["presets"]
    if name not in presets:
        raise CommandError(f"没有名为 {name} 的预设；可用：{'、'.join(presets)}。")
    found = []
    for row in presets[name]["kinds"]:
        source: dict[str, Any] = {}
        if "copy" in row:
            preset, code = row["copy"].split(".")
            source = next(kind for kind in presets[preset]["kinds"] if kind.get("code") == code)
        found.append({**source, **{key: value for key, value in row.items() if key != "copy"}})
    return found
