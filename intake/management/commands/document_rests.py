"""Write the page of the documentation that says what becomes of what hangs on a case that comes to rest."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from intake.extension_points import Effect, Hanging, Way, hangings

HEAD = """\
# 案件停下来时 What comes to rest takes everything with it

Written by `python manage.py document_rests` from what the apps add to `intake.extension_points.hangings`; a test
compares the two, another walks every cell. Change the table, not this page.

A case comes to rest, or changes hands, in one of the ways below. Whatever hangs on it follows in the same
transaction: it ends (结束), goes on with another piece of work (移交), rests until the case goes on (停下), stays as it
is (照旧), or has to be done first (先办完): then the act is refused and says what is left. A dash: there is none by
then. What is merged, suspended or taken back goes on by `take_up_again`.

What must hold of every case at every time is told by the statements below the table; the random walk, the demo and the
simulation ask them all (`intake.queries.at_rest.broken_rests`).
"""


class Command(BaseCommand):
    help = "由登记表生成说明文档 docs/coming-to-rest.md"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write it."""
        path = settings.BASE_DIR / "docs" / "coming-to-rest.md"
        parser.add_argument("--file", type=Path, default=path, help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        options["file"].write_text(rests_page(), encoding="utf-8")
        self.stdout.write(f"已写入 {options['file']}。")


def rests_page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_table(), *_words(), *_invariants(), ""])


def _table() -> Iterator[str]:
    yield f"| 挂在案件上的 | {' | '.join(way.label for way in Way)} |"
    yield f"|---|{'---|' * len(Way)}"
    for kind in hangings:
        yield f"| {kind.title} | {' | '.join(kind.effect(way).label for way in Way)} |"


def _words() -> Iterator[str]:
    yield "\n## 怎样办 In words\n"
    for kind in hangings:
        said = "；".join(f"{ways}：{words}" for words, ways in _by_words(kind).items())
        if said:
            yield f"- **{kind.title}** {said}。"


def _by_words(kind: Hanging) -> dict[str, str]:
    """Ways with the same words together."""
    found: dict[str, list[str]] = {}
    for way in Way:
        effect, words = kind.cells[way]
        if words and effect != Effect.NONE:
            found.setdefault(words, []).append(way.label)
    return {words: "任何情形" if len(ways) == len(Way) else "、".join(ways) for words, ways in found.items()}


def _invariants() -> Iterator[str]:
    yield "\n## 任何时候都成立 Always true\n"
    for kind in hangings:
        for name in kind.invariants:
            yield f"- {name} ({kind.name})"
