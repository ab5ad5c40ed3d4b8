"""Write the page of the documentation that says what each role may do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from grids.models import Role
from grids.roles import AREAS, CAPABILITIES, Capability

HEAD = """\
# 岗位权限 What each role may do

Written by `python manage.py document_roles` from the table in `grids/roles.py`; a test compares the two. Change the
table, not this page.

- A role (岗位) is held through a posting (任职): somewhere, for a period. A capability counts where its holder is
  posted: at that organisation, or below its place. Where exactly, and what else must hold, is said by the
  permissions of each app (`permissions.py`).
- The three administrators (三员分立: 系统管理员, 安全管理员, 审计员) are different people and hold no business post
  beside; the database refuses anything else.
- Grid workers see what lies in their own grids by their posting and services (`grids/scope.py`), not by a capability.
- An outside system (接口应用) needs, beside its posting, the scope of the part of the API that it calls; to handle
  cases, answer documents and mediate for its organisation it has only with the scope for it (`OPENED_BY_SCOPE`).
"""


class Command(BaseCommand):
    help = "由岗位权限表生成说明文档 docs/roles.md"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write it."""
        parser.add_argument("--file", type=Path, default=settings.BASE_DIR / "docs" / "roles.md", help="写到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        options["file"].write_text(roles_page(), encoding="utf-8")
        self.stdout.write(f"已写入 {options['file']}。")


def roles_page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_roles(), *(line for area in AREAS for line in _area(area)), ""])


def _roles() -> Iterator[str]:
    yield "## 岗位 Roles\n"
    yield "| 岗位 | Role | 权限项 |"
    yield "|---|---|---|"
    for role, held in CAPABILITIES.items():
        yield f"| {role.label} | {_english(role)} | {len(held)} |"


def _area(area: str) -> Iterator[str]:
    yield f"\n## {AREAS[area]} {area.capitalize()}\n"
    yield f"| 权限 | Capability | {' | '.join(Role.labels)} |"
    yield f"|---|---|{':-:|' * len(Role)}"
    for capability in Capability:
        if capability.area == area:
            marks = ["●" if capability in CAPABILITIES[role] else "" for role in Role]
            yield f"| {capability.label} | {_english(capability)} | {' | '.join(marks)} |"


def _english(name: Role | Capability) -> str:
    """`mediation:keep-teams` reads keep teams."""
    return name.value.rpartition(":")[2].replace("-", " ").replace("_", " ")
