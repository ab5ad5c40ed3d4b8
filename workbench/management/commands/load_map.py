"""Load the outlines of places from a GeoJSON file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workbench.actions import load_shapes
from zhongzhi.core.errors import RuleViolation


class Command(BaseCommand):
    help = "导入区划边界（GeoJSON，属性 code/adcode 为区划代码，坐标为经度、纬度）；导入后态势页用地图显示"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = load_shapes(json.loads(options["file"].read_text(encoding="utf-8-sig")))
        except (OSError, ValueError, RuleViolation) as error:
            raise CommandError(f"没有导入：{error}") from error
        self.stdout.write(f"已导入 {made} 个区划的边界")
