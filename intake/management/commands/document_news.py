"""Write the page of the documentation that says who hears of what happens to a case."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from intake.extension_points import direct_notices
from intake.notifications import NEWS, Hearer

HEAD = """\
# 谁会收到消息 Who hears of what happens

Written by `python manage.py document_news` from the table in `intake/notifications.py`; a test compares the two,
another does each thing and looks who was told. Change the table, not this page.

One function, `announce`, asks the table. Nobody is told of the own act; nobody is told of a case that complains of
them, or that is restricted to others; who registered a case is told as long as they see it. Of what the window
settled itself (快速处置) those who sort hear only where it says so. Applicants follow their case by the query code of
the receipt; what became of it, and of a session, they hear by text message.
"""
ALONE = """
## 只告知被请办的、等答复的人 Told to those alone who are asked, or answered

Each app names what it tells beside the table (`intake.extension_points.direct_notices`); a test looks for every message
in the code that stands in neither.
"""


class Command(BaseCommand):
    help = "由消息表生成说明文档 docs/who-hears.md"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write it."""
        path = settings.BASE_DIR / "docs" / "who-hears.md"
        parser.add_argument("--file", type=Path, default=path, help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        options["file"].write_text(news_page(), encoding="utf-8")
        self.stdout.write(f"已写入 {options['file']}。")


def news_page() -> str:
    """The whole page."""
    lines = [HEAD, f"| 事项 | {' | '.join(Hearer.labels)} | 快速处置也告知 |", f"|---|{':-:|' * (len(Hearer) + 1)}"]
    for news in NEWS.values():
        marks = ["●" if hearer in news.hearers else "" for hearer in Hearer]
        lines.append(f"| {news.label} | {' | '.join(marks)} | {'●' if news.on_fast_track else ''} |")
    lines += [ALONE, "| 事项 | 谁 |", "|---|---|", *(f"| {told.label} | {told.who} |" for told in direct_notices)]
    return "\n".join([*lines, ""])
